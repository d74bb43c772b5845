"""Accepting an invitation, by the digest of the token in its link.

Who accepts has to be the invited address: signed in as it, or with a new account made for it. An
account that exists is never changed, so that a link which was handed over instead of mailed opens
nobody's account.
"""

from django.db import IntegrityError, transaction

from coachbot.db import clock
from workspaces.log.actions import Action
from workspaces.members import owners
from workspaces.members.invitations import OPEN, Listed, State, log, state_of
from workspaces.models import Invitation, Membership, User


class CannotAccept(Exception):
    """The invitation makes nobody a member; `state` says why."""

    def __init__(self, state: State):
        super().__init__(state.label)
        self.state = state


class OtherAccount(Exception):
    """The invitation is for another address than that of the account."""


class AccountExists(Exception):
    """The invited address has an account, so none can be made for it."""


def look_up(digest: str) -> Listed | None:
    """Return the invitation of a token's digest, None where there is none."""
    invitation = _of_digest(digest)
    return Listed(invitation, state_of(invitation, clock.now())) if invitation else None


def accept(*, digest: str, user: User) -> Membership:
    """Make a user a member by the invitation of a token's digest; of two at once only one does.

    Who is a member already keeps their role. Raises CannotAccept and OtherAccount.
    """
    with transaction.atomic():
        invitation = _taken(digest)
        if user.email != invitation.email:
            raise OtherAccount
        membership, is_new = Membership.objects.get_or_create(
            workspace=invitation.workspace, user=user, defaults={"role": invitation.role}
        )
    if is_new:
        log(membership, Action.ACCEPT_INVITATION, invitation)
    return membership


def accept_with_new_account(*, digest: str, password: str) -> Membership:
    """Make an account for the invited address, and accept with it: both or neither.

    Raises CannotAccept, AccountExists, and passwords.TooManyAtOnce.
    """
    invitation = _of_digest(digest)
    if invitation is None:
        raise CannotAccept(State.UNKNOWN)
    user = User(email=invitation.email)
    user.set_password(password)  # takes long, so before the transaction
    with transaction.atomic():
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError as error:
            raise AccountExists from error
        return accept(digest=digest, user=user)


def hint_of(address: str) -> str:
    """Return as much of an address as its owner knows it by, and nobody else learns it from."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}…@{host}"


def _of_digest(digest: str) -> Invitation | None:
    rows = Invitation.objects.select_related("workspace", "inviter__user")
    return rows.filter(token_digest=digest).first()


def _taken(digest: str) -> Invitation:
    """Take an invitation for who accepts it now, in a transaction. Raises CannotAccept."""
    known = _of_digest(digest)
    if known is None:
        raise CannotAccept(State.UNKNOWN)
    owners.lock([known.workspace_id])
    now = clock.now()
    invitation = _of_digest(digest)
    state = state_of(invitation, now) if invitation else State.UNKNOWN
    if invitation is None or state != State.PENDING:
        raise CannotAccept(state)
    rows = Invitation.objects.filter(OPEN, token_digest=digest, expires_at__gt=now)
    if not rows.update(accepted_at=now):
        raise CannotAccept(State.ACCEPTED)
    return invitation
