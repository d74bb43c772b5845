"""Twilio's codes in plain words."""

import re

import pytest

from coachbot.providers import Refused, Unclear
from coachbot.providers.twilio import errors
from coachbot.providers.twilio.faults import ROWS, Fault
from tests.servers import ROOT

# Every code of the fact sheet, and what has to be done about it.
CODES = {
    Fault.ACCOUNT: "20003 21212 21606 63007 21608 21703 21705 63001 63020 63022 63051 63040 63041 "
    "63042",
    Fault.CONFIG: "20404 21655 21656 63015 InvalidSandboxRequest 63027 63028 63029 21609",
    Fault.LEAD: "21211 21614 21266 63024 63032",
    Fault.NOT_ON_WHATSAPP: "63003",
    Fault.OPT_OUT: "21610 63014 63033",
    Fault.WINDOW: "63016",
    Fault.CONTENT: "63005 63006 63013 63021",
    Fault.LATER: "21611 30001 63017 63018 63038 63049 30036",
    Fault.RETRY: "20429 63009 63010 63012",
    Fault.OURS: "21602 21603 21604 21617",
}
PAIRS = [(code, fault) for fault, codes in CODES.items() for code in codes.split()]


@pytest.mark.parametrize(("code", "fault"), PAIRS)
def test_code_has_its_fault_and_words(code, fault):
    found = errors.explain(code)

    assert found.fault == fault
    assert found.sentence.endswith(".") and found.advice.endswith(".")
    assert code not in found.sentence


def test_no_code_stands_in_two_rows():
    codes = [code for row in ROWS for code in row.codes]

    assert len(codes) == len(set(codes))
    assert len({row.name for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("code", ["63999", "NewWord", "<b>"])
def test_unknown_code_is_said_as_it_is(code):
    found = errors.explain(code)

    assert found.fault == Fault.UNKNOWN
    assert code in found.sentence


def test_no_code_says_that_twilio_does_not_say_why():
    assert errors.explain("").sentence == "Twilio does not say why."


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"code": 21211, "message": "x", "status": 400}', "twilio.bad_number"),
        ('{"type":"t","title":"x","status":401,"code":20003}', "twilio.key_refused"),
        ('{"code":"63016"}', "twilio.window_closed"),
        ('{"code": 99999}', "twilio.our_request"),
        ("<html>", "twilio.our_request"),
    ],
)
def test_refusal_is_classified_by_its_code_in_either_shape(body, code):
    error = Refused("no", status=400, response=body)

    assert errors.CAUSES.classify(error) == code


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "key_refused"), (404, "not_found"), (429, "busy"), (400, "our_request")],
)
def test_refusal_without_a_code_is_classified_by_its_status(status, code):
    assert errors.CAUSES.classify(Refused("no", status=status)) == f"twilio.{code}"


def test_each_code_of_ours_is_explained():
    for error in (Unclear("x"), Unclear("x", status=500), Refused("x", status=418)):
        code = errors.CAUSES.classify(error)
        cause = errors.CAUSES.explain(code)

        assert code == f"twilio.{cause.name}"
        assert cause.title and cause.meaning and cause.fix


def test_documented_codes_are_known():
    """What docs/providers/twilio.md names in section 3, the table has."""
    text = (ROOT / "docs/providers/twilio.md").read_text()
    section = text.partition("## 3. ")[2].partition("## 4. ")[0]

    named = set(re.findall(r"\b[236]\d{4}\b", section))
    assert named and all(errors.explain(code).fault != Fault.UNKNOWN for code in named)
