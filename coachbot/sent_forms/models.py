"""The forms that were sent, so that each is done once."""

from django.db import models
from django.db.models import Q


class SentForm(models.Model):
    """A form as one person sent it from one rendering of a page. claims is the only writer.

    Only a keyed digest of it is kept. What it came to is told to whoever sends it again: where
    the first was led to, and a sentence. Until there is an answer, `lease_until` says how long
    whoever works on it may take.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    lease_until = models.DateTimeField()
    location = models.TextField(blank=True)
    said = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(location="", said="") | (~Q(location="") & ~Q(said="")),
                name="sent_form_done_says_so",
            ),
        ]

    def __str__(self):
        return f"sent form {self.digest[:8]} ({'done' if self.location else 'running'})"
