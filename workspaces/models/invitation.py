"""What was sent to people who are to become members."""

from django.db import models
from django.db.models import Q

from workspaces.models.member import Membership, Role
from workspaces.models.workspace import Workspace


class Invitation(models.Model):
    """An offer of a role, to whoever owns an e-mail address. Of its token only the digest is kept.

    It is open until it was accepted or revoked; members.invitations says whether an open one can
    be accepted. The address is folded as those of accounts are.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=16, choices=Role.choices)
    # Empty once that member is gone: nobody stands for the invitation then.
    inviter = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="invitations"
    )
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)  # the daily deletion of old ones
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_open_once",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
            models.CheckConstraint(
                condition=Q(token_digest__regex=r"^[0-9a-f]{64}$"), name="invitation_digest_form"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_one_end"
            ),
        ]

    def __str__(self):
        return f"{self.email} is invited to {self.workspace}"

    @property
    def role_word(self) -> str:
        """Return how the role is called in a sentence."""
        return Role(self.role).word

    @property
    def is_to_be_owner(self) -> bool:
        return self.role == Role.OWNER
