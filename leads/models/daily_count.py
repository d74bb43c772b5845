"""How many calls a workspace has made on a day."""

from django.db import models

from workspaces.models import Workspace


class DailyCount(models.Model):
    """One workspace on one day, in UTC. Raised by one conditional UPDATE: contact.daily_count."""

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="daily_counts", db_index=False
    )
    day = models.DateField()
    # In a written channel, first messages and those of the plan.
    calls = models.PositiveIntegerField(default=0)
    # Tokens of the language model, asked and answered.
    tokens = models.PositiveBigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "day"], name="daily_count_unique"),
        ]

    def __str__(self):
        return f"{self.calls} calls on {self.day}"
