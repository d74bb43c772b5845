"""How an assistant's set-up stands, by what is stored: no provider is asked."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from coachbot.providers.reading import fields, items, text
from coachbot.providers.vapi.account import Part
from workspaces.connections import credentials
from workspaces.connections.assistant import kept
from workspaces.models import CredentialKind, Workspace


@dataclass(frozen=True)
class Standing:
    """found: what Vapi said last of the assistant's server and tools, as findings are kept.

    is_right: whether nothing was missing. at, by: of the set-up that can be taken back, None and
    "" where there is none; before: what stood there, as names with words.
    """

    found: list[dict[str, object]]
    is_right: bool
    at: datetime | None
    by: str
    before: list[tuple[str, str]]


def standing(workspace: Workspace, assistant_id: str) -> Standing:
    """Return how the set-up of an assistant stands."""
    judgement = credentials.judgement_of(workspace.pk, CredentialKind.VAPI)
    known = judgement.findings if judgement else []
    found = [one for one in known if one["part"] in (Part.SERVER, Part.TOOLS)]
    was = kept.read(workspace, assistant_id)
    return Standing(
        found=found,
        is_right=bool(found) and all(one["is_fine"] for one in found),
        at=was.at if was else None,
        by=was.by if was else "",
        before=_before(was) if was else [],
    )


def _before(was: kept.Kept) -> list[tuple[str, str]]:
    server = fields(was.before.get("server"))
    url = text(server.get("url"))
    reported = [text(one) for one in items(was.before.get("serverMessages"))]
    return [
        ("Server URL", f"{shown_url(url)}{_with_what(server)}" if url else "none"),
        ("Reported", ", ".join(reported) if reported else "what Vapi reports by default"),
        ("Tools", ", ".join(filter(None, was.tools)) or "none"),
    ]


def _with_what(server: object) -> str:
    """Say that there is a proof with a server URL, and not what it is."""
    has_proof = any(fields(server).get(name) for name in ("secret", "headers", "credentialId"))
    return " (with a secret)" if has_proof else ""


def shown_url(url: str) -> str:
    """Return a URL as a page may show it: what stands behind a question mark is often a secret."""
    try:
        parts = urlsplit(url)
        shown = f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
    except ValueError:
        return "an address that cannot be read"
    return f"{shown}?…" if parts.query else shown
