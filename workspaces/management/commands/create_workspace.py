"""python manage.py create_workspace SLUG --name NAME --owner EMAIL ..."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from coachbot.providers.vapi import client as vapi
from workspaces.forms.settings import CountryField
from workspaces.management.refusals import refusal
from workspaces.models import Channel
from workspaces.settings import onboarding
from workspaces.settings.slugs import BadSlug


class Command(BaseCommand):
    help = "Make a workspace with its owner and its Vapi account."

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument("--name", required=True)
        parser.add_argument("--channel", choices=Channel.values, default=Channel.VOICE)
        parser.add_argument("--owner", metavar="EMAIL", help="made if there is no such user")
        parser.add_argument("--country", help="whose numbers are understood and called: GB")
        parser.add_argument("--vapi-api-key")
        parser.add_argument("--vapi-assistant-id")
        parser.add_argument("--vapi-phone-number-id")

    def handle(self, *, slug, name, channel, owner, country, **options):
        try:
            workspace, new_owner = onboarding.create_workspace(
                slug=slug,
                name=name,
                channel=channel,
                owner_email=owner,
                country=_country(country),
                vapi_account=_account(options),
            )
        except BadSlug as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise refusal(error) from error
        self.stdout.write(f"Workspace {workspace.slug} is ready.")
        if new_owner:
            self.stdout.write(
                f"User {new_owner.email} is new. Set a password with: "
                f"python manage.py changepassword {new_owner.email}"
            )


def _country(text: str | None) -> str:
    try:
        return CountryField().clean(text or "")
    except ValidationError as error:
        raise CommandError(f"--country: {' '.join(error.messages)}") from error


def _account(options) -> vapi.Account | None:
    """Return the Vapi account of the options. All three parts belong together."""
    names = ("vapi_api_key", "vapi_assistant_id", "vapi_phone_number_id")
    parts = [options[name] for name in names]
    if any(parts) and not all(parts):
        raise CommandError(
            "Give --vapi-api-key, --vapi-assistant-id and --vapi-phone-number-id together."
        )
    return vapi.Account(*parts) if all(parts) else None
