"""What a create and a read cost, as a share of what the bare Django view can do."""

import itertools
import json
import time
from dataclasses import dataclass, replace

from bench import load, stage
from bench.figures import median, table
from tests import factories

WORKERS, THREADS, CONNECTIONS = 2, 5, 8
SECONDS = 1.0  # a slice
SLICES = 9  # of each target
LONGEST = 300.0
# Slices in which others used more of the machine than this are not counted.
NOISE = 0.08
BARE = "bare view"
# How requests come: as from a proxy, or as a website's backend sends them, one now and then.
KEPT, EACH = "kept connections", "a connection each"
TARGETS = {"create": 0.18, "create with Idempotency-Key": None, "read": 0.22}


@dataclass(frozen=True)
class Target:
    """One thing to measure: which server, which requests, which status is right."""

    port: int
    next_request: load.NextRequest
    status: int

    def with_a_connection_each(self) -> "Target":
        """Return the same, as it is when each request comes by a new connection."""
        return replace(self, next_request=lambda: load.alone(self.next_request()))


def measure() -> str:
    """Return two tables of rates and of shares of the bare view's rate, by way to connect."""
    workspace = factories.make_workspace(is_paused=True)
    authorization = f"Authorization: Bearer {factories.make_key(workspace)}"
    lead = factories.make_lead(workspace)
    sizes = {"WEB_CONCURRENCY": str(WORKERS), "WEB_THREADS": str(THREADS)}
    with (
        stage.other_gunicorn("bare", WORKERS, THREADS) as bare,
        stage.other_gunicorn("bare", WORKERS, THREADS, BARE_MIDDLEWARE="0") as barest,
        stage.other_gunicorn("plain", WORKERS, THREADS) as plain,
        stage.Gunicorn(**sizes) as coachbot,
    ):
        get_root = load.request_bytes("GET", "/")
        get_lead = load.request_bytes(
            "GET", f"/api/public/leads/{lead.pk}", headers=[authorization]
        )
        kept = {
            BARE: Target(bare.port, lambda: get_root, 200),
            "bare view, no middleware": Target(barest.port, lambda: get_root, 200),
            "create in plain DRF": Target(plain.port, creates(authorization, first=3 * 10**8), 201),
            "create": Target(coachbot.port, creates(authorization), 201),
            "create with Idempotency-Key": Target(
                coachbot.port, creates(authorization, first=2 * 10**8, idempotent=True), 201
            ),
            "read": Target(coachbot.port, lambda: get_lead, 200),
        }
        targets = {(KEPT, name): target for name, target in kept.items()}
        targets |= {(EACH, name): target.with_a_connection_each() for name, target in kept.items()}
        slices = _run_slices(targets)
    return "\n".join(
        _as_table(way, {name: slices[way, name] for name in kept}) for way in (KEPT, EACH)
    )


def creates(
    authorization: str, *, first: int = 10**8, idempotent: bool = False
) -> load.NextRequest:
    """Return what yields one new lead after the other. first: the first phone's digits."""
    numbers = itertools.count(first)

    def next_request() -> bytes:
        number = next(numbers)
        extra = [f"Idempotency-Key: bench-{number}"] if idempotent else []
        return lead_request(authorization, f"+447{number}", *extra)

    return next_request


def lead_request(authorization: str, phone: str, *headers: str) -> bytes:
    """Return a POST of a lead as a website would send it."""
    body = {
        "name": "Jane Doe",
        "phone": phone,
        "consent": True,
        "email": "jane@acme.example",
        "goal": "Wants a call about the new product.",
        "metadata": {"companyName": "Acme Corp", "source": "landing page"},
    }
    return load.request_bytes(
        "POST",
        "/api/public/leads",
        headers=[authorization, *headers],
        body=json.dumps(body).encode(),
    )


@dataclass(frozen=True)
class Slice:
    """One short run: requests a second, milliseconds of processor each, others' share."""

    rate: float
    cost: float
    others: float


def _run_slices(targets: dict[tuple, Target]) -> dict[tuple, list[Slice]]:
    """Measure the targets in turns until each has had enough quiet slices, or time is up."""
    slices = {name: [_run_slice(name, target)] for name, target in targets.items()}
    # Plans that were made for empty tables would be kept until PostgreSQL counts for itself.
    stage.settle()
    end = time.monotonic() + LONGEST
    while time.monotonic() < end and any(len(quiet(mine)) < SLICES for mine in slices.values()):
        for name, target in targets.items():
            slices[name].append(_run_slice(name, target))
    return slices


def _run_slice(name: tuple, target: Target) -> Slice:
    """Raises RuntimeError at a wrong status."""
    before = stage.cpu_seconds()
    with stage.Bystanders() as others:
        result = load.run(
            target.port, target.next_request, connections=CONNECTIONS, seconds=SECONDS
        )
    if set(result.statuses) != {target.status}:
        raise RuntimeError(f"{name} was answered {dict(result.statuses)}")
    spent = stage.cpu_seconds() - before
    return Slice(result.rate, spent / len(result.latencies) * 1000, others.share)


def quiet(slices: list[Slice]) -> list[Slice]:
    """Return the slices in which others left the machine alone; the first was to warm up."""
    return [one for one in slices[1:] if one.others < NOISE]


def _as_table(way: str, slices: dict[str, list[Slice]]) -> str:
    kept = {name: _quietest(mine) for name, mine in slices.items()}
    bare = median([one.rate for one in kept[BARE]])
    rows = [
        [
            name,
            f"{median([one.rate for one in mine]):.0f}",
            f"{median([one.rate for one in mine]) / bare:.3f}",
            f"{min(one.rate for one in mine) / bare:.3f} to "
            f"{max(one.rate for one in mine) / bare:.3f}",
            TARGETS.get(name) or "",
            f"{median([one.cost for one in mine]):.2f}",
            f"{len(quiet(slices[name]))} of {len(slices[name])}",
            f"{max(one.others for one in mine):.0%}",
        ]
        for name, mine in kept.items()
    ]
    heads = [way, "requests/s", "of bare", "lowest to highest", "target", "CPU ms/request"]
    return table([*heads, "quiet slices", "others' share, most"], rows)


def _quietest(slices: list[Slice]) -> list[Slice]:
    return sorted(slices[1:], key=lambda one: one.others)[:SLICES]
