"""How long placing a call may take, and the lease that whoever does it holds meanwhile."""

from datetime import timedelta

from django.conf import settings

from coachbot.db import leases
from leads.models import Call

# A request is answered within 15 seconds. The last three are for a look-up that began just
# in time, and for everything that is not waiting.
REQUEST_SECONDS = 12.0
LEASE = timedelta(seconds=REQUEST_SECONDS + 2)
# With less time left than this, a call is not begun: it would only end unclear.
SHORTEST_DISPATCH = 3.0
# Vapi is asked this soon after the rows are committed, or not at all.
SEND_WITHIN = 5.0
# If Vapi lists no call this long after the rows were committed, it was not placed.
CONCLUSIVE_AFTER = timedelta(seconds=settings.VAPI_SILENT_WORK + settings.VAPI_LISTING_LAG)


def claim(call: Call) -> bool:
    """Take over a dialing call whose lease has run out. Return whether it is ours now."""
    lease = leases.claim(Call.objects.dialing().filter(pk=call.pk), LEASE)
    call.lease_until = lease or call.lease_until
    return lease is not None


def release(call: Call) -> None:
    """Give our lease on a dialing call back, for the next one who asks."""
    leases.release(Call.objects.dialing().filter(pk=call.pk))
