"""Vapi's messages to us, put into words of our own: verify() and parse_event().

Only `type`, `status` and the fields of the message itself are believed: `message.call` is
a snapshot from the call's creation. Every field is optional on the wire, so each is read
defensively; what Coachbot does not use is dropped here. See docs/providers/vapi.md, section 6.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from coachbot.db.storable import storable
from coachbot.providers.reading import amount, fields, items, moment, text
from coachbot.providers.vapi.inbound import INBOUND, Ring, read_ring
from coachbot.providers.vapi.tool_calls import ToolRequest, tool_requests
from coachbot.providers.vapi.turns import Turn, read_turns, said

BEARER = re.compile(r"Bearer +(\S+)", re.IGNORECASE)
LOOK_UP = "GET /call/{id}"
LONGEST_WORD = 80
LONGEST_REASON = 160
LONGEST_TRANSCRIPT = 200_000
LONGEST_SUMMARY = 20_000
HIGHEST_COST = Decimal(10_000)
# `forwarding` is still a live call; the line was picked up before.
PICKED_UP = ("in-progress", "forwarding")
# recording.mono.combinedUrl
DEEPEST_LINK = 3
RECORDINGS = (
    *("recordingUrl", "stereoRecordingUrl", "recording"),
    *("presignedMonoUrl", "presignedStereoUrl"),
)


class NotAMessage(ValueError):
    """A body is none of Vapi's messages; `str()` says what is missing."""


@dataclass(frozen=True)
class Ids:
    """Which call a message is about: Vapi's id of it, and ours where it came back.

    ring: who rang; None for a call of ours.
    """

    call_id: str
    attempt_id: str
    ring: Ring | None = None


@dataclass(frozen=True)
class CallNews:
    """What a message, or a look at Vapi, says about the course of a call.

    kind: which message said it. status: Vapi's word. The moments are aware; None and ""
    mean that nothing is said. has_spoken: whether the person said anything. cost: in US dollars.
    """

    ids: Ids
    kind: str
    status: str = ""
    picked_up_at: datetime | None = None
    hung_up_at: datetime | None = None
    hung_up_reason: str = ""
    reported_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    ended_reason: str = ""
    transcript: str = ""
    summary: str = ""
    has_recording: bool = False
    has_spoken: bool | None = None
    turns: tuple[Turn, ...] = ()
    cost: Decimal | None = None


@dataclass(frozen=True)
class ToolCalls:
    """The assistant asks for something to be done. at: when it asked.

    is_legacy: asked as `function-call`, which takes one bare result for an answer.
    """

    ids: Ids
    requests: tuple[ToolRequest, ...]
    at: datetime
    is_legacy: bool


@dataclass(frozen=True)
class AssistantRequest:
    """Somebody rings, and Vapi asks who answers. Its ids have a ring."""

    ids: Ids


@dataclass(frozen=True)
class DestinationRequest:
    """The agent wants to pass the call on, and Vapi asks to whom."""

    ids: Ids


@dataclass(frozen=True)
class Other:
    """A message that changes nothing here. type: Vapi's word."""

    ids: Ids
    type: str


Event = CallNews | ToolCalls | AssistantRequest | DestinationRequest | Other


def verify(headers: Mapping[str, str], secret: str) -> bool:
    """Tell, in constant time, whether a request carries the secret.

    In Authorization, or in Vapi's older X-Vapi-Secret; in both as a bearer token or bare, as
    people paste it.
    """
    sent = (headers.get(name, "").strip() for name in ("Authorization", "X-Vapi-Secret"))
    bare = (bearer[1] if (bearer := BEARER.fullmatch(word)) else word for word in sent)
    # All of them are compared, so that the time tells nothing.
    matches = [hmac.compare_digest(b.encode("utf-8", "replace"), secret.encode()) for b in bare]
    return any(matches)


def parse_event(body: Any, *, received_at: datetime) -> Event:
    """Return a decoded body as an event; a type that nobody knows is Other.

    received_at: stands in where a message carries no time. Raises NotAMessage.
    """
    message = body.get("message") if isinstance(body, dict) else None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise NotAMessage("Expected Vapi's message: an object `message` with a string `type`.")
    ids = _ids(message)
    at = moment(message.get("timestamp")) or received_at
    match message["type"]:
        case "status-update":
            return _status_update(message, ids, at)
        case "end-of-call-report":
            return _report(message, ids, at, kind="end-of-call-report")
        case "tool-calls" | "function-call" as kind:
            is_legacy = kind == "function-call"
            return ToolCalls(ids, tool_requests(message), at, is_legacy)
        case "assistant-request":
            return AssistantRequest(replace(ids, ring=read_ring(message)))
        case "transfer-destination-request":
            return DestinationRequest(ids)
    return Other(ids, storable(message["type"])[:LONGEST_WORD])


def parse_call(call: Mapping[str, Any], *, received_at: datetime) -> CallNews:
    """Return what GET /call/{id} answered as news. Only an explicit `ended` ends a call."""
    ids = Ids(text(call.get("id")), "")
    status = text(call.get("status"))
    if status == "ended":
        return _report(call, ids, received_at, kind=LOOK_UP)
    started_at = moment(call.get("startedAt"))
    picked_up_at = (started_at or received_at) if status in PICKED_UP else None
    return CallNews(ids, LOOK_UP, status, picked_up_at=picked_up_at)


def _ids(message: Mapping[str, Any]) -> Ids:
    call, assistant = fields(message.get("call")), fields(message.get("assistant"))
    overrides = fields(call.get("assistantOverrides"))
    candidates = (
        fields(overrides.get("metadata")).get("attemptId"),
        fields(assistant.get("metadata")).get("attemptId"),
        fields(message.get("customer")).get("externalId"),
        fields(call.get("customer")).get("externalId"),
    )
    attempt_id = next((text(found) for found in candidates if text(found)), "")
    ring = read_ring(message) if call.get("type") == INBOUND else None
    return Ids(text(call.get("id")), attempt_id, ring)


def _status_update(message: Mapping[str, Any], ids: Ids, at: datetime) -> CallNews:
    kind, status = "status-update", text(message.get("status"))[:LONGEST_WORD]
    if status == "ended":
        reason = text(message.get("endedReason"))[:LONGEST_REASON]
        return CallNews(ids, kind, status, hung_up_at=at, hung_up_reason=reason)
    return CallNews(ids, kind, status, picked_up_at=at if status in PICKED_UP else None)


def _report(report: Mapping[str, Any], ids: Ids, at: datetime, *, kind: str) -> CallNews:
    """Read an end-of-call-report, or an ended Call: both hold the same, some of it twice."""
    artifact, analysis = fields(report.get("artifact")), fields(report.get("analysis"))
    transcript = _transcript(artifact.get("transcript")) or _transcript(report.get("transcript"))
    messages = artifact.get("messages") or report.get("messages")
    return CallNews(
        ids,
        kind,
        "ended",
        reported_at=at,
        started_at=moment(report.get("startedAt")),
        ended_at=moment(report.get("endedAt")),
        ended_reason=text(report.get("endedReason"))[:LONGEST_REASON],
        transcript=transcript[:LONGEST_TRANSCRIPT],
        summary=(text(analysis.get("summary")) or text(report.get("summary")))[:LONGEST_SUMMARY],
        has_recording=any(
            _is_url(part.get(name)) for part in (artifact, report) for name in RECORDINGS
        ),
        has_spoken=_has_spoken(messages, transcript),
        turns=read_turns(messages),
        cost=amount(report.get("cost"), below=HIGHEST_COST),
    )


# A turn of the person's: on a line of its own, or in the midst of a transcript of one line.
USER_TURN = re.compile(r"(?:^|[.!?]\s+)(?:User|Customer):[^\S\n]*\S", re.MULTILINE)


def _has_spoken(turns: Any, transcript: str) -> bool | None:
    """Tell whether the person said anything; None where the report does not show it."""
    turns = [turn for turn in items(turns) if isinstance(turn, dict)]
    if any(turn.get("role") == "user" and said(turn) for turn in turns):
        return True
    if USER_TURN.search(transcript):
        return True
    return False if any(said(turn) for turn in turns) else None


def _transcript(value: Any) -> str:
    """Return a transcript as one text; one page of Vapi's docs shows a list of turns."""
    if not isinstance(value, list):
        return storable(value) if isinstance(value, str) and value.strip() else ""
    turns = [turn for turn in value if isinstance(turn, dict) and said(turn)]
    return "\n".join(f"{text(turn.get('role')) or 'unknown'}: {said(turn)}" for turn in turns)


def _is_url(value: Any, depth: int = DEEPEST_LINK) -> bool:
    """Tell whether a field, or an object of fields, holds a web address."""
    if isinstance(value, dict) and depth:
        return any(_is_url(inner, depth - 1) for inner in value.values())
    return isinstance(value, str) and value.startswith(("http://", "https://"))
