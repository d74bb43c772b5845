"""What people say of when they want to be called, and the moment that it means."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from leads.contact import wishes

LONDON = ZoneInfo("Europe/London")
# A Thursday.
NOW = datetime(2026, 11, 26, 14, 10, 30, tzinfo=LONDON)


def read(text: str, *, now: datetime = NOW, zone: ZoneInfo = LONDON) -> str:
    moment = wishes.read(text, now=now.astimezone(UTC), zone=zone)
    return moment.astimezone(zone).strftime("%a %d %b %H:%M")


@pytest.mark.parametrize(
    "said, meant",
    [
        # A time of day is the next such.
        ("at five", "Thu 26 Nov 17:00"),
        ("Call me at 5, please.", "Thu 26 Nov 17:00"),
        ("5pm", "Thu 26 Nov 17:00"),
        ("5 p.m.", "Thu 26 Nov 17:00"),
        ("17:00", "Thu 26 Nov 17:00"),
        ("17h", "Thu 26 Nov 17:00"),
        ("1730", "Thu 26 Nov 17:30"),
        ("five thirty", "Thu 26 Nov 17:30"),
        ("half past five", "Thu 26 Nov 17:30"),
        ("quarter to six", "Thu 26 Nov 17:45"),
        ("at twenty-five past four", "Thu 26 Nov 16:25"),
        ("ten to six", "Thu 26 Nov 17:50"),
        ("around three o'clock", "Thu 26 Nov 15:00"),
        ("at two", "Fri 27 Nov 14:00"),
        ("at nine", "Thu 26 Nov 21:00"),
        ("at eight in the morning", "Fri 27 Nov 08:00"),
        ("noon", "Fri 27 Nov 12:00"),
        ("between 3 and 5 pm", "Thu 26 Nov 15:00"),
        ("after six", "Thu 26 Nov 18:00"),
        # A day, and a part of one.
        ("tomorrow", "Fri 27 Nov 10:00"),
        ("tomorrow morning", "Fri 27 Nov 10:00"),
        ("tomorrow at nine", "Fri 27 Nov 09:00"),
        ("tomorrow at 08:00", "Fri 27 Nov 08:00"),
        ("tomorrow from 2 to 4", "Fri 27 Nov 14:00"),
        ("late afternoon tomorrow", "Fri 27 Nov 16:00"),
        ("tomorrow at lunch time", "Fri 27 Nov 12:00"),
        ("this evening", "Thu 26 Nov 18:00"),
        ("tonight at eight", "Thu 26 Nov 20:00"),
        ("in the morning", "Fri 27 Nov 10:00"),
        ("the day after tomorrow at quarter to six", "Sat 28 Nov 17:45"),
        # A day of the week.
        ("Friday", "Fri 27 Nov 10:00"),
        ("thursday", "Thu 03 Dec 10:00"),
        ("thursday at three", "Thu 26 Nov 15:00"),
        ("thursday at 1pm", "Thu 03 Dec 13:00"),
        ("at 5 on Monday", "Mon 30 Nov 17:00"),
        ("Weds 10am", "Wed 02 Dec 10:00"),
        ("Saturday afternoon", "Sat 28 Nov 15:00"),
        ("next Tuesday at 3pm", "Tue 01 Dec 15:00"),
        ("next Friday at 3pm", "Fri 04 Dec 15:00"),
        ("Wednesday next week at 11", "Wed 02 Dec 11:00"),
        ("next week", "Mon 30 Nov 10:00"),
        ("at the weekend", "Sat 28 Nov 10:00"),
        # A span from now.
        ("in two hours", "Thu 26 Nov 16:10"),
        ("in half an hour", "Thu 26 Nov 14:40"),
        ("in an hour and a half", "Thu 26 Nov 15:40"),
        ("in 2 hours and 30 minutes", "Thu 26 Nov 16:40"),
        ("an hour from now", "Thu 26 Nov 15:10"),
        ("in a couple of hours", "Thu 26 Nov 16:10"),
        ("in three days", "Sun 29 Nov 14:10"),
        ("in 2 days at 5", "Sat 28 Nov 17:00"),
        ("in a week", "Thu 03 Dec 14:10"),
        # A date.
        ("27 November at 10", "Fri 27 Nov 10:00"),
        ("November 27th, 2026 at 10 am", "Fri 27 Nov 10:00"),
        ("the 30th at ten", "Mon 30 Nov 10:00"),
        ("27/11 at 4pm", "Fri 27 Nov 16:00"),
        ("27.11.2026 at 4pm", "Fri 27 Nov 16:00"),
        ("2 March at noon", "Tue 02 Mar 12:00"),
        # ISO 8601, without an offset by the person's clock.
        ("2026-11-27T17:00", "Fri 27 Nov 17:00"),
        ("2026-11-27T17:00:00+01:00", "Fri 27 Nov 16:00"),
        ("2026-11-27T17:00:00Z", "Fri 27 Nov 17:00"),
        ("2026-11-27 5pm", "Fri 27 Nov 17:00"),
        ("2026-11-27", "Fri 27 Nov 10:00"),
        # What is over is for others to say.
        ("2025-11-27T17:00", "Thu 27 Nov 17:00"),
        ("today at noon", "Thu 26 Nov 12:00"),
    ],
)
def test_wish_means(said, meant):
    assert read(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        *("", "later", "soon", "whenever", "any time", "today", "next month", "now"),
        *("not today", "five or six", "Monday or Tuesday", "before five", "2 to 4 tomorrow"),
        *("11/12 at 4", "31 February at 5", "25:00", "at 13pm", "2026-02-30T10:00"),
        *("Thursday 27 November", "3 pm London time", "yesterday at five", "tomorrow at the same"),
        *("mañana", "5" * 300, "\u0000", "at five at six", "the 32nd"),
    ],
)
def test_what_cannot_be_read_whole_is_not_read(said):
    with pytest.raises(wishes.Unreadable):
        read(said)


@pytest.mark.parametrize(
    "said, zone, now, meant",
    [
        # By the clock on the person's wall, also over a change of it.
        ("tomorrow at 5", "America/New_York", "2026-10-31T12:00+00:00", "2026-11-01T22:00+00:00"),
        ("tomorrow at 5", "Asia/Kathmandu", "2026-11-26T20:00+00:00", "2026-11-28T11:15+00:00"),
        ("at 01:30", "Europe/London", "2026-03-28T22:00+00:00", "2026-03-29T01:30+00:00"),
        # ... but an hour is an hour.
        ("in 2 hours", "Europe/London", "2026-03-29T00:30+00:00", "2026-03-29T02:30+00:00"),
        ("at five", "Asia/Tokyo", "2026-11-26T14:10+00:00", "2026-11-27T08:00+00:00"),
    ],
)
def test_wish_is_one_of_the_persons_zone(said, zone, now, meant):
    moment = wishes.read(said, now=datetime.fromisoformat(now), zone=ZoneInfo(zone))

    assert moment == datetime.fromisoformat(meant)
