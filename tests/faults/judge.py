"""What must be true of every lead once the dust has settled."""

from collections import Counter

from leads.models import CallStatus, LeadStatus
from tests.factories import Cast
from tests.servers import wait_until

SETTLED_WITHIN = 60


def await_settled(cast: Cast, within: float = SETTLED_WITHIN) -> None:
    """Wait until no call of the workspace is in the air any more."""
    calls = cast.workspace.calls
    wait_until(
        lambda: not calls.filter(status=CallStatus.DIALING).exists(),
        "every dialing call to be settled",
        within,
    )


def placed_by_phone(cast: Cast) -> Counter:
    """Return how many calls Vapi placed to each phone."""
    return Counter(call.body["customer"]["number"] for call in cast.placed())


def assert_nothing_lost_nobody_called_twice(cast: Cast, answers: dict[str, list]) -> None:
    """Assert the promises for every phone, given all answers that its client got."""
    placed = placed_by_phone(cast)
    leads = {lead.phone: lead for lead in cast.workspace.leads.all()}
    for phone, statuses in answers.items():
        lead = leads.get(phone)
        story = f"{phone}: answers {statuses}, calls {placed[phone]}, lead {lead}"
        assert placed[phone] <= 1, f"called twice: {story}"
        if statuses[-1] in {201, 409}:
            assert lead is not None, f"an accepted lead is lost: {story}"
            assert lead.accepted_at, f"an accepted lead hangs in the air: {story}"
        if lead is not None and lead.status != LeadStatus.NEEDS_HUMAN:
            assert placed[phone] == 1, f"a lead that nobody calls: {story}"
            assert lead.calls.get().vapi_call_id, f"a call without its id: {story}"
        if lead is None:
            assert placed[phone] == 0, f"a call without its lead: {story}"
