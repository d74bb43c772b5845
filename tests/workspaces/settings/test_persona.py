"""What admins tell the agent of a written channel."""

import pytest

from tests.dashboard import text_of
from tests.factories import make_user, make_workspace
from workspaces.models import Persona, Role


@pytest.fixture(scope="module")
def workspace():
    return make_workspace(channel="whatsapp")


@pytest.fixture
def page(workspace):
    return f"/admin/{workspace.slug}/settings/persona"


def test_what_is_saved_is_there_again_and_escaped(workspace, page, visit):
    admin = visit(make_user(workspace, Role.ADMIN))

    answer = admin.post(page, name="Mia", offer="Trial: <b>free</b>\r\n£149 a month")

    saved = admin.get(page)
    persona = Persona.objects.get(workspace=workspace)
    assert answer.headers["Location"] == page
    assert (persona.name, persona.offer) == ("Mia", "Trial: <b>free</b>\n£149 a month")
    assert 'value="Mia"' in saved.text and "Trial: &lt;b&gt;free" in saved.text
    assert "The agent goes by it from now on." in text_of(saved)


def test_log_says_what_changed_and_not_how(workspace, page, visit):
    admin = visit(make_user(workspace, Role.ADMIN))

    admin.post(page, name="Mia", never_say="Nothing of Project Moon")

    row = workspace.log.filter(code="persona.change").latest("id")
    assert "never_say" in row.request["changed"]
    assert "Project Moon" not in str(row.request)


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("name", "x" * 61, "at most 60 characters"),
        ("role", "two\nlines", "Enter a name on one line."),
        ("offer", "x" * 4_001, "at most 4000 characters"),
    ],
)
def test_what_is_too_long_is_refused_and_stays(workspace, page, visit, field, text, said):
    answer = visit(make_user(workspace, Role.ADMIN)).post(page, **{field: text})

    assert answer.status_code == 200
    assert said in text_of(answer)


def test_text_of_the_longest_length_is_taken_whatever_its_line_breaks(workspace, page, visit):
    text = ("x" * 39 + "\r\n") * 99 + "y" * 40

    visit(make_user(workspace, Role.ADMIN)).post(page, offer=text)

    assert len(Persona.objects.get(workspace=workspace).offer) == 4_000


def test_voice_workspace_has_no_such_section(cast, workspace, page, visit):
    of_voice = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/settings")
    written = visit(make_user(workspace)).get(f"/admin/{workspace.slug}/settings")

    assert "What the agent says" not in of_voice.text
    assert "What the agent says" in written.text
