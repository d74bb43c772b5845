"""The page on which members choose what they are told, and admins the channel."""

import pytest

from tests.dashboard import text_of
from tests.factories import make_user, make_workspace
from workspaces.models import NoticeHook, NoticeKind, Role
from workspaces.notices import channel as channels
from workspaces.notices import kinds, preferences

NEEDS_HUMAN, BOOKED = NoticeKind.NEEDS_HUMAN, NoticeKind.BOOKED


def path(workspace, end="") -> str:
    return f"/admin/{workspace.slug}/notices{end}"


def ticked(page: str, way: str) -> set[str]:
    """Return the kinds whose box of a column is ticked."""
    found = [kind for kind in NoticeKind if f'name="{way}" value="{kind}" checked' in page]
    return set(found)


def test_page_shows_what_a_role_is_told(workspace, visit):
    owner, member = make_user(workspace), make_user(workspace, Role.AGENT)

    page = visit(owner).get(path(workspace)).text

    assert ticked(page, "mail") == set(kinds.URGENT)
    assert ticked(page, "digest") == set(kinds.OF_THE_MORNING)
    assert ticked(visit(member).get(path(workspace)).text, "mail") == set()


def test_member_chooses_for_themselves_alone(workspace, visit):
    member, other = (make_user(workspace, Role.AGENT) for _ in range(2))
    fields = {"mail": [BOOKED], "digest": [NEEDS_HUMAN, BOOKED], "digest_hour": "6"}

    answer = visit(member).post(path(workspace, "/choose"), **fields)

    assert answer.status_code == 302
    choice = preferences.chosen(preferences.reader_of(member.memberships.get()))
    assert (choice.by_mail, choice.in_digest) == ((BOOKED,), (NEEDS_HUMAN, BOOKED))
    assert choice.digest_hour == 6
    assert preferences.chosen(preferences.reader_of(other.memberships.get())).by_mail == ()


@pytest.mark.parametrize("fields", [{"mail": "gossip"}, {"digest_hour": "24"}, {"digest_hour": ""}])
def test_choice_that_is_none_changes_nothing(workspace, visit, fields):
    owner = make_user(workspace)

    answer = visit(owner).post(path(workspace, "/choose"), **{"digest_hour": "8", **fields})

    assert "Choose of the boxes and the hours that are there." in text_of(answer)
    assert preferences.reader_of(owner.memberships.get()).is_default


def connected(workspace) -> NoticeHook:
    sealed = channels.seal({"url": "https://hooks.example/s3cr3t"}, workspace.pk, "notice_hook")
    return NoticeHook.objects.create(
        workspace=workspace, sealed=sealed, host="hooks.example", kinds=NEEDS_HUMAN
    )


def test_channels_column_is_the_admins(workspace, visit):
    connected(workspace)
    admin, member = make_user(workspace, Role.ADMIN), make_user(workspace, Role.AGENT)
    fields = {"hook": [BOOKED], "digest_hour": "8"}

    visit(member).post(path(workspace, "/choose"), **fields)
    assert channels.of(workspace).kinds == NEEDS_HUMAN
    visit(admin).post(path(workspace, "/choose"), **fields)

    assert channels.of(workspace).kinds == BOOKED
    page = visit(member).get(path(workspace)).text
    assert ticked(page, "hook") == {BOOKED} and page.count(" disabled>") == len(NoticeKind)


def test_address_is_checked_and_never_shown(workspace, visit):
    owner = visit(make_user(workspace))

    answer = owner.post(path(workspace, "/channel"), url="https://127.0.0.1/s3cr3t")
    assert "is not an address of the public internet" in text_of(answer)
    connected(workspace)

    page = owner.get(path(workspace))
    assert "hooks.example" in page.text and "s3cr3t" not in page.text


def test_channel_is_disconnected(workspace, visit):
    connected(workspace)
    owner = visit(make_user(workspace))

    assert "Disconnect the channel?" in text_of(owner.get(path(workspace, "/channel/disconnect")))
    owner.post(path(workspace, "/channel/disconnect"))

    assert channels.of(workspace) is None


def test_channel_of_another_workspace_stays(workspace, visit):
    other = make_workspace()
    connected(other)

    visit(make_user(workspace)).post(path(workspace, "/channel/disconnect"))
    answer = visit(make_user(workspace)).post(path(other, "/channel/disconnect"))

    assert answer.status_code == 404
    assert channels.of(other) is not None
