"""The builder: what each button does, for those who have no JavaScript."""

import re

import pytest

from leads.forms import drafts, logos, versions
from leads.forms.definition import Definition, Kind, Language, Question
from tests.dashboard import text_of
from tests.factories import make_user, make_workspace
from tests.hosted_form import publish


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def owner(workspace, visit):
    return visit(make_user(workspace))


def fields_of(workspace, **changes) -> dict:
    """Return the draft as its page would send it, but for some changes."""
    draft = drafts.of(workspace)
    definition = draft.definition
    sent = {
        name: getattr(definition, name)
        for name in (
            *("title", "intro", "email", "goal", "consent", "policy_url", "button", "thanks"),
            *("language", "accent"),
        )
    }
    sent |= {"revision": draft.revision, "question": [q.id for q in definition.questions]}
    for question in definition.questions:
        sent |= {f"{question.id}-text": question.text, f"{question.id}-kind": question.kind}
        sent[f"{question.id}-options"] = "\n".join(question.options)
        sent |= {f"{question.id}-{name}": "on" for name in ("required",) if question.required}
    return {**sent, **changes}


def post(owner, workspace, ending="", **fields):
    return owner.post(f"/admin/{workspace.slug}/form{ending}", **fields)


def texts_of(workspace) -> list[str]:
    return [question.text for question in drafts.of(workspace).definition.questions]


def keep(workspace, *texts: str) -> list[str]:
    """Make a draft with some questions. Return their ids."""
    questions = tuple(Question(f"q_abc23{n}", text=text) for n, text in enumerate(texts, 2))
    drafts.change(workspace, Definition(questions=questions), seen=drafts.of(workspace).revision)
    return [question.id for question in questions]


def test_draft_is_saved_and_nobody_sees_it(workspace, owner):
    answer = post(owner, workspace, **fields_of(workspace, title="Hello", language="fr"))

    draft = drafts.of(workspace).definition
    assert answer.status_code == 302
    assert (draft.title, draft.language) == ("Hello", Language.FRENCH)
    assert owner.get(f"/forms/{workspace.slug}").status_code == 404


def test_question_is_added_filled_in_and_published(workspace, owner):
    added = post(owner, workspace, "/questions/add", **fields_of(workspace))
    [question] = drafts.of(workspace).definition.questions
    assert added.headers["Location"].endswith(f"/form#{question.id}")

    sent = fields_of(workspace) | {
        f"{question.id}-text": "How often?",
        f"{question.id}-kind": "one_choice",
        f"{question.id}-options": " Daily \n\nWeekly\nDaily",
        f"{question.id}-required": "on",
    }
    answer = post(owner, workspace, "/publish", **sent)

    assert answer.status_code == 302
    workspace.refresh_from_db()
    [asked] = versions.shown(workspace).definition.questions
    assert asked == Question(question.id, Kind.ONE_CHOICE, "How often?", True, ("Daily", "Weekly"))
    assert "Version 1 is published." in text_of(owner.get(f"/admin/{workspace.slug}/form"))
    row = workspace.log.get(code="form.publish")
    assert row.request["version"] == 1


def test_what_lacks_words_is_saved_and_not_published(workspace, owner):
    post(owner, workspace, "/questions/add", **fields_of(workspace))

    post(owner, workspace, "/publish", **fields_of(workspace, title="Hello"))

    page = text_of(owner.get(f"/admin/{workspace.slug}/form"))
    assert "not published yet. A question has no words yet." in page
    assert drafts.of(workspace).definition.title == "Hello"
    assert not workspace.form_versions.exists()


def test_questions_are_moved_by_their_buttons_with_what_was_typed(workspace, owner):
    ids = keep(workspace, "A", "B", "C")
    sent = fields_of(workspace) | {f"{ids[0]}-text": "Changed"}

    answer = post(owner, workspace, f"/questions/{ids[2]}/up", **sent)

    assert texts_of(workspace) == ["Changed", "C", "B"]
    page = owner.get(answer.headers["Location"].partition("#")[0])
    focused = re.search(r'formaction="([^"]+)" autofocus', page.text)[1]
    assert focused.endswith(f"/questions/{ids[2]}/up")


def test_questions_stand_in_the_order_in_which_they_are_sent(workspace, owner):
    ids = keep(workspace, "A", "B", "C")

    post(owner, workspace, **fields_of(workspace, question=[ids[1], ids[2], ids[0], ids[1]]))

    assert texts_of(workspace) == ["B", "C", "A"]


def test_question_is_removed(workspace, owner):
    ids = keep(workspace, "A", "B")

    post(owner, workspace, f"/questions/{ids[0]}/remove", **fields_of(workspace))

    assert texts_of(workspace) == ["B"]


def test_draft_of_somebody_else_is_not_undone_without_a_word(workspace, owner):
    mine = fields_of(workspace, title="Mine")
    keep(workspace, "Theirs")

    answer = post(owner, workspace, **mine)

    assert "Somebody else has changed the form" in text_of(answer) and "Mine" in answer.text
    assert texts_of(workspace) == ["Theirs"]
    again = dict(mine, revision=re.search(r'name="revision" value="(\d+)"', answer.text)[1])
    assert post(owner, workspace, **again).status_code == 302
    assert drafts.of(workspace).definition.title == "Mine"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"accent": "red"}, "Write a colour such as #2b57c8."),
        ({"policy_url": "javascript:alert(1)"}, "Write the whole address, with https://."),
        ({"title": "x" * 121}, "at most 120 characters"),
        ({"language": "xx"}, "Select a valid choice"),
    ],
)
def test_what_is_not_right_is_shown_again_and_not_saved(workspace, owner, changes, words):
    answer = post(owner, workspace, **fields_of(workspace, **changes))

    assert answer.status_code == 200 and words in text_of(answer)
    assert drafts.of(workspace).revision == 0


def upload(owner, workspace, data: bytes):
    return owner.ask(
        "POST",
        f"/admin/{workspace.slug}/form",
        data=fields_of(workspace),
        files={"logo": ("logo", data, "image/png")},
    )


@pytest.mark.parametrize(
    ("beginning", "media_type"),
    [
        (logos.PNG, "image/png"),
        (logos.JPEG, "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBP", "image/webp"),
    ],
)
def test_logo_is_kept_and_shown_as_what_it_is(workspace, owner, beginning, media_type):
    data = beginning + b"\x00" * (200_000 - len(beginning))

    assert upload(owner, workspace, data).status_code == 302
    post(owner, workspace, "/publish", **fields_of(workspace))

    path = re.search(r'class="logo" src="([^"]+)"', owner.get(f"/forms/{workspace.slug}").text)[1]
    shown = owner.get(path)
    assert (shown.content, shown.headers["Content-Type"]) == (data, media_type)
    assert shown.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (logos.PNG + b"\x00" * 200_000, "A logo has at most 200 kB."),
        (b"<svg onload=alert(1)>", "This file is no picture."),
        (b"", "empty"),
    ],
)
def test_file_that_can_be_no_logo_is_refused_in_words(workspace, owner, data, words):
    answer = upload(owner, workspace, data)

    assert answer.status_code == 200 and words in text_of(answer)
    assert not workspace.form_logos.exists()


def test_logos_that_nothing_shows_are_forgotten(workspace, owner):
    for number in range(3):
        upload(owner, workspace, logos.PNG + bytes([number]))

    post(owner, workspace, "/publish", **fields_of(workspace))

    assert workspace.form_logos.count() == 1
    post(owner, workspace, "/publish", **fields_of(workspace, without_logo="on"))
    assert workspace.form_logos.count() == 0


def test_preview_shows_what_is_typed_and_keeps_nothing(workspace, owner):
    publish(workspace, title="Published")

    typed = post(owner, workspace, "/preview", **fields_of(workspace, title="Typed just now"))

    assert "Typed just now" in text_of(typed)
    assert "frame-ancestors 'self'" in typed.headers["Content-Security-Policy"]
    assert drafts.of(workspace).definition.title == "Published"


def test_preview_leads_from_page_to_page_and_sends_nothing(workspace, owner):
    questions = (Question("q_abc232", text="A"), Question("q_abc233", text="B", starts_step=True))
    drafts.change(workspace, Definition(questions=questions), seen=0)
    path = f"/admin/{workspace.slug}/form/preview"

    pages = [
        owner.get(path),
        owner.get(path, step="0", go="next", q_abc232="x"),
        owner.get(path, step="1", go="send"),
    ]

    assert ["Step 1 of 2" in text_of(pages[0]), "Step 2 of 2" in text_of(pages[1])] == [True] * 2
    assert "Your phone rings now." in text_of(pages[2])
    assert not workspace.leads.exists() and not workspace.form_versions.exists()


def test_form_is_taken_offline(workspace, owner):
    publish(workspace)

    post(owner, workspace, "/unpublish")

    assert owner.get(f"/forms/{workspace.slug}").status_code == 410
    assert workspace.log.filter(code="form.unpublish").count() == 1


def test_ids_and_an_example_for_the_api_are_shown(workspace, owner):
    keep(workspace, "A")

    page = text_of(owner.get(f"/admin/{workspace.slug}/form"))

    assert "q_abc232" in page and "&quot;q_abc232&quot;: &quot;...&quot;" in page


def test_sites_are_named_in_the_settings(workspace, owner):
    path = f"/admin/{workspace.slug}/settings/form"

    wrong = owner.post(path, **{"form-form_sites": "example.com; default-src *"})
    right = owner.post(
        path,
        **{"form-form_sites": "https://WWW.Example.com:443/prices?x#y\nhttp://localhost:3000"},
    )

    workspace.refresh_from_db()
    assert "no address of a site" in text_of(wrong) and right.status_code == 302
    assert workspace.form_sites == "https://www.example.com,http://localhost:3000"
