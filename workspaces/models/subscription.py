"""To whom a provider reports what happens at it: the webhooks that it has for a workspace."""

from django.db import models
from django.db.models import Q

from workspaces.models.workspace import Workspace


class SubscriptionState(models.TextChoices):
    """Where a webhook stands. One that is `leaving` is to be removed at the provider."""

    WANTED = "wanted"
    ACTIVE = "active"
    LEAVING = "leaving"


CURRENT = (SubscriptionState.WANTED, SubscriptionState.ACTIVE)


class SubscriptionQuerySet(models.QuerySet):
    """Named reads over subscriptions."""

    def current(self):
        """Return those that are to be there: one at most for each workspace."""
        return self.filter(state__in=CURRENT)


class Subscription(models.Model):
    """A webhook of Cal.com for one event type. Of connections, calcom_events says what is wanted,
    and calcom_webhooks does it; nothing else writes it.

    It is brought about, looked after and removed by whoever holds its lease, when it is due.
    """

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="subscriptions", db_index=False
    )
    state = models.CharField(
        max_length=8, choices=SubscriptionState.choices, default=SubscriptionState.WANTED
    )
    event_type_id = models.BigIntegerField()
    # The account by which it is made and removed, which may be another one by now.
    sealed = models.TextField()
    # Of the stored account, when it was taken from there.
    account_at = models.DateTimeField()
    # Cal.com's id of it; empty until it is known.
    webhook_id = models.CharField(max_length=64, blank=True, default="")
    url = models.CharField(max_length=500, blank=True, default="")
    subscribed_at = models.DateTimeField(null=True, blank=True)
    # Why it is not there yet: a code of the provider's table, or of connections.calcom_webhooks.
    error_code = models.CharField(max_length=64, blank=True, default="")
    failed_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        indexes = [
            # The worker: what is due, of all workspaces; there are as many rows as calendars.
            models.Index(fields=["due_at"], name="subscription_due"),
            models.Index(fields=["workspace"], name="subscription_of_workspace"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"],
                condition=Q(state__in=["wanted", "active"]),
                name="subscription_one_current",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SubscriptionState.values), name="subscription_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | ~Q(webhook_id=""),
                name="subscription_active_has_webhook_id",
            ),
        ]

    def __str__(self):
        return f"webhook at event type {self.event_type_id} ({self.state})"
