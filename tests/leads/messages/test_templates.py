"""What stands in the gaps of a template: as Meta takes it, and never nothing."""

import pytest

from leads.messages import templates
from tests.factories import make_lead, make_workspace


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Jane", "Jane"),
        ("  Jane\n\n Doe\t", "Jane Doe"),
        ("a     b", "a b"),
        ("x" * 61, "x" * 60),
        ("x" * 59 + " yz", "x" * 59),
        ("zero\u200bwidth", "zero width"),
        ("\r\n\t ", ""),
    ],
)
def test_a_value_is_cleaned_as_meta_demands(text, told):
    assert templates.clean(text) == told


def test_an_empty_goal_becomes_words():
    lead = make_lead(make_workspace(channel="whatsapp"), name="Jane", goal="\n ")

    assert templates.opener(lead).variables == {
        "1": "Jane",
        "2": "Test Studio",
        "3": "your request",
    }
