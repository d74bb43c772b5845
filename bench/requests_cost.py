"""What a create and a read cost, as a share of what the bare Django view can do."""

import itertools
import json
from dataclasses import dataclass, field

from bench import load, stage
from bench.figures import median, table
from tests import factories

WORKERS, THREADS, CONNECTIONS = 2, 4, 8
ROUNDS, SECONDS = 5, 3.0
TARGETS = {"create": 0.18, "create with Idempotency-Key": None, "read": 0.22}


@dataclass(frozen=True)
class Target:
    """One thing to measure: which server, which requests, which status is right."""

    port: int
    next_request: load.NextRequest
    status: int


def measure() -> str:
    """Return the table of rates and of shares of the bare view's rate."""
    workspace = factories.make_workspace(is_paused=True)
    authorization = f"Authorization: Bearer {factories.make_key(workspace)}"
    lead = factories.make_lead(workspace)
    sizes = {"WEB_CONCURRENCY": str(WORKERS), "WEB_THREADS": str(THREADS)}
    with stage.bare_gunicorn(WORKERS, THREADS) as bare, stage.Gunicorn(**sizes) as coachbot:
        get_lead = load.request_bytes(
            "GET", f"/api/public/leads/{lead.pk}", headers=[authorization]
        )
        targets = {
            "bare view": Target(bare.port, lambda: load.request_bytes("GET", "/"), 200),
            "create": Target(coachbot.port, creates(authorization), 201),
            "create with Idempotency-Key": Target(
                coachbot.port, creates(authorization, idempotent=True), 201
            ),
            "read": Target(coachbot.port, lambda: get_lead, 200),
        }
        measured = _run_rounds(targets)
    return _as_table(measured)


def creates(authorization: str, *, idempotent: bool = False) -> load.NextRequest:
    """Return what yields one new lead after the other."""
    numbers = itertools.count(2 * 10**8 if idempotent else 10**8)

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


@dataclass
class Measured:
    """What the rounds came to: requests a second, and milliseconds of processor a request."""

    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)


def _run_rounds(targets: dict[str, Target]) -> dict[str, Measured]:
    """Measure each target in every round. Raises RuntimeError at a wrong status."""
    measured = {name: Measured() for name in targets}
    for turn in range(ROUNDS + 1):
        for name, target in targets.items():
            before = stage.cpu_seconds()
            result = load.run(
                target.port,
                target.next_request,
                connections=CONNECTIONS,
                seconds=SECONDS if turn else 1.0,
            )
            if set(result.statuses) != {target.status}:
                raise RuntimeError(f"{name} was answered {dict(result.statuses)}")
            if turn:  # the first one warms up
                spent = stage.cpu_seconds() - before
                measured[name].rates.append(result.rate)
                measured[name].costs.append(spent / len(result.latencies) * 1000)
    return measured


def _as_table(measured: dict[str, Measured]) -> str:
    bare = measured["bare view"]
    rows = []
    for name, mine in measured.items():
        shares = [rate / theirs for rate, theirs in zip(mine.rates, bare.rates, strict=True)]
        costs = [theirs / cost for cost, theirs in zip(mine.costs, bare.costs, strict=True)]
        rows.append(
            [
                name,
                f"{median(mine.rates):.0f}",
                f"{median(shares):.3f}",
                f"{min(shares):.3f} to {max(shares):.3f}",
                TARGETS.get(name) or "",
                f"{median(mine.costs):.2f}",
                f"{median(costs):.3f}",
            ]
        )
    heads = ["what", "requests/s", "of bare", "lowest to highest", "target"]
    return table([*heads, "CPU ms/request", "bare's CPU of it"], rows)
