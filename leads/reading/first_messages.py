"""The steps to a workspace that writes to its leads by itself, by what is known to be so."""

from dataclasses import dataclass

from leads.models import MessagePurpose
from leads.reading import first_steps
from leads.reading.first_steps import Step
from workspaces.connections.checks import latest_check
from workspaces.models import CredentialKind, Workspace
from workspaces.settings import personas


@dataclass(frozen=True)
class WrittenSteps:
    """All of them, in the order in which they are done."""

    twilio: Step
    model: Step
    persona: Step
    message: Step
    calendar: Step
    intake: Step

    @property
    def all(self) -> list[Step]:
        return [self.twilio, self.model, self.persona, self.message, self.calendar, self.intake]

    @property
    def left(self) -> list[Step]:
        return [step for step in self.all if not step.is_done]


def steps(workspace: Workspace) -> WrittenSteps:
    """Return how far a workspace is. Each query is served by an index, however much is there."""
    return WrittenSteps(
        twilio=_twilio(workspace),
        model=_model(workspace),
        persona=_persona(workspace),
        message=_message(workspace),
        calendar=first_steps.calendar(workspace),
        intake=first_steps.intake(workspace),
    )


def _twilio(workspace: Workspace) -> Step:
    title, check = "Connect Twilio", latest_check(workspace, CredentialKind.TWILIO)
    if check.is_passed:
        found = "Twilio knows the account, the sender and the template."
        return Step(title, found, check.asked_at, is_stored=True)
    return first_steps.checked_step(title, "Twilio", check)


def _model(workspace: Workspace) -> Step:
    title, check = "Connect a language model", latest_check(workspace, CredentialKind.OPENAI)
    if check.is_passed:
        return Step(title, "The model answered.", check.asked_at, is_stored=True)
    return first_steps.checked_step(title, "The model", check)


def _persona(workspace: Workspace) -> Step:
    title, persona = "Tell the agent what you offer", personas.of(workspace)
    if not persona.offer:
        return Step(title)
    return Step(title, "It knows what you offer.", persona.updated_at)


def _message(workspace: Workspace) -> Step:
    """A message to somebody, and one that came back: then both ways work."""
    title = "Write to yourself"
    openers = workspace.messages.filter(
        purpose__in=[MessagePurpose.OPENER, MessagePurpose.FOLLOW_UP]
    )
    answered = openers.filter(conversation__last_inbound_at__isnull=False)
    latest = answered.order_by("-created_at").select_related("conversation").first()
    if latest is None or latest.conversation is None:
        return Step(title)
    at = latest.conversation.last_inbound_at
    return Step(title, "A lead was written to, and answered.", at)
