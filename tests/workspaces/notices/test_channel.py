"""Messages to a channel: grouped, again until they are taken, and to nowhere inside."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coachbot.work import engine
from leads import status
from leads.models import StatusReason
from tests.factories import make_lead, make_user, make_workspace
from tests.journeys.test_canaries import dump_database
from tests.workspaces.notices.people import text_of
from workspaces.models import NoticeHook, NoticeKind, NoticeReader, Role, Telling
from workspaces.notices import channel as channels
from workspaces.notices import posting, recording, spreading
from workspaces.webhooks.targets import BadTarget

NEEDS_HUMAN = NoticeKind.NEEDS_HUMAN


@pytest.fixture
def hook(workspace, owner, channel) -> NoticeHook:
    return channel.connect(workspace, owner)


def tell(workspace, *numbers, kind=NEEDS_HUMAN):
    for number in numbers:
        text = f"Lead {number} needs a person."
        recording.tell(workspace.pk, kind, state=str(number), text=text, path=f"leads/{number}")


def fails_since(hook, **ago):
    NoticeHook.objects.filter(pk=hook.pk).update(failing_since=timezone.now() - timedelta(**ago))


def test_channel_is_told_once_however_many_members_there_are(workspace, hook, channel):
    make_user(workspace), make_user(workspace, Role.ADMIN)
    lead = make_lead(workspace, name="<!channel> @here & co")
    status.move(lead.pk, StatusReason.AGENT_ESCALATED)

    for _ in range(2):
        channel.tell(hook)

    page = f"http://127.0.0.1/admin/{workspace.slug}/leads/{lead.pk}"
    shown = "!channel here &amp; co needs a person. The agent asked for a person."
    assert channel.bodies == [{"text": f"{shown}\n{page}"}]


def test_hundred_are_one_message_that_every_kind_of_channel_takes(workspace, hook, channel):
    tell(workspace, *range(100))

    channel.tell(hook)

    [text] = channel.texts
    assert text.startswith("100 leads need a person\n• Lead 0 needs a person.\n")
    assert "• and 88 more\n" in text and len(text) < 2_000


def test_only_the_kinds_of_the_channel_go_there(workspace, hook, channel):
    channels.choose(workspace, [NoticeKind.UNREACHED])
    tell(workspace, 1)
    tell(workspace, 2, kind=NoticeKind.UNREACHED)

    channel.tell(hook)

    assert [text.partition("\n")[0] for text in channel.texts] == ["Lead 2 needs a person."]


@pytest.mark.parametrize("statuses", [[500, 503], [429, 429], [302], [404, 410]])
def test_channel_that_was_away_is_told_all_once_it_is_back(workspace, hook, channel, statuses):
    channel.statuses = list(statuses)
    channel.headers = {"Location": channel.url}
    for number in range(len(statuses)):
        tell(workspace, number)
        channel.tell(hook)
    hook.refresh_from_db()
    assert hook.failing_since and hook.tries == len(statuses)
    assert not Telling.objects.filter(hook=hook).exclude(told_at=None).exists()

    channel.tell(hook)

    assert all(f"Lead {number} needs" in channel.texts[-1] for number in range(len(statuses)))
    assert len(channel.texts) == len(statuses) + 1  # and no redirect was followed
    hook.refresh_from_db()
    assert (hook.failing_since, hook.error_code, hook.tries) == (None, "", 0)


def test_rests_grow_to_an_hour(workspace, hook, channel):
    rests = []
    for number in range(9):
        channel.statuses = [500]
        tell(workspace, number)
        channel.tell(hook)
        hook.refresh_from_db()
        rests.append(round((hook.quiet_until - timezone.now()).total_seconds(), -1))

    assert rests[0] == 30 and rests[1] == 60 and rests[-1] == 3600


def test_channel_that_is_gone_for_three_days_is_off_and_its_admins_are_told(
    workspace, hook, channel, owner, people
):
    channel.statuses = [404, 404]
    tell(workspace, 1)
    fails_since(hook, days=2, hours=23)
    channel.tell(hook)
    assert NoticeHook.objects.get(pk=hook.pk).is_on

    fails_since(hook, days=3)
    channel.tell(hook)
    NoticeReader.objects.update(quiet_until=None)
    tell(workspace, 2)
    channel.tell(hook)

    hook.refresh_from_db()
    assert (hook.is_on, hook.error_code) == (False, "channel.gone")
    assert len(channel.bodies) == 2
    told = "The channel at 127.0.0.1 took nothing for three days."
    assert any(told in text_of(mail) for mail in people.mails_to(owner))
    assert workspace.log.filter(code="channel.off").count() == 1


def test_address_that_is_entered_anew_switches_it_on(workspace, hook, channel, owner):
    NoticeHook.objects.filter(pk=hook.pk).update(off_at=timezone.now())

    hook = channel.connect(workspace, owner)
    tell(workspace, 1)
    channel.tell(hook)

    assert hook.is_on and len(channel.bodies) == 1


def test_wake_up_that_comes_twice_tells_once(workspace, hook, channel, monkeypatch):
    woken = []
    monkeypatch.setattr(engine, "wake", lambda task, *args: woken.append(args) or True)
    tell(workspace, 1)
    spreading.spread()

    for _ in range(2):
        posting.wake_due()
    mine = [args for args in woken if args[0] == hook.pk]
    for _ in range(2):
        posting.post.call_local(*mine[0])

    assert len(mine) == len(channel.bodies) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/services/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
        "https://user:password@hooks.slack.com/x",
        "ftp://hooks.slack.com/x",
        "hooks.slack.com",
    ],
)
def test_address_that_leads_inside_or_is_none_is_refused(workspace, owner, url):
    with pytest.raises(BadTarget):
        channels.connect(workspace, url, owner)

    assert channels.of(workspace) is None


def test_address_that_leads_inside_by_now_is_not_asked(workspace, hook, channel, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    tell(workspace, 1)

    channel.tell(hook)

    assert channel.bodies == []
    hook.refresh_from_db()
    assert hook.error_code == "channel.address_refused"


def test_address_is_a_secret_everywhere(workspace, hook, channel):
    channel.statuses = [500]
    tell(workspace, 1)
    channel.tell(hook)

    assert "s3cr3t" not in dump_database()
    assert NoticeHook.objects.get(pk=hook.pk).host == "127.0.0.1"


def test_address_is_sealed_under_a_new_key(workspace, hook, settings):
    old = hook.sealed
    settings.ENCRYPTION_KEYS = [
        "bmV3IGtleSBuZXcga2V5IG5ldyBrZXkgbmV3IGtleSE=",
        *settings.ENCRYPTION_KEYS,
    ]

    channels.reseal_all()

    hook.refresh_from_db()
    assert hook.sealed != old and channels.address_of(hook).endswith("/s3cr3t")


def test_other_workspaces_tell_nothing_here(hook, channel):
    tell(make_workspace(), 1)

    channel.tell(hook)

    assert channel.bodies == []
