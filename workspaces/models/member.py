"""Who belongs to a workspace, and what they may do there."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from workspaces.models.workspace import Workspace


class Role(models.TextChoices):
    """What a member may do: each role may do what the ones below it may.

    The lowest is read and written as "member": on pages, "agent" is the assistant's word alone.
    """

    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    AGENT = "agent", "Member"

    @classmethod
    def _missing_(cls, value):
        """Take the word that people read for the stored one."""
        return cls.AGENT if value == cls.AGENT.label.lower() else None

    @property
    def word(self) -> str:
        """Return how the role is called in a sentence."""
        return self.label.lower()

    def includes(self, role: str) -> bool:
        """Return whether this role may do what the other may."""
        ranks = list(type(self))
        return ranks.index(self) <= ranks.index(type(self)(role))


class Membership(models.Model):
    """A user's place in a workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="membership_unique"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self):
        return f"{self.user} is {self.role} of {self.workspace}"

    @property
    def role_word(self) -> str:
        """Return how the role is called in a sentence."""
        return Role(self.role).word

    @property
    def is_owner(self) -> bool:
        return self.has_role(Role.OWNER)

    @property
    def is_admin(self) -> bool:
        """Return whether the member may do what an admin may; an owner may."""
        return self.has_role(Role.ADMIN)

    def has_role(self, role: str) -> bool:
        """Return whether the member may do what a role may."""
        return Role(self.role).includes(role)
