"""python manage.py connect SLUG PROVIDER --FIELD VALUE ... [--verify]"""

import argparse

from django.core.management.base import BaseCommand, CommandError

from coachbot.providers.findings import Finding
from workspaces.connections import accounts
from workspaces.connections.connection import Connection, TakenElsewhere
from workspaces.connections.forms.registry import CONNECTIONS
from workspaces.management.standard_input import value_of
from workspaces.models import Workspace


class Command(BaseCommand):
    help = (
        "Store a workspace's account at a provider. Fields that are left out stay as they are "
        "stored. Give secrets as -, which reads a line from standard input."
    )

    def add_arguments(self, parser):
        fields = (f"{code} ({' '.join(_options(row))})" for code, row in CONNECTIONS.items())
        parser.add_argument("slug")
        parser.add_argument("provider", help=f"with its fields: {'; '.join(fields)}")
        # Which fields there are depends on the provider.
        parser.add_argument("fields", nargs=argparse.REMAINDER, help="--FIELD VALUE ... [--verify]")

    def handle(self, *, slug, provider, fields, **options):
        workspace = Workspace.objects.filter(slug=slug).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {slug!r}.")
        if provider not in CONNECTIONS:
            raise CommandError(
                f"{provider}: no such provider. There are: {', '.join(CONNECTIONS)}."
            )
        connection = CONNECTIONS[provider]
        if not connection.serves(workspace):
            raise CommandError(
                f"{connection.label} is for {connection.channel} workspaces, and {slug} is a "
                f"{workspace.channel} one. Nothing was stored."
            )
        texts, is_verified_first = _parse(connection, fields)
        account = _account(workspace, connection, texts)
        connect = _connect_verified if is_verified_first else accounts.connect
        try:
            findings = connect(workspace=workspace, connection=connection, account=account, by=None)
        except TakenElsewhere as error:
            raise CommandError(f"{_told(error.field)}: {error}") from error
        for finding in findings or ():
            self.stdout.write(finding.sentence)
        self.stdout.write(_done(workspace, connection, account))


class FieldParser(argparse.ArgumentParser):
    """The fields of one provider. What is wrong is a CommandError, where argparse exits with 2."""

    def error(self, message):
        raise CommandError(message)


def _parse(connection: Connection, words: list[str]) -> tuple[dict[str, str], bool]:
    """Return the texts of the fields that are given, in their order, and whether to verify.

    Raises CommandError; no value is repeated in it, as it may be a secret.
    """
    parser = FieldParser(
        prog=f"manage.py connect SLUG {connection.code}",
        argument_default=argparse.SUPPRESS,  # so that what is not given is not there
        allow_abbrev=False,
    )
    parser.add_argument("--verify", action="store_true", help="store it if it is found right")
    for name, option in zip(connection.form.base_fields, _options(connection), strict=True):
        parser.add_argument(option, dest=name, metavar="VALUE")
    given, unknown = parser.parse_known_args(words)
    if unknown:
        names = [word.partition("=")[0] for word in unknown if word.startswith("--")]
        fault = f"{names[0]}: no such field." if names else "Write each field as --FIELD VALUE."
        raise CommandError(f"{fault} There are: {', '.join(_options(connection))}.")
    texts = vars(given)
    is_verified_first = texts.pop("verify", False)
    values = {
        name: value_of(_told(name), text, is_secret=name == connection.secret)
        for name, text in texts.items()
    }
    return values, is_verified_first


def _account(workspace: Workspace, connection: Connection, texts: dict[str, str]):
    """Return the account, with what is stored for the fields that are left out.

    Raises CommandError that names each field that is wrong.
    """
    stored, trouble = accounts.stored_account(workspace, connection)
    if texts.get(connection.secret, "x") == "":
        raise CommandError(f"{_told(connection.secret)}: it is empty. Leave it out to keep it.")
    kept = connection.open_facts(stored) if stored else {}
    form = connection.form({**kept, **texts}, stored=stored, prefix="")
    if not form.is_valid():
        faults = (f"{_told(name)}: {' '.join(told)}" for name, told in form.errors.items())
        raise CommandError(" ".join([*faults, trouble]).strip())
    return connection.account_type(**form.entered())


def _connect_verified(**account) -> list[Finding]:
    try:
        return accounts.connect_verified(**account)
    except accounts.NotVerified as error:
        sentences = [finding.sentence for finding in error.findings]
        raise CommandError("\n".join([*sentences, "Nothing was stored."])) from error


def _done(workspace: Workspace, connection: Connection, account) -> str:
    facts = connection.open_facts(account).items()
    shown = ", ".join(f"{_told(name)} {value}" for name, value in facts)
    return f"{workspace.slug} is connected to {connection.label}: {shown}."


def _options(connection: Connection) -> list[str]:
    return [f"--{_told(name)}" for name in connection.form.base_fields]


def _told(name: str) -> str:
    """Return a field's name as the command line has it. `from_`, a word of Python's, is from."""
    return name.rstrip("_").replace("_", "-")
