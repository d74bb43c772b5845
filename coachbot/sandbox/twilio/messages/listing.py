"""GET Messages.json: newest first, filtered, a page at a time; and one message."""

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from coachbot.sandbox.messages import Reply, Request, json_reply
from coachbot.sandbox.twilio import errors
from coachbot.sandbox.twilio.memory import VERSION, Account, Memory, Message

DEFAULT_PAGE, LARGEST_PAGE = 50, 1_000
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def list_messages(request: Request, account: Account, memory: Memory) -> Reply:
    """The account's messages that the list holds already, with the filters of the query."""
    query, now = request.query, memory.now()
    try:
        size = min(LARGEST_PAGE, max(1, int(query.get("PageSize", DEFAULT_PAGE))))
        page = int(query.get("Page", 0))
        found = [
            one for one in memory.of(account.sid) if one.shown_from <= now and _fits(one, query)
        ]
    except ValueError:
        return errors.refusal(20001, "Invalid value in the query")
    found.sort(key=lambda one: one.created, reverse=True)
    start = page * size
    shown = [one.shown() for one in found[start : start + size]]
    path = f"/{VERSION}/Accounts/{account.sid}/Messages.json"
    has_next = start + size < len(found)
    paging = {
        "first_page_uri": _uri(path, query, size, 0),
        "next_page_uri": _uri(path, query, size, page + 1) if has_next else None,
        "previous_page_uri": _uri(path, query, size, page - 1) if page else None,
        "uri": _uri(path, query, size, page),
        "page": page,
        "page_size": size,
        "start": start,
        "end": start + len(shown) - 1 if shown else 0,
    }
    return json_reply({"messages": shown, **paging})


def show_message(request: Request, account: Account, memory: Memory, sid: str) -> Reply:
    """One of them, from the moment that it was accepted on."""
    found = memory.find(account.sid, sid)
    return json_reply(found.shown()) if found else errors.missing(request.path)


def _fits(message: Message, query: Mapping[str, str]) -> bool:
    if query.get("To") and message.to != query["To"]:
        return False
    if query.get("From") and message.from_ != query["From"]:
        return False
    days = {name: query[name] for name in ("DateSent", "DateSent<", "DateSent>") if name in query}
    if not days:
        return True
    if message.sent is None:  # it has no such date yet
        return False
    sent = message.sent.date()
    return all(_compares(name, sent, date.fromisoformat(day[:10])) for name, day in days.items())


def _compares(name: str, sent: date, day: date) -> bool:
    if name == "DateSent":
        return sent == day
    return sent <= day if name.endswith("<") else sent >= day


def _uri(path: str, query: Mapping[str, str], size: int, page: int) -> str:
    kept = {name: value for name, value in query.items() if name not in ("Page", "PageToken")}
    token = {"PageToken": f"PASM{page:032x}"} if page else {}
    return f"{path}?{urlencode({**kept, 'PageSize': size, 'Page': page, **token})}"
