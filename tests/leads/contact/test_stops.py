"""What stops a planned call holds also where a worker has its step already; the same with 50 races
each is tests/faults/test_stops.py.
"""

import pytest

from tests.factories import make_cast
from tests.leads.contact.stops import STOPS, late_calls

RACES = 3


@pytest.mark.parametrize("stop", STOPS)
def test_no_call_is_begun_after_what_stops_it_stood(stop, sandbox, work):
    cast = make_cast(sandbox, later_call_hours="always")

    assert late_calls(cast, STOPS[stop], races=RACES, work=work) == []
