"""Fifty leads in conversation at once, two workers, a model that takes two seconds: each burst is
answered once, and soon; reads of the API are as quick as ever.
"""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.utils import timezone

from leads.models import Conversation, Message, Turn
from tests.factories import make_lead
from tests.faults.conftest import QUICK
from tests.leads.messages.turns.conftest import Chat
from tests.servers import wait_until
from tests.workers import Worker
from tests.written import make_written
from workspaces.connections import credentials

pytestmark = pytest.mark.on_sqlite_too

LEADS, THREADS = 50, "32"
BURST = ("Hello", "I want to lose weight", "sandbox:slow")
MEDIAN, LONGEST_READ = 8.0, 1.0


@pytest.fixture
def written(written_web, sandbox, settings):
    settings.OPENAI_BASE_URL = f"{sandbox.base_url}/v1"
    made = make_written(sandbox, written_web, daily_token_limit=10**9)
    key = credentials.openai_account(made.workspace.pk).api_key
    sandbox.providers["openai"].set(key, delay=2.0, behaviour="text")
    return made


@pytest.fixture
def workers(providers, written_web):
    settings = {**providers, **QUICK, "PUBLIC_BASE_URL": written_web.base_url}
    started = [Worker("--threads", THREADS, **settings).start() for _ in range(2)]
    yield started
    for worker in started:
        worker.kill()


def test_each_burst_is_answered_once_and_soon(written, workers, sandbox):
    chats = [make_chat(written, sandbox) for _ in range(LEADS)]

    with ThreadPoolExecutor(LEADS) as leads, ThreadPoolExecutor(1) as reader:
        writing = [leads.submit(write_burst, written, chat) for chat in chats]
        reads = reader.submit(read_for, written, chats[0].lead.pk, 12.0)
        for each in writing:
            each.result()
        wait_until(lambda: are_answered(chats), "everybody to be answered", 90)
        wait_until(lambda: not Turn.objects.exclude(stage="done").exists(), "turns to end", 30)
        took_reads = reads.result()

    seconds = sorted(wait_of(chat) for chat in chats)
    median, slowest_read = statistics.median(seconds), max(took_reads)
    print(
        f"\n{LEADS} leads: median {median:.1f} s, longest {seconds[-1]:.1f} s; "
        f"{len(took_reads)} reads, longest {slowest_read * 1000:.0f} ms"
    )
    assert all(len(chat.sent()) == 1 for chat in chats)
    assert all([turn.stage for turn in chat.turns()] == ["done"] for chat in chats)
    assert median < MEDIAN
    assert slowest_read < LONGEST_READ


def make_chat(written, sandbox) -> Chat:
    lead = make_lead(written.workspace)
    Conversation.objects.create(lead=lead, channel="whatsapp")
    return Chat(written.workspace, lead, written.account, sandbox)


def write_burst(written, chat) -> None:
    for text in BURST:
        written.write(chat.lead, text)
        time.sleep(0.5)


def read_for(written, lead_id, seconds: float) -> list[float]:
    took, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        assert written.api.read(lead_id).status_code == 200
        took.append(time.monotonic() - began)
        time.sleep(0.1)
    return took


def are_answered(chats) -> bool:
    ours = Message.objects.filter(conversation__lead__in=[chat.lead for chat in chats])
    return ours.outbound().exclude(sid="").count() >= len(chats)


def wait_of(chat) -> float:
    """Return the seconds from the lead's last message to the answer."""
    last = chat.conversation.last_inbound_at or timezone.now()
    [answer] = [message for message in chat.messages() if message.author == "agent"]
    return (answer.sent_at - last).total_seconds()
