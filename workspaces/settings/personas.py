"""What a business tells its agent: read, and changed by admins."""

from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import User, Workspace
from workspaces.models.persona import Persona

EXAMPLE = Persona(
    name="Mia",
    role="Assistant of Northside Studio, a gym with personal training",
    tone="Friendly and short, first names, no exclamation marks",
    offer="Personal training in small groups in Leeds, for people from 30 on.\n"
    "Trial hour: free. Twice a week: £149 a month, monthly notice.\n"
    "Timetable: https://northside.example/times",
    questions="What do you want to reach?\n"
    "Have you trained before, and is there anything that hurts?\n"
    "When could you come: mornings, evenings, weekends?\n"
    "Who lives more than an hour away does not fit.",
    never_say="No promises about weight or dates.\nNo advice on injuries: a trainer answers that.\n"
    "Nothing about other gyms.",
)


def of(workspace: Workspace) -> Persona:
    """Return what a workspace tells its agent; an empty one, not saved, where it told nothing."""
    found = Persona.objects.filter(workspace=workspace).first()
    return found or Persona(workspace=workspace)


def change(*, workspace: Workspace, by: User, **texts: str) -> None:
    """Store what the agent is told from now on. texts: by the columns of Persona.

    Writes one log row, which says what changed and not how: the texts are long.
    """
    before = of(workspace)
    changed = [name for name, text in texts.items() if getattr(before, name) != text]
    Persona.objects.update_or_create(workspace=workspace, defaults=texts)
    record.action(
        workspace_id=workspace.pk, actor=by, action=Action.CHANGE_PERSONA, changed=changed
    )
