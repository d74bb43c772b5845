"""Who may do what a form asks for: the first who sends it.

The primary key decides, in whichever process the form comes in. Whoever is first holds a lease;
a process that dies lets it run out, and the form can be sent again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.utils.crypto import salted_hmac

from coachbot.db import clock, leases
from coachbot.db.batches import batches
from coachbot.sent_forms.models import SentForm

# Twice as long as any request may take.
LEASE = timedelta(seconds=30)
# A page lasts no longer than the session it was opened in, which is two weeks.
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Sent:
    """What a form came to that was sent before; nothing yet while that is still being done."""

    location: str
    said: str


@dataclass(frozen=True)
class Claim:
    """The right to do it. End it with keep() or release()."""

    digest: str
    lease_until: datetime

    def keep(self, sent: Sent) -> None:
        """It is done: whoever sends it again is told so."""
        self._mine().update(location=sent.location, said=sent.said)

    def release(self) -> None:
        """Nothing was done: it may be sent again."""
        self._mine().delete()

    def _mine(self):
        rows = SentForm.objects.filter(pk=self.digest, location="")
        return leases.held(rows, self.lease_until)


def digest(*, sender: int, path: str, fields: str) -> str:
    """Return what a form is known by: who sent it, where to, and all that stood in it.

    A random token has to be among the fields, another one for each rendering of a page.
    """
    return salted_hmac(
        "coachbot.sent_forms", f"{sender}\n{path}\n{fields}", algorithm="sha256"
    ).hexdigest()


def find(digest: str) -> Sent | None:
    """Return what a form came to, None where nobody has sent it or it may be sent again."""
    row = SentForm.objects.filter(pk=digest).first()
    return Sent(row.location, row.said) if row else None


def claim(digest: str) -> Claim | Sent:
    """Take the right to do what a form asks for, or return what came of it before."""
    while True:
        lease = leases.until(LEASE)
        try:
            SentForm(digest=digest, lease_until=lease).save(force_insert=True)
            return Claim(digest, lease)
        except IntegrityError:
            abandoned = SentForm.objects.filter(pk=digest, location="")
            taken = leases.claim(abandoned, LEASE)
        if taken:
            return Claim(digest, taken)
        if sent := find(digest):  # else it was released this moment
            return sent


def forget_old() -> None:
    """Delete the rows of forms whose pages nobody can have open any more."""
    for batch in batches(SentForm.objects.filter(created_at__lt=clock.now() - KEPT)):
        SentForm.objects.filter(pk__in=[row.pk for row in batch]).delete()
