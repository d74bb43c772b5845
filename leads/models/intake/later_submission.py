"""What a person wrote again, once the lead was there."""

from django.db import models
from django.db.models import Q, Value
from django.utils import timezone

from leads.models.answers import in_words
from leads.models.lead.lead import Lead

MOST_LATER = 20
# The lead's own; the limits of a submission stand with it.
LENGTHS = {
    name: Lead._meta.get_field(name).max_length  # type: ignore[union-attr]  # no relations
    for name in ("name", "email", "goal", "request_id")
}


class LaterSubmission(models.Model):
    """A further submission of a lead's phone, which was answered `duplicate_phone`.

    The columns hold what is new in it; what the lead says already is empty. `place` counts a
    lead's from 0, which bounds how many are kept.
    """

    # No index of its own: the one of the constraint below begins with it.
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="later_submissions", db_index=False)
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=LENGTHS["name"], blank=True)
    email = models.CharField(max_length=LENGTHS["email"], blank=True)
    goal = models.CharField(max_length=LENGTHS["goal"], blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    form_responses = models.JSONField(default=dict, blank=True)
    # Its keys as they were sent: PostgreSQL sorts those of an object by length.
    form_questions = models.JSONField(default=list, blank=True)
    # What was asked, by the ids of the answers, where these are no words themselves.
    form_wordings = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), blank=True
    )
    # Where it came from: evidence that this time, too, the person asked to be contacted.
    source = models.CharField(max_length=60, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    # What a form shows of consent: its wording, which version of it, and the page it stood on.
    consent_evidence = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), blank=True
    )
    request_id = models.CharField(max_length=LENGTHS["request_id"], blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead", "place"], name="later_submission_place_unique"),
            models.CheckConstraint(
                condition=Q(place__lt=MOST_LATER), name="later_submission_bounded"
            ),
        ]

    def __str__(self):
        return f"later submission {self.place} of lead {self.lead_id}"

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Return pairs of question and answer, in the order in which they were sent."""
        return in_words(self.form_responses, self.form_questions, self.form_wordings)
