"""Making a workspace."""

from django.core.exceptions import ValidationError
from django.db import transaction

from coachbot.providers.vapi import client as vapi
from coachbot.visible import clean_address, folded
from workspaces.connections import credentials
from workspaces.models import Channel, Membership, Role, User, Workspace
from workspaces.settings import taken_slugs
from workspaces.settings.slugs import check_slug
from workspaces.settings.taken_slugs import SlugTaken


@transaction.atomic
def create_workspace(
    *,
    slug: str,
    name: str,
    channel: Channel,
    owner_email: str | None = None,
    country: str = "",
    vapi_account: vapi.Account | None = None,
) -> tuple[Workspace, User | None]:
    """Make a workspace, its owner's membership and its Vapi credentials: all or nothing.

    country: ISO 3166 code of the numbers that are understood without theirs, and called.

    Return it with the owner if that user was made here: then nobody can sign in as it
    until a password is set. Raises BadSlug, of which SlugTaken is a kind, and
    ValidationError for a name or an address that cannot be kept.
    """
    if Workspace.objects.filter(slug=check_slug(slug)).exists():
        raise SlugTaken(f"A workspace with the slug {slug!r} exists already.")
    workspace = Workspace(
        slug=slug, name=name, channel=channel, default_country=country, allowed_countries=country
    )
    workspace.clean_fields()
    workspace.save(force_insert=True)
    taken_slugs.take(workspace, slug)
    new_owner = _add_owner(workspace, owner_email) if owner_email else None
    if vapi_account:
        credentials.connect_vapi(workspace, vapi_account)
    return workspace, new_owner


def _add_owner(workspace: Workspace, email: str) -> User | None:
    try:
        email = folded(clean_address(email))
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error
    User(email=email).clean_fields(exclude={"password"})
    owner, is_new = User.objects.get_or_make(email)
    Membership.objects.create(workspace=workspace, user=owner, role=Role.OWNER)
    return owner if is_new else None
