"""How a business's assistant at a provider was set up by us, and what stood there before."""

from django.db import models
from django.db.models import Q

from workspaces.models.workspace import Workspace


class AssistantSetup(models.Model):
    """An assistant of Vapi's that was set up, or is being. Only connections.assistant writes it.

    Whoever changes the assistant holds its lease, so that two who press at once do it in turn.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="assistant_setups")
    # Vapi's id of it.
    assistant_id = models.CharField(max_length=64)
    # What stood on it before and what after, sealed, as others' secrets are in it; empty: nothing
    # is kept.
    sealed = models.TextField(blank=True, default="")
    # When it was set up, and the address of who did that.
    set_up_at = models.DateTimeField(null=True, blank=True)
    set_up_by = models.CharField(max_length=254, blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "assistant_id"], name="assistant_setup_unique"
            ),
            models.CheckConstraint(
                condition=Q(sealed="", set_up_at=None) | (~Q(sealed="") & ~Q(set_up_at=None)),
                name="assistant_setup_kept_with_its_time",
            ),
        ]

    def __str__(self):
        return f"set-up of assistant {self.assistant_id}"
