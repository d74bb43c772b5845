"""What stops a planned call, set 50 times each while a worker holds the step: 0 further calls."""

import pytest

from tests.factories import make_cast
from tests.leads.conftest import work  # noqa: F401
from tests.leads.contact.stops import STOPS, late_calls

pytestmark = pytest.mark.on_sqlite_too

RACES = 50


@pytest.mark.parametrize("stop", STOPS)
def test_no_call_is_begun_after_what_stops_it_stood(stop, sandbox, work):  # noqa: F811
    cast = make_cast(sandbox, later_call_hours="always")

    assert late_calls(cast, STOPS[stop], races=RACES, work=work) == []
