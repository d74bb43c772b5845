"""python manage.py workspace SLUG [--set NAME=VALUE ...]"""

import json

from django.core.management.base import BaseCommand, CommandError

from workspaces.forms.settings.by_name import SETTINGS, SettingsForm
from workspaces.models import Workspace
from workspaces.settings import administration


class Command(BaseCommand):
    help = "Change settings of a workspace by their names, all or none, and print them as JSON."

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument(
            "--set",
            nargs="+",
            action="extend",
            default=[],
            dest="changes",
            metavar="NAME=VALUE",
            help="`NAME=` empties a setting",
        )

    def handle(self, *, slug, changes, **options):
        workspace = Workspace.objects.filter(slug=slug).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {slug!r}.")
        if changes:
            values = _read(workspace, changes)
            administration.change_settings(workspace=workspace, by=None, may_erase=True, **values)
        settings = {name: getattr(workspace, name) for name in SETTINGS}
        settings["time_zone"] = workspace.zone_name
        shown = {"slug": workspace.slug, "name": workspace.name, "channel": workspace.channel}
        self.stdout.write(json.dumps({**shown, **settings}, ensure_ascii=False))


def _read(workspace: Workspace, changes: list[str]) -> dict:
    """Return the new values of what is to be changed. Raises CommandError that names each fault."""
    texts = dict(_pair(change) for change in changes)
    form = SettingsForm({**_as_texts(workspace), **texts})
    faults = {name: form.errors[name] for name in texts if name in form.errors}
    if faults:
        told = (f"{name}: {' '.join(map(str, errors))}" for name, errors in faults.items())
        raise CommandError(" ".join(told))
    return {name: form.cleaned_data[name] for name in texts}


def _pair(change: str) -> tuple[str, str]:
    name, equals, text = change.partition("=")
    if not equals:
        raise CommandError(f"{change}: write NAME=VALUE, or NAME= to empty the setting.")
    if name not in SETTINGS:
        raise CommandError(f"{name}: no such setting. There are: {', '.join(SETTINGS)}.")
    return name, text


def _as_texts(workspace: Workspace) -> dict[str, str]:
    values = {name: getattr(workspace, name) for name in SETTINGS}
    return {
        name: str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
        for name, value in values.items()
    }
