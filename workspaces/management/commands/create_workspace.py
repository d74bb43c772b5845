"""python manage.py create_workspace SLUG --name NAME --owner EMAIL ..."""

import argparse

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from coachbot.providers.vapi import client as vapi
from workspaces.forms.settings.fields import CountryField
from workspaces.management.refusals import refusal
from workspaces.management.standard_input import value_of
from workspaces.models import Channel
from workspaces.settings import onboarding
from workspaces.settings.slugs import BadSlug

VAPI_OPTIONS = {
    "vapi_api_key": "--vapi-api-key",
    "vapi_assistant_id": "--vapi-assistant-id",
    "vapi_phone_number_id": "--vapi-phone-number-id",
}


class Command(BaseCommand):
    help = "Make a workspace with its owner and its Vapi account."

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument("--name", required=True)
        parser.add_argument("--channel", choices=Channel.values, default=Channel.VOICE)
        parser.add_argument("--owner", metavar="EMAIL", help="made if there is no such user")
        parser.add_argument("--country", help="whose numbers are understood and called: GB")
        for option in VAPI_OPTIONS.values():
            # What is not given is left out, so that the others stand in the order of the line.
            parser.add_argument(
                option,
                default=argparse.SUPPRESS,
                metavar="VALUE",
                help="- reads a line from standard input, as is right for the key",
            )

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
        if owner:
            dashboard = f"{settings.PUBLIC_BASE_URL}/admin/{workspace.slug}/"
            self.stdout.write(f"All else, up to a call to yourself, is done there: {dashboard}")


def _country(text: str | None) -> str:
    try:
        return CountryField().clean(text or "")
    except ValidationError as error:
        raise CommandError(f"--country: {' '.join(error.messages)}") from error


def _account(options) -> vapi.Account | None:
    """Return the Vapi account of the options. All three parts belong together."""
    # Options stand in the order of the command line, and so do the lines of standard input.
    given = {
        name: value_of(VAPI_OPTIONS[name], text, is_secret=name == "vapi_api_key")
        for name, text in options.items()
        if name in VAPI_OPTIONS
    }
    parts = [given.get(name) or "" for name in VAPI_OPTIONS]
    if any(parts) and not all(parts):
        raise CommandError(
            "Give --vapi-api-key, --vapi-assistant-id and --vapi-phone-number-id together."
        )
    return vapi.Account(*parts) if all(parts) else None
