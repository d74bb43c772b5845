"""The do-not-call list of a workspace: who is on it is not contacted, on any path.

It holds hashes of numbers and knows no lead, so it stands after an erasure, and for whoever
submits the same phone again. Each change of a list raises `opt_outs_version` of its workspace, by
which contact.gate finds out, in the write that lets a call pass, that a list has changed.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from coachbot.db import keyset
from leads import events
from leads.contact.do_not_call import opt_out_keys
from leads.contact.do_not_call.number_files import Line
from leads.contact.do_not_call.opt_out_keys import Key
from leads.intake import phones
from leads.models import HeldBecause, Lead, OptOut, Step, Way
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import User, Workspace

# Numbers in one transaction: whoever places a call of the workspace waits for it.
BATCH = 500


def read(texts: Iterable[str], *, country: str) -> tuple[list[str], list[str]]:
    """Return numbers as people write them in E.164 form, and those texts that are none.

    country: ISO 3166 code of numbers without one, or "".
    """
    numbers, faults = [], []
    for text in texts:
        try:
            numbers.append(phones.normalise(text, country=country))
        except phones.BadPhone:
            faults.append(text)
    return numbers, faults


def read_lines(lines: Iterable[Line], *, country: str) -> tuple[list[str], list[int]]:
    """Return the numbers of a file in E.164 form, each once, and which of its lines hold none."""
    numbers: dict[str, None] = {}
    unread = []
    for line in lines:
        try:
            numbers[phones.normalise(line.text, country=country)] = None
        except phones.BadPhone:
            unread.append(line.number)
    return list(numbers), unread


def add(workspace: Workspace, numbers: Sequence[str], *, way: Way, by: User | None = None) -> int:
    """Put numbers on the list. Return how many were not on it.

    numbers: in E.164 form. In batches: safe to stop, and to run twice.
    """
    added = 0
    for batch in _batches(numbers):
        spelled = [_spelled(number) for number in batch]
        added += _add(workspace, spelled, way, by)
        _mark(workspace, spelled, HeldBecause.DO_NOT_CALL)
    record.action(
        workspace_id=workspace.pk, actor=by, action=Action.ADD_OPT_OUTS, way=way, numbers=added
    )
    return added


@dataclass(frozen=True)
class _Spelled:
    """A number in E.164 form, in every way in which it may be listed, and stored with a lead.

    Made before the list is locked: to read a number takes longer than to look it up.
    """

    number: str
    listed: frozenset[str]
    stored: frozenset[str]


def _spelled(number: str) -> _Spelled:
    read = phones.read(number)
    listed = {read.number, *_other_spellings(read.number)}
    return _Spelled(read.number, frozenset(listed), frozenset({*listed, *read.older_spellings}))


def stored_spellings(number: str) -> frozenset[str]:
    """Return every phone under which a lead with a number, in E.164 form, may be stored."""
    return _spelled(number).stored


@transaction.atomic
def _add(workspace: Workspace, numbers: Sequence[_Spelled], way: Way, by: User | None) -> int:
    _raise_version(workspace)
    keys = opt_out_keys.readable()
    listed = _listed(workspace.pk, numbers, keys)
    rows = [
        OptOut(workspace=workspace, key_id=keys[0].key_id, way=way, added_by=by, digest=digest)
        for spelled in numbers
        if spelled.number not in listed
        for digest in [_digest(keys[0], workspace.pk, spelled.number)]
    ]
    OptOut.objects.bulk_create(rows, ignore_conflicts=True)
    return len({row.digest for row in rows})


@transaction.atomic
def _mark(workspace: Workspace, numbers: Sequence[_Spelled], held_because: str) -> None:
    """Show on the leads whether they are listed; the list alone decides.

    Not in the transaction of the list, which holds the row of the workspace: whoever places a call
    holds the lead first, and then waits for that row.
    """
    stored = [spelling for spelled in numbers for spelling in spelled.stored]
    leads = workspace.leads.filter(phone__in=stored)
    if not held_because:
        leads = leads.exclude(held_because="").filter(held_because=HeldBecause.DO_NOT_CALL)
    found = list(leads.order_by("pk").select_for_update())
    Lead.objects.filter(pk__in=[lead.pk for lead in found]).update(held_because=held_because)
    if held_because:
        Step.objects.planned().filter(lead__in=found).drop()
        _tell([lead for lead in found if not lead.is_opted_out])


def _tell(leads: Iterable[Lead]) -> None:
    """Tell of leads that were not on the list before."""
    for lead in leads:
        events.lead_opted_out(lead)


def remove(
    workspace: Workspace,
    numbers: Sequence[str],
    *,
    by: User | None = None,
    way: Way | None = None,
) -> int:
    """Take numbers off the list. Return how many were on it.

    way: only where they came on it by that.
    """
    removed = 0
    for batch in _batches(numbers):
        spelled = [_spelled(number) for number in batch]
        with transaction.atomic():
            _raise_version(workspace)
            keys = opt_out_keys.readable()
            digests = [d for one in spelled for d in _digests(workspace.pk, one, keys)]
            rows = workspace.opt_outs.filter(digest__in=digests)
            removed += (rows.filter(way=way) if way else rows).delete()[0]
            listed = _listed(workspace.pk, spelled, keys)
        _mark(workspace, [one for one in spelled if one.number not in listed], "")
    record.action(
        workspace_id=workspace.pk, actor=by, action=Action.REMOVE_OPT_OUTS, numbers=removed
    )
    return removed


def is_listed(workspace_id: int, number: str) -> bool:
    """Return whether a number is on the list of a workspace, in any of its spellings."""
    return OptOut.objects.filter(
        workspace_id=workspace_id,
        digest__in=_digests(workspace_id, _spelled(number), opt_out_keys.readable()),
    ).exists()


def rows(workspace: Workspace) -> Iterator[Sequence[str]]:
    """Yield headings, then when, by which way and by whom each number came on the list."""
    yield ("added_at", "way", "added_by")
    listed = workspace.opt_outs.select_related("added_by")
    for entry in keyset.walk(listed, size=BATCH):
        yield (entry.created_at.isoformat(timespec="seconds"), entry.way, str(entry.added_by or ""))


def _batches(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]


def _raise_version(workspace: Workspace) -> None:
    # First, as it locks the row: whoever is about to place a call comes before this, or sees it.
    Workspace.objects.filter(pk=workspace.pk).update(opt_outs_version=F("opt_outs_version") + 1)


def _listed(workspace_id: int, numbers: Iterable[_Spelled], keys: list[Key]) -> set[str]:
    """Return those of some numbers that are on the list."""
    by_digest = {d: one.number for one in numbers for d in _digests(workspace_id, one, keys)}
    found = OptOut.objects.filter(workspace_id=workspace_id, digest__in=by_digest)
    return {by_digest[digest] for digest in found.values_list("digest", flat=True)}


def _digests(workspace_id: int, spelled: _Spelled, keys: list[Key]) -> list[str]:
    """Return the hashes under which a number may be listed."""
    return [_digest(key, workspace_id, spelling) for key in keys for spelling in spelled.listed]


def _digest(key: Key, workspace_id: int, number: str) -> str:
    text = f"dnc:v1:{workspace_id}:{number}".encode()
    return hmac.new(key.secret, text, hashlib.sha256).hexdigest()


def _other_spellings(number: str) -> Iterator[str]:
    """Mobile numbers of Mexico, Argentina and Brazil, which got or lost a digit."""
    code, rest = number[:3], number[3:]
    match code:
        case "+52":  # until 2020 a 1 was dialled before them from abroad
            yield code + (rest[1:] if len(rest) == 11 and rest[0] == "1" else f"1{rest}")
        case "+54":  # a 9 stands before them when they are called from abroad
            yield code + (rest[1:] if rest[:1] == "9" else f"9{rest}")
        case "+55":  # between 2012 and 2016 a 9 was put before the eight digits
            area, local = rest[:2], rest[2:]
            if len(local) == 9 and local[0] == "9":
                yield code + area + local[1:]
            elif len(local) == 8:
                yield f"{code}{area}9{local}"
