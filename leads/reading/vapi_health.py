"""How the connection to Vapi stands, in one line, by what is stored: Vapi is not asked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coachbot.providers.vapi.account import Part
from leads.contact import breaker, lines
from leads.reading.heard import last_report_at
from workspaces.connections import credentials
from workspaces.connections.judgement import NEVER_ASKED, Judgement
from workspaces.models import CredentialKind, Verdict, Workspace

NOT_ASKED, SILENT = "Not asked yet", "Vapi did not answer"


class State(StrEnum):
    """How a fact is to be taken."""

    GOOD = "good"
    CATCH = "catch"
    BAD = "bad"
    OPEN = "open"


@dataclass(frozen=True)
class Fact:
    """One part of the line. at: when it happened, in the place of words."""

    label: str
    state: State
    words: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Health:
    """The line. asked_at: when Vapi was asked of key, assistant and number; None: never.

    fault: what is wrong with the account, in sentences; "" where nothing is.
    """

    facts: list[Fact]
    asked_at: datetime | None
    fault: str


def health(workspace: Workspace) -> Health:
    """Return how the connection stands: five queries, each served by an index."""
    said = credentials.judgement_of(workspace.pk, CredentialKind.VAPI) or NEVER_ASKED
    heard_at = last_report_at(workspace)
    facts = [
        _key(said),
        _assistant(said),
        _number(said),
        Fact("Last event", State.GOOD, at=heard_at)
        if heard_at
        else Fact("Last event", State.OPEN, "None yet"),
        _lines(workspace),
        _faults(workspace),
    ]
    fault = breaker.explain(workspace.account_fault) if workspace.account_faults else ""
    return Health(facts, said.at, fault)


def _key(said: Judgement) -> Fact:
    if _fine(said).get(Part.KEY, True) is False:
        return Fact("Key", State.BAD, "Not accepted")
    return _unasked("Key", said) or Fact("Key", State.GOOD, "Accepted")


def _assistant(said: Judgement) -> Fact:
    fine = _fine(said)
    if fine.get(Part.ASSISTANT, True) is False and said.verdict == Verdict.REFUSED:
        return Fact("Assistant", State.BAD, "Not found")
    if known := _unasked("Assistant", said) or _unknown("Assistant", said):
        return known
    is_set_up = all(fine.get(part, True) for part in (Part.SERVER, Part.TOOLS))
    if not is_set_up:
        return Fact("Assistant", State.CATCH, "Not set up")
    return Fact("Assistant", State.GOOD, "Set up" if Part.TOOLS in fine else "Found")


def _number(said: Judgement) -> Fact:
    fine = _fine(said)
    number, inbound = fine.get(Part.NUMBER, True), fine.get(Part.INBOUND, True)
    if number is False and said.verdict == Verdict.REFUSED:
        return Fact("Number", State.BAD, "Cannot call")
    if known := _unasked("Number", said) or _unknown("Number", said):
        return known
    if number is None:
        return Fact("Number", State.CATCH, "Calls little")
    if not inbound:
        return Fact("Number", State.CATCH, "Calls out only")
    return Fact("Number", State.GOOD, "Calls both ways" if Part.INBOUND in fine else "Found")


def _unasked(label: str, said: Judgement) -> Fact | None:
    """Return what is said of a part of which Vapi has said nothing."""
    if not said.verdict:
        return Fact(label, State.OPEN, NOT_ASKED)
    return Fact(label, State.OPEN, SILENT) if said.verdict == Verdict.UNANSWERED else None


def _unknown(label: str, said: Judgement) -> Fact | None:
    """With a wrong key Vapi says nothing of the rest."""
    return Fact(label, State.OPEN, "Not known") if Part.KEY in _fine(said) else None


def _fine(said: Judgement) -> dict[str, bool | None]:
    return {str(one["part"]): one["is_fine"] for one in said.findings}


def _lines(workspace: Workspace) -> Fact:
    taken, total = lines.taken(workspace.pk), lines.total(workspace)
    if total is None:
        return Fact("Lines", State.OPEN, f"{taken} in use")
    state = State.CATCH if taken >= (lines.allowed(workspace) or 0) else State.GOOD
    return Fact("Lines", state, f"{taken} of {total} in use")


def _faults(workspace: Workspace) -> Fact:
    label = "Balance and account"
    if not workspace.account_faults:
        return Fact(label, State.GOOD, "No fault")
    state = State.BAD if breaker.is_open(workspace) else State.CATCH
    return Fact(label, state, f"{workspace.account_faults} failed in a row")
