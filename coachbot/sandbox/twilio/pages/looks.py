"""How /sandbox/phone looks."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from coachbot.sandbox.twilio.memory import Account, Message
from coachbot.sandbox.twilio.webhooks.telling import Told

KINDS = {
    "text": "Without a text",
    "audio": "Voice note",
    "image": "Picture",
    "contacts": "Contact",
    "location": "Location",
}
STYLE = """
:root { color-scheme: light dark; --line: light-dark(#d5d9de, #3a4048);
  --paper: light-dark(#fff, #15181c); --back: light-dark(#eef1f4, #0d0f12);
  --ours: light-dark(#fff, #23282e); --theirs: light-dark(#d7f5dc, #12402a);
  --quiet: light-dark(#586069, #9aa4af); }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; background: var(--paper); }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; padding: 0; }
nav a { display: block; padding: .25rem .75rem; border: 1px solid var(--line);
  border-radius: 1rem; text-decoration: none; }
nav a[aria-current] { background: var(--theirs); color: inherit; }
.talk { background: var(--back); border: 1px solid var(--line); border-radius: .75rem;
  padding: 1rem; margin: 0; list-style: none; display: grid; gap: .5rem; }
.talk li { max-width: 80%; padding: .5rem .75rem; border-radius: .75rem; background: var(--ours);
  overflow-wrap: anywhere; white-space: pre-wrap; justify-self: start; }
.talk li.lead { background: var(--theirs); justify-self: end; }
.talk small, .quiet { display: block; color: var(--quiet); font-size: .8rem; }
.failed { color: light-dark(#a11, #f99); }
textarea, input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; }
button { font: inherit; padding: .4rem .8rem; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; margin: .5rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem;
  border-top: 1px solid var(--line); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .25rem 0; }
[role=status] { border-left: .25rem solid var(--quiet); padding-left: .75rem; }
"""
# Shows what came meanwhile; without it the page is reloaded by hand.
SCRIPT = """
const parts = ["conversations", "talk", "webhooks"];
setInterval(async () => {
  if (document.hidden || document.querySelector("details[open]")) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer || !answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of parts) {
    const old = document.getElementById(id), next = fresh.getElementById(id);
    if (old && next && old.innerHTML !== next.innerHTML) old.innerHTML = next.innerHTML;
  }
}, 1500);
"""
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sandbox: the lead's phone</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>{style}</style></head>
<body><main><h1>The lead's phone</h1>
<p>The sandbox stands in for Twilio and WhatsApp: here you read what a lead was sent, and write as
the lead.</p>
{said}{main}</main><script>{script}</script></body></html>
"""
TALK = """<nav id="conversations" aria-label="Conversations"><ul>{others}</ul></nav>
<h2>{lead}</h2><div id="talk"><ol class="talk">{bubbles}</ol><p class="quiet">{window}</p></div>
<form method="post"><input type="hidden" name="account" value="{account}">
<input type="hidden" name="lead" value="{lead}">
<p><label>Write as the lead <textarea name="body" rows="2"></textarea></label></p>
<p class="row"><button name="deed" value="write">Send</button> {buttons}</p></form>
<p class="quiet">{mode}</p>"""
NEW = """<h2>Another lead writes first</h2>
<form method="post"><input type="hidden" name="account" value="{account}">
<p><label>Its number <input name="lead" placeholder="+447700900110" required></label></p>
<p><label>What it writes <input name="body" required></label></p>
<p><button name="deed" value="write">Send</button></p></form>"""
CONSOLE = """<h2>Set up, as in Twilio's console</h2>
<form method="post"><input type="hidden" name="deed" value="set_up">
<p><label>Account SID <input name="account" value="{sid}" placeholder="AC..." required></label></p>
<p><label>Auth token, as entered in Coachbot{known}
<input name="token" autocomplete="off"></label></p>
<p><label>Sender to add <input name="sender" placeholder="+15551234567"></label></p>
<p><label>Address for incoming messages <input name="inbound_url" value="{url}"></label></p>
<p><button>Save</button></p></form>{senders}"""
WEBHOOKS = """<h2>Webhooks</h2><div id="webhooks"><table>
<thead><tr><th>at</th><th>what</th><th>answer</th></tr></thead><tbody>{rows}</tbody></table></div>"""


@dataclass(frozen=True)
class View:
    """What a page shows of one account and one of its leads, "" where it has none."""

    account: Account
    lead: str
    others: Sequence[str]
    messages: Sequence[Message]
    window_until: datetime | None
    is_open: bool
    is_by_hand: bool
    webhooks: Sequence[Told]
    said: str


def start(accounts: Sequence[Account], said: str) -> str:
    """The page before an account is chosen."""
    links = "".join(
        f'<li><a href="?account={html.escape(one.sid)}">{html.escape(one.sid)}</a></li>'
        for one in accounts
    )
    chosen = f'<nav aria-label="Accounts"><ul>{links}</ul></nav>' if links else ""
    none = "" if links else "<p>Nobody has sent anything yet.</p>"
    console = CONSOLE.format(sid="", known="", url="", senders="")
    return _page(f"{chosen}{none}{console}", said)


def page(view: View, buttons: Mapping[str, str]) -> str:
    """The page of an account, with the talk of one lead."""
    sid = html.escape(view.account.sid)
    talk = _talk(view, buttons) if view.lead else "<p>Nobody was written to yet.</p>"
    told = WEBHOOKS.format(rows="".join(map(_webhook, view.webhooks))) if view.lead else ""
    account = view.account
    senders = ", ".join(
        account.settings.senders or filter(None, {account.own_sender, account.sender})
    )
    console = CONSOLE.format(
        sid=sid,
        known=" (one is known)" if account.token else "",
        url=html.escape(account.inbound_url),
        senders=f'<p class="quiet">Senders: {html.escape(senders.replace("whatsapp:", ""))}</p>',
    )
    return _page(f"{talk}{told}{NEW.format(account=sid)}{console}", view.said)


def _page(main: str, said: str) -> str:
    told = f'<p role="status">{html.escape(said)}</p>' if said else ""
    return PAGE.format(style=STYLE, script=SCRIPT, said=told, main=main)


def _talk(view: View, buttons: Mapping[str, str]) -> str:
    sid, lead = html.escape(view.account.sid), html.escape(_number(view.lead))
    others = "".join(
        f'<li><a href="?account={sid}&amp;lead={html.escape(_number(one).replace("+", "%2B"))}"'
        f"{' aria-current=page' if one == view.lead else ''}>{html.escape(_number(one))}</a></li>"
        for one in view.others
    )
    shown = {name: words for name, words in buttons.items() if name != "alone" or view.is_by_hand}
    return TALK.format(
        account=sid,
        lead=lead,
        others=others,
        bubbles="".join(map(_bubble, view.messages)) or "<li>Nothing yet.</li>",
        window=_window(view),
        buttons=" ".join(
            f'<button name="deed" value="{name}">{words}</button>' for name, words in shown.items()
        ),
        mode="You write for this lead."
        if view.is_by_hand
        else "This lead may answer by itself, until you write for it.",
    )


def _window(view: View) -> str:
    if view.window_until is None:
        return "The lead never wrote: only an approved template reaches it."
    until = f"{view.window_until:%d %B %H:%M} UTC"
    if view.is_open:
        return f"Free text reaches the lead until {until}."
    return f"Free text reached the lead until {until}; now only an approved template does."


def _bubble(message: Message) -> str:
    words = html.escape(message.body) or f"<i>{html.escape(_kind(message))}</i>"
    if message.body and message.num_media:
        words = f"<i>{html.escape(_kind(message))}</i> {words}"
    template = "template, " if message.content_sid else ""
    state = f"{template}{message.status}"
    failed = (
        f' <span class="failed">{message.error_code}: {html.escape(message.error or "")}</span>'
    )
    note = f"{message.created:%H:%M:%S} {html.escape(state)}{failed if message.error_code else ''}"
    name = "lead" if message.is_inbound else "business"
    return f'<li class="{name}">{words}<small>{note}</small></li>'


def _kind(message: Message) -> str:
    kind = message.fields.get("MessageType", "")
    return KINDS.get(kind, kind or "Without a text")


def _webhook(told: Told) -> str:
    status = told.fields.get("MessageStatus")
    what = f"status: {status}" if status else f"inbound: {told.fields.get('MessageType', '')}"
    fields = "\n".join(f"{name}={value}" for name, value in told.fields.items())
    return (
        f"<tr><td>{told.at:%H:%M:%S}</td><td><details><summary>{html.escape(what)}</summary>"
        f"<pre>POST {html.escape(told.url)}\n{html.escape(fields)}</pre></details></td>"
        f"<td>{told.status or 'none'}</td></tr>"
    )


def _number(address: str) -> str:
    return address.removeprefix("whatsapp:")
