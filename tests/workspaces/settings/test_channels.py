"""Settings that concern one channel only, and those that are said otherwise there."""

import pytest

from tests.dashboard import text_of
from tests.factories import make_user, make_workspace
from workspaces.settings import in_words


@pytest.fixture(scope="module")
def written():
    """A workspace whose leads are written to."""
    return make_workspace(channel="whatsapp", follow_up_plan="gentle")


def section(visit, workspace, code) -> str:
    return text_of(visit(make_user(workspace)).get(f"/admin/{workspace.slug}/settings/{code}"))


def test_limits_of_calls_are_not_those_of_messages(visit, cast, written):
    of_calls, of_messages = (section(visit, each, "limits") for each in (cast.workspace, written))

    assert "Lines kept free" in of_calls and "Tokens of the language model" not in of_calls
    assert "Lines kept free" not in of_messages and "Tokens of the language model" in of_messages
    assert "Countries that may be called" in of_calls
    assert "Countries that may be written to" in of_messages


def test_follow_up_is_said_in_the_words_of_messages(visit, written):
    text = section(visit, written, "follow-up")

    assert "Hours of the first message" in text and "Hours of follow-ups" in text
    assert "voicemail" not in text.lower() and "called" not in text


def test_transfers_are_offered_to_those_who_call_only(visit, cast, written):
    assert "Transfers" in section(visit, cast.workspace, "limits")
    assert "Transfers" not in section(visit, written, "limits")


def test_limits_of_a_written_channel_are_saved(visit, written):
    owner = visit(make_user(written))
    path = f"/admin/{written.slug}/settings/limits"
    limits = {"daily_call_limit": "70", "daily_token_limit": "9000", "log_retention_days": "90"}

    owner.post(path, **{f"limits-{name}": value for name, value in limits.items()})

    written.refresh_from_db()
    assert (written.daily_call_limit, written.daily_token_limit) == (70, 9_000)
    assert "The limits are saved." in text_of(owner.get(path))


def test_pausing_says_what_stops(visit, written):
    owner, settings = visit(make_user(written)), f"/admin/{written.slug}/settings"

    owner.post(f"{settings}/pause")
    paused = text_of(owner.get(settings))
    owner.post(f"{settings}/resume")
    resumed = text_of(owner.get(settings))

    assert "Leads are saved, and nobody is written to." in paused
    assert "The agent writes again." in resumed


def test_plan_of_a_written_channel_says_nothing_of_voicemails(written):
    said = in_words.follow_up(written)

    assert said[0].startswith("At once, then 4 hours and 1 day")
    assert not any("voicemail" in sentence for sentence in said)
