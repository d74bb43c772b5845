"""What follows where the agent has no answer: another try, or one sentence to the lead and a
person who is told.
"""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from coachbot.db import clock
from coachbot.providers import ProviderError
from coachbot.providers.openai.errors import CAUSES, OF_ACCOUNT
from leads import status
from leads.agent.text.sentences import Sentence, say
from leads.contact import gate
from leads.messages import sending, window
from leads.messages.turns import claims, facts, stages
from leads.messages.turns.claims import Claim
from leads.models import Conversation, MessagePurpose, StatusReason, Turn, TurnStage
from workspaces.models import Workspace
from workspaces.webhooks import alerts

# After each failed attempt of a turn; after the last one it is given up.
PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
)
# A longer pause that is asked for is not believed: OpenAI's own client does so.
LONGEST_ASKED = timedelta(seconds=120)
# A fault of the account is told once in so long, whatever number of leads it keeps waiting.
QUIET = timedelta(hours=1)
FAILED, USED_UP = "agent.failed", "agent.tokens_used_up"
ACTION = "The agent could not answer"
INTERNAL = "internal"
# Why, for people; codes of providers are explained by their tables.
WHY = {
    "rounds": "The agent went round in circles with its tools.",
    "time": "The agent took too long to answer.",
    "unknown_tools": "The language model asked for tools that there are not.",
    "declined": "The language model declined to answer.",
    "filtered": "The filter of the language model's provider stopped the answer.",
    "turns_an_hour": "The lead wrote so often in an hour that the agent stopped answering.",
    "unreadable": "The lead sends what only a person can read or hear.",
    "not_sent": "The answer could not be sent.",
    "tool_busy": "What the agent wanted to do was still being done.",
    "window_closed": "WhatsApp's window closed before the agent had answered. Only a template can "
    "be sent now.",
    INTERNAL: "An answer failed again and again for a fault in Coachbot; its log has the details.",
}
BY_GUARD = "What the language model wrote was not fit to be sent ({code}), twice."


def why(code: str) -> str:
    """Return for people why a turn came to nothing. code: as it stands in the turn."""
    if code.startswith("openai."):
        cause = CAUSES.explain(code)
        return f"The agent could not answer. {cause.title}. {cause.fix}"
    return WHY.get(code) or BY_GUARD.format(code=code.replace("_", " "))


def pause_after(turn: Turn, error: ProviderError | None = None) -> timedelta | None:
    """Return how long to wait before the next attempt, None where there is none.

    turn: its attempts are counted already. error: may say itself when to come again.
    """
    if turn.attempts > len(PAUSES):
        return None
    asked = timedelta(seconds=getattr(error, "retry_after", None) or 0.0)
    pause = PAUSES[turn.attempts - 1]
    return max(pause, asked) if asked <= LONGEST_ASKED else pause


def give_up(
    claim: Claim,
    conversation: Conversation,
    turn: Turn,
    code: str,
    *,
    because: StatusReason = StatusReason.AGENT_FAILED,
    sentence: Sentence = Sentence.FAILED,
) -> None:
    """End a turn without an answer: a person is wanted, and the lead is told so where it can be.

    Raises Lost, and then does nothing.
    """
    lead_words = facts.words_of(conversation)
    with claims.writing(claim):
        if not stages.end(turn, TurnStage.GIVEN_UP, code):  # the lead wrote STOP meanwhile
            return
        status.move(conversation.lead_id, because, notes=why(code))
        if window.is_open(conversation, clock.now()) and _may_be_told(conversation, turn):
            text = say(sentence, lead_words)
            sending.write(conversation, purpose=MessagePurpose.FALLBACK, body=text, turn=turn)
        transaction.on_commit(partial(_tell, conversation, code))


def _may_be_told(conversation: Conversation, turn: Turn) -> bool:
    """Return whether the lead may be written to, now that a person is wanted."""
    conversation.lead.refresh_from_db(fields=["status", "status_reason", "status_at", "owner"])
    held = gate.ask_to_write(conversation.lead, MessagePurpose.FALLBACK, turn_began=turn.created_at)
    return held is None


def _tell(conversation: Conversation, code: str) -> None:
    """Write down that the agent failed; a fault of the account as an alert, once in a while."""
    workspace = conversation.lead.workspace
    if code in OF_ACCOUNT:
        since = timezone.now() - QUIET
        alerts.tell_once(
            workspace, since=since, code=FAILED, action=ACTION, error=why(code), error_code=code
        )
        return
    alerts.tell(
        workspace.pk,
        code=FAILED,
        action=ACTION,
        lead_id=conversation.lead_id,
        error=why(code),
        error_code=code if code.startswith("openai.") else "",
    )


def tell_used_up(workspace: Workspace) -> None:
    """Write an alert down that the tokens of the day are used up, once a day."""
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    alerts.tell_once(
        workspace,
        since=today,
        code=USED_UP,
        action="The agent's tokens of the day are used up",
        error=(
            f"The agent has used the {workspace.daily_token_limit:,} tokens of the day, and "
            "answers nobody before 00:00 UTC. To have it answer earlier, raise the limit in the "
            "settings."
        ),
    )
