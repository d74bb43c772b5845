"""The judge of a bad day sees what was broken, and blames nobody where nothing was."""

import json
from types import SimpleNamespace

import pytest

from bench.bad_day import phases, verdict, written
from bench.bad_day.phases import READ_ONLY
from bench.bad_day.probes import BARE
from bench.bad_day.record import Answer, Record
from tests.factories import make_lead, make_phone, make_workspace

LOST = "nothing that was accepted is lost"
UNCALLED = "whoever got a 201 is called"
TWICE = "nobody is called twice"
WITHDRAWN = "nobody is called whose lead was withdrawn"
REFUSED = "what was refused passes when it is sent again"


def broken(statuses, *, calls, lead=True, record=None, probes=(), **fields) -> set[str]:
    """Return the promises that one lead's story breaks."""
    workspace, phone = make_workspace(), make_phone()
    if lead:
        make_lead(workspace, phone=phone, **fields)
    placed = [SimpleNamespace(body={"customer": {"number": phone}})] * calls
    cast = SimpleNamespace(workspace=workspace, placed=lambda: placed)
    probes = probes or [Answer(0, "1/healthz", 200, 0.01)]
    found = verdict.promises(record or Record(), probes, cast, {phone: statuses})
    return {promise for promise, faults in found.items() if faults}


@pytest.mark.parametrize(
    ("statuses", "story", "promises"),
    [
        ([201], {"calls": 1}, set()),
        ([503, 0, 201], {"calls": 1}, set()),
        ([502, 409], {"calls": 1}, set()),
        ([502, 409], {"calls": 0, "status": "needs_human"}, set()),
        ([201], {"calls": 1, "accepted_at": None}, {LOST}),
        ([201], {"calls": 1, "lead": False}, {LOST, WITHDRAWN}),
        ([201], {"calls": 0}, {UNCALLED}),
        ([502, 409], {"calls": 0}, {UNCALLED}),
        ([201], {"calls": 2}, {TWICE}),
        ([502, 503], {"calls": 1, "lead": False}, {WITHDRAWN, REFUSED}),
        ([503], {"calls": 0, "lead": False}, {REFUSED}),
    ],
)
def test_story_of_a_lead_breaks_the_right_promises(statuses, story, promises):
    assert broken(statuses, **story) == promises


@pytest.mark.parametrize(
    ("answer", "promise"),
    [
        (("lead", 201, 15.5), "every answer comes within 15 s"),
        (("lead", 500, 0.1), "every answer is one that is explained"),
        (("read", 404, 0.1), "every answer is one that is explained"),
        (("tool", 0, 0.1), "every answer is one that is explained"),
    ],
)
def test_answer_that_is_late_or_unexplained_is_named(answer, promise):
    record = Record()
    record.add(*answer)

    assert broken([201], calls=1, record=record) == {promise}


def test_probes_that_are_slow_or_know_nothing_are_named():
    record = Record()
    record.began -= 100
    record.phases = [(record.began, "calm"), (record.began + 50, READ_ONLY)]
    slow = [Answer(record.began + 20, "1/healthz", 200, 0.2)]
    ignorant = [Answer(record.began + 60, "1/readyz", 200, 0.01)]
    dead = [Answer(record.began + 20, "1/healthz", 0, 0.01)]

    found = broken([201], calls=1, record=record, probes=slow + ignorant + dead)

    assert found == {
        verdict.PROBES_ANSWER,
        "a server that lives answers probes",
        "/readyz tells when nothing can be served",
    }


def test_server_that_hangs_is_told_from_a_busy_machine():
    record = Record()
    now = int(record.began) + 10.5
    bare = [Answer(now + second, BARE, 200, 0.2 if second == 3 else 0.001) for second in range(9)]
    swift = [Answer(now + second, "1/readyz", 200, 0.01) for second in range(9) if second != 3]

    hanging = broken([201], calls=1, record=record, probes=[*bare, *swift, slow_at(now + 5)])
    busy = broken([201], calls=1, record=record, probes=[*bare, *swift, slow_at(now + 3)])

    assert (hanging, busy) == ({verdict.PROBES_ANSWER}, set())


def slow_at(moment):
    return Answer(moment, "1/readyz", 200, 0.3)


def test_machine_without_time_proves_nothing():
    record = Record()
    bare = [Answer(record.began + second, BARE, 200, 0.2) for second in range(9)]
    swift = [Answer(record.began + second, "1/healthz", 200, 0.01) for second in range(9)]

    found = broken([201], calls=1, record=record, probes=[*bare, *swift])

    assert found == {verdict.PROBES_ANSWER}


def test_answer_that_nobody_expected_is_told_with_its_traceback(tmp_path):
    line = {"level": "ERROR", "logger": "x", "message": "Unexpected", "request_id": "abc"}
    other = line | {"request_id": "def", "message": "of another request"}
    trace = {"exc_info": "Traceback:\n  File x\nValueError: 0.0"}
    lines = [json.dumps(line | trace), "cut by a kill {", json.dumps(other)]
    (tmp_path / "web-1.log").write_text("\n".join(lines))
    record = Record()
    record.began -= 100
    record.phases = [(record.began, "calm")]
    record.add("lead", 500, 8.9, "abc")

    told = written.explanations(record, verdict.unexplained(record), tmp_path)

    assert told.startswith("lead 500 after 8.9 s, asked in minute 1 (calm)")
    assert "web-1  ERROR x: Unexpected\n    Traceback:" in told
    assert told.endswith("ValueError: 0.0")
    assert "another" not in told


def test_phases_are_chosen_by_words_in_their_names():
    assert list(phases.chosen(["Redis", "silent"])) == ["Vapi is silent", "Redis is stopped"]
    assert phases.chosen([]) == phases.PHASES
    with pytest.raises(ValueError, match="No phase is called 'Reddis'"):
        phases.chosen(["Reddis"])
