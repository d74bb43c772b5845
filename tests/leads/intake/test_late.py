"""A submission that has waited so long that no time is left to place its call."""

import pytest

from coachbot.deadline import Deadline
from leads.calls.placing.errors import CallFailed
from leads.intake import submission, submit
from leads.models import Lead
from tests.factories import make_phone


@pytest.mark.parametrize("seconds", [0.0, 1.0])
def test_nothing_is_sent_and_nothing_is_left_behind(cast, sandbox, settings, seconds):
    settings.VAPI_BASE_URL = sandbox.base_url
    wanted = submission.Submission(name="Jane Doe", phone=make_phone())
    origin = submission.Origin(source="api_key:test", address=None, request_id="late")

    with pytest.raises(CallFailed, match="too busy to place the call in time"):
        submit.submit_lead(
            workspace=cast.workspace,
            submission=wanted,
            origin=origin,
            deadline=Deadline(seconds),
        )

    assert not Lead.objects.filter(workspace=cast.workspace).exists()
    assert not cast.placed()
