"""What workers agree on: when each periodic task is due and who runs it, and when one was seen.

The rows live here and not in an app of the product: they know of no business, and `coachbot`
imports none.
"""

from django.db import models


class PeriodicTask(models.Model):
    """A task that is run again and again, by whichever worker claims it first."""

    name = models.CharField(max_length=64, primary_key=True)
    due_at = models.DateTimeField()
    # Whoever has claimed it holds it until then; null or past means that nobody does.
    lease_until = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return self.name


class Heartbeat(models.Model):
    """The one row that says when a worker did something last. The migration makes it."""

    seen_at = models.DateTimeField()
    # Since when it was away before that, until somebody took note of it.
    missed_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="work_one_heartbeat"),
        ]

    def __str__(self):
        return f"seen at {self.seen_at}"
