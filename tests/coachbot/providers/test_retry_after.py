"""When a provider says that it may be asked again."""

from datetime import UTC, datetime

import pytest
from requests.structures import CaseInsensitiveDict

from coachbot.providers.retry_after import read

NOW = datetime(2026, 11, 27, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "2"}, 2.0),
        ({"retry-after": "0"}, 0.0),
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": "121"}, None),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "1e999"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Fri, 27 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"Retry-After": "Fri, 27 Nov 2026 11:00:00 GMT"}, None),
        ({"Retry-After": "Fri, 27 Nov 99999 11:00:00 GMT"}, None),
        ({"Retry-After-Ms": "1500", "Retry-After": "9"}, 1.5),
        ({"Retry-After-Ms": "x", "Retry-After": "9"}, 9.0),
    ],
)
def test_seconds_or_a_date_within_two_minutes_are_believed(headers, seconds):
    assert read(CaseInsensitiveDict(headers), NOW) == seconds
