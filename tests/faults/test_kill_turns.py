"""A worker ends by `kill -9` while it answers: no lead is left without an answer, each turn is sent
once, and in order; only where nobody could know whether a message left may a flagged one follow.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from leads.models import UNSETTLED, Conversation, Message, Turn
from tests.factories import make_lead
from tests.faults.kills import KILLS, one_of_two
from tests.leads.messages.turns.conftest import Chat
from tests.servers import wait_until
from tests.written import make_written

pytestmark = pytest.mark.on_sqlite_too

MOST_LEADS = 40 * KILLS  # of a point; the worker that is not killed answers most
FED_AT_ONCE = 3
SETTLED_WITHIN = 60
SHORT = {"TWILIO_TIMEOUT": "2", "TWILIO_LISTING_LAG": "6", "OPENAI_TIMEOUT": "5"}
# It asks for a profile and the slots first, and its tools are run once each.
WORDS = "Hello, I want to lose weight. sandbox:tools"

STEPS = [
    "leads.messages.turns.claims:for_waking:after",  # claimed, nobody woken
    "leads.messages.turns.claims:take:after",  # claimed, nothing begun
    "leads.messages.turns.stages:begin:after",
    "leads.messages.turns.stages:count:before",  # the model answered, nothing written
    "leads.messages.turns.stages:keep_round:after",  # after the answer, and after each tool
    "leads.agent.once:carry_out:after",  # a tool did it, the turn does not know
    "leads.messages.turns.stages:ready:before",
    "leads.messages.turns.stages:ready:after",  # the text stands, nothing sent
    "leads.messages.sending:_begin:after",  # `sending` is committed
    "leads.messages.sending:_post:after",  # Twilio took it
    "leads.messages.turns.stages:end:before",
    "leads.messages.turns.stages:leave:before",
]


class Talks:
    """Leads that write, and what is said to them."""

    def __init__(self, written, sandbox):
        self.written, self.sandbox, self.chats = written, sandbox, []

    def feed(self) -> None:
        """Have leads write, unless enough wait for an answer."""
        if self.waiting().exists() or len(self.chats) >= MOST_LEADS:
            return
        for _ in range(FED_AT_ONCE):
            lead = make_lead(self.written.workspace)
            Conversation.objects.create(lead=lead, channel="whatsapp")
            chat = Chat(self.written.workspace, lead, self.written.account, self.sandbox)
            self.written.write(lead, WORDS)
            self.chats.append(chat)
        self.waiting().update(due_at=timezone.now())

    def let_time_pass(self) -> None:
        """Let leases run out, as in the time until somebody starts the worker again."""
        now = timezone.now()
        self.waiting().update(lease_until=None)
        self.unsettled().update(lease_until=None, look_at=now)

    def waiting(self):
        of_workspace = Conversation.objects.filter(lead__workspace=self.written.workspace)
        return of_workspace.filter(due_at__isnull=False)

    def unsettled(self):
        return Message.objects.filter(workspace=self.written.workspace, status__in=UNSETTLED)

    def is_quiet(self) -> bool:
        """Whether everybody is answered, and nothing is on its way. Retries are hurried."""
        soon = timezone.now() + timedelta(seconds=2)
        self.waiting().filter(due_at__gt=soon).update(due_at=timezone.now())
        return not self.waiting().exists() and not self.unsettled().exists()


@pytest.fixture
def talks(written_web, sandbox, settings):
    settings.OPENAI_BASE_URL = f"{sandbox.base_url}/v1"
    written = make_written(sandbox, written_web, daily_token_limit=10**9)
    written.setup(list_lag=1)
    return Talks(written, sandbox)


@pytest.fixture
def kill_at(tmp_path, providers, talks, written_web):
    """Return a function that lets one of two workers be killed at a step, again and again."""
    settings = {**providers, **SHORT, "PUBLIC_BASE_URL": written_web.base_url}
    with one_of_two(tmp_path, meanwhile=talks.feed, **settings) as kill:
        yield kill


@pytest.mark.parametrize("step", STEPS)
def test_kill_at(step, kill_at, talks):
    kill_at(step)
    talks.let_time_pass()

    wait_until(talks.is_quiet, "everybody to be answered", SETTLED_WITHIN)
    # A worker may have been killed at one turn more than once.
    assert len(talks.chats) >= KILLS / 2
    for chat in talks.chats:
        assert_answered_once(chat)


def assert_answered_once(chat) -> None:
    turns = chat.turns()
    told = [(m.status, m.error_code, m.error) for m in chat.messages()]
    assert [turn.stage for turn in turns] == ["done"], [(t.stage, t.fault) for t in turns] + told
    # No calendar is connected, so it asks for a person in the end.
    assert Counter(turns[0].tool_calls.values_list("name", flat=True)) == {
        **{"updateLeadProfile": 1, "listSlots": 1, "escalateToHuman": 1}
    }
    sent = chat.sent()
    flagged = [message for message in chat.messages() if message.may_be_double]
    assert len(sent) == 1 or (len(sent) == 2 and flagged), "answered twice, and nothing says so"
    assert len({one.body for one in sent}) == 1, "the model was asked again"
    assert Turn.objects.filter(conversation__lead=chat.lead, stage="ready").count() == 0
