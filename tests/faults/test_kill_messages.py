"""A worker ends by `kill -9` while it sends first messages: every lead is written to, and once;
where nobody could know whether a message had left, a second one says that it may be double. Whose
second one meets the same end is a person's.
"""

from collections import Counter

import pytest
from django.utils import timezone

from leads.models import UNSETTLED, LeadStatus, Message, MessageStatus, StatusReason
from tests.factories import make_phone
from tests.faults.kills import KILLS, one_of_two
from tests.servers import wait_until
from tests.written import make_written

pytestmark = pytest.mark.on_sqlite_too

MOST_LEADS = 40 * KILLS  # of a point; the worker that is not killed writes to most
FED_AT_ONCE = 3
SETTLED_WITHIN = 60
# Short enough that a test sees the end of it; the order of the figures is production's.
SHORT = {"TWILIO_TIMEOUT": "2", "TWILIO_LISTING_LAG": "6"}

STEPS = [
    "leads.messages.settling:wake_due:after",  # woken, nothing begun
    "leads.messages.sending:_begin:before",
    "leads.messages.sending:_begin:after",  # `sending` is committed, nothing sent
    "leads.messages.sending:_post:after",  # Twilio took it, no word of it written
    "leads.messages.results.outcomes:taken:before",
    "leads.messages.results.outcomes:taken:after",  # the sid is committed
]
# Nobody can know of these whether the message left: Twilio's list, or its callback, tells.
BEFORE_THE_ANSWER_IS_WRITTEN = ("_begin:after", "_post:after", "taken:before")


class Post:
    """Leads that write in, and what became of the messages to them."""

    def __init__(self, written):
        self.written, self.leads = written, []

    def feed(self) -> None:
        """Have something to send, unless enough is."""
        if self.unsettled().filter(status=MessageStatus.PENDING).exists():
            return
        if len(self.leads) < MOST_LEADS:
            self.leads += [self.written.submit(phone=make_phone("13")) for _ in range(FED_AT_ONCE)]

    def let_time_pass(self) -> None:
        """Let leases run out, as in the time until somebody starts the worker again."""
        now = timezone.now()
        self.unsettled().update(lease_until=None, look_at=now)

    def unsettled(self):
        return Message.objects.filter(workspace=self.written.workspace, status__in=UNSETTLED)


@pytest.fixture
def post(written_web, sandbox):
    written = make_written(sandbox, written_web, daily_call_limit=10_000)
    written.setup(list_lag=1)
    return Post(written)


@pytest.fixture
def kill_at(tmp_path, providers, post, written_web):
    """Return a function that lets one of two workers be killed at a step, again and again."""
    settings = {**providers, **SHORT, "PUBLIC_BASE_URL": written_web.base_url}
    with one_of_two(tmp_path, meanwhile=post.feed, **settings) as kill:
        yield kill


@pytest.mark.parametrize("telling", ["in_order", "never"])
@pytest.mark.parametrize("step", STEPS)
def test_kill_at(step, telling, kill_at, post):
    post.written.setup(telling=telling)
    kill_at(step)
    post.let_time_pass()

    wait_until(lambda: not post.unsettled().exists(), "all to be settled", SETTLED_WITHIN)
    accepted = Counter(lead.phone for lead in post.leads for _ in post.written.sent(lead))
    doubled = {lead.phone for lead in post.leads if len(post.written.sent(lead)) > 1}
    unwritten = {lead.phone for lead in post.leads} - set(accepted)
    assert unwritten <= left_to_people(post), "somebody was not written to, and nobody is told"
    assert len(unwritten) < len(post.leads) / 10
    assert max(accepted.values()) <= 2
    assert doubled <= flagged(post), "a message came twice, and nothing says so"
    assert not doubled or step.endswith(BEFORE_THE_ANSWER_IS_WRITTEN)


def left_to_people(post) -> set[str]:
    """Return those whose worker was killed at the first message, and at the second attempt, too."""
    waiting = post.written.workspace.leads.filter(
        status=LeadStatus.NEEDS_HUMAN, status_reason=StatusReason.MESSAGE_NOT_DELIVERED
    )
    return set(waiting.values_list("phone", flat=True))


def flagged(post) -> set[str]:
    rows = Message.objects.filter(workspace=post.written.workspace, may_be_double=True)
    return set(rows.values_list("conversation__lead__phone", flat=True))
