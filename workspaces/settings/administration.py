"""What admins change about a workspace. Each deed writes one log row."""

import logging
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from coachbot.db import clock
from workspaces.connections import calcom_events, own_secrets
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import User, Workspace
from workspaces.settings import retention, taken_slugs
from workspaces.settings.slugs import check_slug
from workspaces.settings.taken_slugs import SlugTaken
from workspaces.webhooks import endpoints

logger = logging.getLogger(__name__)

ROWS_AT_ONCE = 2_000
TRIES = 5


def rename(*, workspace: Workspace, name: str, slug: str, by: User) -> None:
    """Give a workspace another name and slug. The old slug stays its own: links lead on from it.

    Raises BadSlug, of which SlugTaken is a kind.
    """
    old_slug = workspace.slug
    workspace.name, workspace.slug = name, check_slug(slug)
    try:
        with transaction.atomic():
            for taken in (old_slug, slug):
                taken_slugs.take(workspace, taken)
            workspace.save(update_fields=["name", "slug", "updated_at"])
    except IntegrityError as error:
        raise SlugTaken("Another workspace has this slug. Choose another.") from error
    calcom_events.look_again(workspace)
    _log(workspace, by, Action.RENAME, name=name, slug=slug)


def set_paused(*, workspace: Workspace, is_paused: bool, by: User) -> None:
    """Pause the agent, so that leads are saved and nobody is called, or resume it."""
    workspace.is_paused = is_paused
    workspace.save(update_fields=["is_paused", "updated_at"])
    _log(workspace, by, Action.PAUSE if is_paused else Action.RESUME)


class WouldErase(Exception):
    """The new settings erase leads or log rows in the next night; `loss` says how many."""

    def __init__(self, loss: retention.Loss):
        super().__init__(f"{loss.leads} leads and {loss.log_rows} log rows would be erased.")
        self.loss = loss


def change_settings(
    *, workspace: Workspace, by: User | None, may_erase: bool = False, **values
) -> None:
    """Give settings their new values, all or none. values: by the names of
    forms.settings.by_name.SETTINGS.

    by: None for who runs the server. may_erase: whether leads and log rows that get too old by it
    may go; else it raises WouldErase where there are such, and changes nothing.
    """
    if not may_erase and (loss := retention.loss_by(workspace, values, timezone.now())):
        raise WouldErase(loss)
    for name, value in values.items():
        setattr(workspace, name, value)
    workspace.save(update_fields=[*values, "updated_at"])
    _log(workspace, by, Action.CHANGE_SETTINGS, **values)


def renew_tool_secret(*, workspace: Workspace, by: User) -> None:
    """Make another secret for Vapi's events and tools; the one before stops working at once."""
    own_secrets.renew_tool_secret(workspace)
    _log(workspace, by, Action.RENEW_TOOL_SECRET)


def delete_workspace(*, workspace: Workspace, by: User) -> None:
    """Erase a workspace with its leads, calls, log and members. Its API keys answer 404.

    Large tables go in parts: one statement for a million rows would run into its time
    limit. Until it is done the agent is paused; a deletion cut short can be repeated. Raises
    OperationalError where so much is written meanwhile that it has to be.
    """
    slug, began = workspace.slug, clock.now()
    _close(workspace)
    tables: tuple[Any, ...] = (workspace.calls, workspace.leads, workspace.log)
    for rows in tables:
        old = rows.filter(created_at__lte=began)  # what still comes goes at the end
        while ids := list(old.values_list("pk", flat=True)[:ROWS_AT_ONCE]):
            _delete(rows.filter(pk__in=ids))
    calcom_events.say_farewell(workspace)
    _delete_row(workspace)
    logger.info("Workspace %s was deleted by user %s", slug, by.pk)


def _close(workspace: Workspace) -> None:
    """Let nothing more happen in a workspace: nobody is called, its keys answer 404, and nobody is
    told of anything.
    """
    workspace.is_paused = True
    workspace.save(update_fields=["is_paused", "updated_at"])
    workspace.api_keys.update(workspace=None)
    for endpoint in workspace.webhook_endpoints.all():
        endpoints.delete(endpoint)


@transaction.atomic(durable=True)
def _delete(rows: QuerySet[Any]) -> None:
    """Delete rows, locked first: whoever writes of them ends before, or finds them gone."""
    list(rows.select_for_update().values_list("pk", flat=True))
    rows.delete()


def _delete_row(workspace: Workspace) -> None:
    """Delete a workspace with what is left in it. Locked first, so nothing is added any more."""
    for tries_left in reversed(range(TRIES)):
        try:
            with transaction.atomic(durable=True):
                Workspace.objects.select_for_update().get(pk=workspace.pk).delete()
            return
        except OperationalError:  # a deadlock with somebody who held one of its rows
            if not tries_left:
                raise


def _log(workspace: Workspace, by: User | None, action: Action, **details) -> None:
    record.action(workspace_id=workspace.pk, actor=by, action=action, **details)
