"""Everything that keeps the agent of a workspace from its work."""

from collections.abc import Iterator

from leads.intake import refused
from leads.reading.troubles import calcom, forms, rules, vapi, whatsapp
from leads.reading.troubles.trouble import Trouble, TroubleCode, counted, tally
from workspaces.log.glances import glance
from workspaces.models import Workspace

ORDER = list(TroubleCode)


def find(workspace: Workspace) -> list[Trouble]:
    """Return what keeps the agent from its work now; twenty queries, each served by an index."""
    found = [
        *rules.find(workspace),
        *calcom.find(workspace),
        *forms.find(workspace),
        *_people(workspace),
    ]
    found += vapi.find(workspace) if workspace.is_voice else whatsapp.find(workspace)
    return sorted(found, key=lambda trouble: ORDER.index(trouble.code))


def count(workspace: Workspace) -> int:
    """Return how many there are, as of some seconds ago where nothing was logged since."""
    return glance(workspace, "troubles", lambda: len(find(workspace)))


def _people(workspace: Workspace) -> Iterator[Trouble]:
    number, since = tally(refused.waiting(workspace))
    if number:
        people = counted(number, "person waits", "people wait")
        why = "the call could not be placed, and their site was told so."
        yield Trouble(TroubleCode.PEOPLE_REFUSED, people, why, since)
