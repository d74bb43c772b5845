"""Where a workspace wants to be told: endpoints are made, changed, switched and removed here.

Each change keeps `told_types` of the workspace right, by which those who publish see without a
query that nobody wants to know.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction
from django.db.models import QuerySet

from coachbot.db import clock
from workspaces.models import EventType, Off, User, WebhookEndpoint, Workspace
from workspaces.webhooks import outbox, signing, targets

MOST_ENDPOINTS = 20
# What an endpoint can be told of; a test goes to the one that is tested.
SUBSCRIBABLE = [kind for kind in EventType if kind != EventType.ENDPOINT_TEST]


class NotPossible(ValueError):
    """It cannot be done; `str()` says what to do instead."""


def create(
    workspace: Workspace, url: str, types: Sequence[str] = (), *, by: User | None = None
) -> tuple[WebhookEndpoint, str]:
    """Make an endpoint. Return it, and its secret for the only time.

    url: as people write it. types: of SUBSCRIBABLE; none means all.
    Raises targets.BadTarget, and NotPossible; both are ValueErrors.
    """
    checked, joined = _checked(url), _joined(types)
    secret = signing.new_secret()
    with _changing(workspace) as rows:
        if rows.count() >= MOST_ENDPOINTS:
            raise NotPossible(f"A workspace has at most {MOST_ENDPOINTS} endpoints. Delete one.")
        _require_new(rows, checked)
        endpoint = rows.create(workspace=workspace, url=checked, types=joined, created_by=by)
        signing.seal_secrets(endpoint, secret)
        endpoint.save(update_fields=["sealed"])
    return endpoint, secret


def change(endpoint: WebhookEndpoint, url: str, types: Sequence[str]) -> None:
    """Give an endpoint another URL and other types. Raises targets.BadTarget and NotPossible."""
    checked, joined = _checked(url), _joined(types)
    with _changing(endpoint.workspace) as rows:
        _require_new(rows.exclude(pk=endpoint.pk), checked)
        rows.filter(pk=endpoint.pk).update(url=checked, types=joined)


def rotate(endpoint: WebhookEndpoint) -> str:
    """Give an endpoint a new secret; the old one signs beside it for a day. Return the new one."""
    secret = signing.new_secret()
    with _changing(endpoint.workspace) as rows:
        row = rows.get(pk=endpoint.pk)
        former = signing.current_secret(row)
        signing.seal_secrets(row, secret, former)
        row.former_until = clock.now() + signing.OVERLAP
        row.save(update_fields=["sealed", "former_until"])
    return secret


def switch_on(endpoint: WebhookEndpoint) -> None:
    """Send to an endpoint again, first what waits for it."""
    with _changing(endpoint.workspace) as rows:
        rows.filter(pk=endpoint.pk).update(
            off_because="", off_at=None, failures=0, failing_since=None, rests_until=None
        )
        endpoint.deliveries.filter(state="pending").update(due_at=clock.now(), tries=0)
    outbox.wake([endpoint.pk])


def switch_off(endpoint: WebhookEndpoint) -> None:
    """Send nothing more to an endpoint; what happens from now on is not kept for it."""
    with _changing(endpoint.workspace) as rows:
        rows.filter(pk=endpoint.pk).update(off_because=Off.BY_HAND, off_at=clock.now())


def delete(endpoint: WebhookEndpoint) -> None:
    """Remove an endpoint and the log of what was sent to it."""
    switch_off(endpoint)  # nothing more is written down for it
    with transaction.atomic():
        # Locked first: whoever writes an event for it, or what came of an attempt, ends before.
        WebhookEndpoint.objects.select_for_update().filter(pk=endpoint.pk).first()
        list(endpoint.deliveries.select_for_update().values_list("pk", flat=True))
        WebhookEndpoint.objects.filter(pk=endpoint.pk).delete()


@transaction.atomic(durable=True)
def send_test(endpoint: WebhookEndpoint) -> None:
    """Send the event `endpoint.test` to an endpoint. Raises NotPossible where it is off."""
    require_on(endpoint)
    data = {
        "workspace": endpoint.workspace.slug,
        "sequence": None,
        "endpoint": {"id": endpoint.pk, "types": endpoint.type_list or ["*"]},
    }
    workspace_id = endpoint.workspace_id
    outbox.write(workspace_id, EventType.ENDPOINT_TEST, data, endpoints=[endpoint.pk])


def require_on(endpoint: WebhookEndpoint) -> None:
    """Let what a person sends go out now, whatever failed before. Raises NotPossible where off."""
    if not endpoint.is_on:
        raise NotPossible("The endpoint is off. Switch it on first.")
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(rests_until=None)


def read_types(text: str) -> list[str]:
    """Return types as a command line has them, with commas between."""
    return [part.strip() for part in text.split(",") if part.strip()]


@contextmanager
def _changing(workspace: Workspace) -> Iterator[QuerySet[WebhookEndpoint]]:
    """Let a workspace's endpoints be changed by one at a time, and note what they want then."""
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).filter(pk=workspace.pk).first()
        yield WebhookEndpoint.objects.filter(workspace=workspace)
        told = outbox.types_of(found) if (found := outbox.listening(workspace.pk)) else ""
        Workspace.objects.filter(pk=workspace.pk).update(told_types=told)
    workspace.told_types = told


def _checked(url: str) -> str:
    read = targets.read_url(url)
    targets.check(read)
    return read


def _joined(types: Sequence[str]) -> str:
    """Return types as they are stored. All of them are written as such: none may be missing."""
    unknown = sorted(set(types) - set(SUBSCRIBABLE))
    if unknown:
        raise NotPossible(f"There is no event {unknown[0]!r}. There are {', '.join(SUBSCRIBABLE)}.")
    return ",".join(kind for kind in SUBSCRIBABLE if kind in types)


def _require_new(rows: QuerySet[WebhookEndpoint], url: str) -> None:
    if rows.filter(url=url).exists():
        raise NotPossible("There is an endpoint with this address already.")
