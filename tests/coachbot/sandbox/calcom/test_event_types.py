"""The table of event types: each row says what happens, and no digits stand twice."""

from coachbot.sandbox.calcom import event_types


def test_every_row_has_digits_of_its_own_and_a_sentence():
    digits = [row.digits for row in event_types.TABLE]

    assert len(set(digits)) == len(digits)
    assert all(len(two) == 2 and two.isdecimal() for two in digits)
    assert all(row.says.endswith(".") for row in event_types.TABLE)


def test_what_is_not_booked_has_an_answer():
    assert all(row.answer for row in event_types.TABLE if not row.is_booked)
