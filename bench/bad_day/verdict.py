"""Which promises held: of what was answered, of what Vapi placed, of what the database holds."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from bench.bad_day.phases import KILLED_SERVERS, READ_ONLY, REDIS_STOPPED
from bench.bad_day.probes import BARE
from bench.bad_day.record import NO_ANSWER, Answer, Record
from bench.figures import percentile, table
from leads.models import Lead, LeadStatus
from tests.factories import Cast
from tests.faults.judge import placed_by_phone

ANSWERED_WITHIN, PROBED_WITHIN = 15.0, 0.1
# A second in which a process that does nothing but answer takes longer than this for it says
# nothing about servers: the machine had no time for anybody.
BUSY = 0.02
JUDGED_SHARE = 0.5  # of the seconds; with fewer nothing is known
NOTICED_AFTER = 2.0  # a probe within this time of a phase's begin may still say the old
EXPLAINED = {  # what may be answered, by kind
    "lead": {201, 409, 429, 502, 503},
    "read": {200, 429, 503},
    "tool": {200, 429, 503},
    "mail": {302, 429, 503},
    "export": {200, 429, 503},
}
SHOWN = 5
HEALTHZ, READYZ = "/healthz", "/readyz"
PROBES = (HEALTHZ, READYZ)
PROBES_ANSWER = (
    f"/healthz and /readyz answer within {PROBED_WITHIN:g} s (99 of 100) while the machine has time"
)


class Machine:
    """How much time the machine had for anybody, second by second: by answers of the bare process.

    probes: all that bench.bad_day.probes wrote.
    """

    def __init__(self, probes: Iterable[Answer]):
        self._slowest: dict[int, float] = {}
        for probe in probes:
            if probe.kind == BARE:
                for second in {int(probe.asked_at), int(probe.at)}:
                    self._slowest[second] = max(self._slowest.get(second, 0.0), probe.seconds)

    def had_time(self, answer: Answer) -> bool:
        """Return whether it had time in all seconds in which an answer was made."""
        seconds = range(int(answer.asked_at), int(answer.at) + 1)
        return all(self._slowest.get(second, 0.0) <= BUSY for second in seconds)


def promises(
    record: Record, probes: list[Answer], cast: Cast, answers: dict[str, list[int]]
) -> dict[str, list[str]]:
    """Return each promise with what breaks it; nothing where it held."""
    machine = Machine(probes)
    probes = [probe for probe in probes if probe.kind != BARE]
    answered = [probe for probe in probes if probe.status != NO_ANSWER]
    return {
        **_of_leads(cast, answers),
        f"every answer comes within {ANSWERED_WITHIN:g} s": _by_phase(
            record, [a for a in record.answers if a.seconds > ANSWERED_WITHIN]
        ),
        "every answer is one that is explained": _by_phase(record, unexplained(record)),
        PROBES_ANSWER: _slow_probes(record, answered, machine),
        "a server that lives answers probes": _by_phase(
            record,
            [
                probe
                for probe in probes
                if probe.status == NO_ANSWER
                and not any(name in record.phase_at(probe.asked_at) for name in KILLED_SERVERS)
            ],
        ),
        "/readyz tells when nothing can be served": _unready(record, answered),
    }


def unexplained(record: Record) -> list[Answer]:
    """Return the answers of which docs/guarantees.md says nothing."""
    return [a for a in record.answers if a.status not in EXPLAINED[a.kind]]


def _of_leads(cast: Cast, answers: dict[str, list[int]]) -> dict[str, list[str]]:
    placed, kept = placed_by_phone(cast), {}
    for lead in cast.workspace.leads.all():
        kept[lead.phone] = lead
    broken: dict[str, list[str]] = {
        "nothing that was accepted is lost": [],
        "whoever got a 201 is called": [],
        "nobody is called twice": [],
        "nobody is called whose lead was withdrawn": [],
        "what was refused passes when it is sent again": [],
    }
    lost, uncalled, doubled, withdrawn, refused = broken.values()
    for phone, statuses in answers.items():
        lead = kept.get(phone)
        story = f"{phone}: answers {statuses}, calls {placed[phone]}, {_told(lead)}"
        if placed[phone] > 1:
            doubled.append(story)
        if {201, 409} & set(statuses) and not (lead and lead.accepted_at):
            lost.append(story)
        elif not placed[phone] and (201 in statuses or _waits_for_nobody(lead)):
            uncalled.append(story)
        if lead is None and placed[phone]:
            withdrawn.append(story)
        if statuses[-1] not in {201, 409}:
            refused.append(story)
    return broken


def _waits_for_nobody(lead: Lead | None) -> bool:
    return lead is not None and lead.status != LeadStatus.NEEDS_HUMAN


def _told(lead: Lead | None) -> str:
    if lead is None:
        return "no lead"
    return f"lead {lead.status}{'' if lead.accepted_at else ', in the air'}"


def _by_phase(record: Record, answers: Iterable[Answer]) -> list[str]:
    """Return a line for each phase in which these were asked."""
    return [
        f"{phase}: {len(found)} ({_counted(found)}), slowest {_slowest(found):.1f} s"
        for phase, found in _grouped(record, answers).items()
    ]


def _grouped(record: Record, answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    """Return the answers by the phase in which they were asked for."""
    grouped = defaultdict(list)
    for answer in answers:
        grouped[record.phase_at(answer.asked_at)].append(answer)
    return grouped


def _counted(answers: list[Answer]) -> str:
    counts = Counter(f"{answer.kind} {answer.status or 'broken off'}" for answer in answers)
    return ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))


def _slow_probes(record: Record, probes: list[Answer], machine: Machine) -> list[str]:
    judged = [probe for probe in probes if machine.had_time(probe)]
    if len(judged) < JUDGED_SHARE * len(probes):
        return [f"the machine had time in {len(judged)} of {len(probes)} cases: nothing is known"]
    return [
        f"{path} in {phase}: {_ninety_ninth(found) * 1000:.0f} ms, slowest {_slowest(found):.2f} s"
        for path in PROBES
        if _ninety_ninth(of_path := _of(path, judged)) > PROBED_WITHIN
        for phase, found in _grouped(record, of_path).items()
        if _ninety_ninth(found) > PROBED_WITHIN
    ]


def _of(path: str, probes: list[Answer]) -> list[Answer]:
    return [probe for probe in probes if probe.kind.endswith(path)]


def _unready(record: Record, probes: list[Answer]) -> list[str]:
    wrong = []
    for begin, phase in record.phases:
        if phase in {REDIS_STOPPED, READ_ONLY}:
            during = [
                probe
                for probe in _of(READYZ, probes)
                if record.phase_at(probe.asked_at) == phase
                and probe.asked_at > begin + NOTICED_AFTER
            ]
            ready = sum(probe.status == 200 for probe in during)
            if ready:
                wrong.append(f"{phase}: 200 in {ready} of {len(during)}")
    return wrong


def _slowest(answers: list[Answer]) -> float:
    return max((answer.seconds for answer in answers), default=0.0)


def _ninety_ninth(answers: list[Answer]) -> float:
    return percentile([answer.seconds for answer in answers], 0.99) if answers else 0.0


def as_table(record: Record, probes: list[Answer]) -> str:
    """Return the answers minute by minute."""
    rows = []
    for minute in range(record.minute(max(a.at for a in record.answers)) + 1):
        answers = [a for a in record.answers if record.minute(a.at) == minute]
        probed = [p for p in probes if record.minute(p.at) == minute and p.status != NO_ANSWER]
        ready = _of(READYZ, probed)
        rows.append(
            [
                minute,
                record.phases_in(minute),
                _counted(answers),
                f"{_slowest(answers):.1f}",
                *(_milliseconds(_of(path, probed)) for path in (*PROBES, BARE)),
                f"{sum(p.status == 200 for p in ready) / max(1, len(ready)):.0%}",
            ]
        )
    heads = "minute, phase, answers, slowest (s), /healthz (ms), /readyz (ms), bare (ms), ready"
    return table(heads.split(", "), rows)


def _milliseconds(answers: list[Answer]) -> str:
    """Return the 99th percentile and the slowest."""
    return f"{_ninety_ninth(answers) * 1000:.0f}, {_slowest(answers) * 1000:.0f}"


def as_list(broken: dict[str, list[str]]) -> str:
    """Return the promises, each with the first things that break it."""
    lines = []
    for promise, faults in broken.items():
        lines.append(f"{'BROKEN' if faults else 'kept  '}  {promise}")
        lines += [f"            {fault}" for fault in faults[:SHOWN]]
        if len(faults) > SHOWN:
            lines.append(f"            ... and {len(faults) - SHOWN} more")
    return "\n".join(lines)
