"""A do-not-call list as a file, on the page of the list."""

import pytest

from coachbot.http.bodies.sizes import LARGEST_FORM, LARGEST_UPLOAD
from leads.contact.do_not_call import opt_outs
from leads.models import Way
from tests.dashboard import text_of
from tests.factories import make_lead, make_user, make_workspace
from workspaces.models import Role


@pytest.fixture
def workspace():
    return make_workspace(default_country="GB")


@pytest.fixture
def page(workspace):
    return f"/admin/{workspace.slug}/do-not-call"


@pytest.fixture
def upload(workspace, page, visit):
    """Return a function that uploads a file as a member; it returns what the page says then."""
    visitor = visit(make_user(workspace, Role.AGENT))

    def send(data: bytes, *, column="", name="list.csv") -> str:
        fields = {"upload-column": column}
        files = {"upload-file": (name, data)}
        answer = visitor.ask("POST", f"{page}/upload", data=fields, files=files)
        return text_of(visitor.get(page) if answer.status_code == 302 else answer)

    return send


def test_numbers_are_listed_in_the_spelling_of_the_workspace_s_country(workspace, upload):
    lead = make_lead(workspace, phone="+447400123402")

    told = upload(b"Name;Phone\nJane;07400 123401\nJoe;+44 (0)7400 123402\n")

    lead.refresh_from_db()
    assert "2 numbers are added." in told
    assert opt_outs.is_listed(workspace.pk, "+447400123401")
    assert lead.is_opted_out
    assert set(workspace.opt_outs.values_list("way", flat=True)) == {Way.UPLOAD}
    assert "Uploaded as a file" in told


def test_what_was_listed_and_what_cannot_be_read_is_told(workspace, upload):
    opt_outs.add(workspace, ["+447400123401"], way=Way.COMMAND)

    told = upload(b"phone\n07400123401\n07400123402\n07400123402\nJane\n4.47E+11\n\n12\n")

    assert "1 number is added. 1 was listed already." in told
    assert "3 lines are no phone number, and not listed: line 5-6, 8." in told
    assert workspace.opt_outs.count() == 2


@pytest.mark.parametrize(
    "data, column, told",
    [
        (b"", "", "The submitted file is empty."),
        (b"a,b\n1,2\n", "", "calls none of them"),
        (b"a,b\n1,2\n", "c", "names no column"),
        (b"07400123401\n" * 20_001, "", "These are 20,001 numbers."),
    ],
)
def test_what_is_no_list_does_nothing_and_is_said(workspace, upload, data, column, told):
    assert told in upload(data, column=column)
    assert not workspace.opt_outs.exists()


def test_ten_thousand_numbers_are_uploaded(workspace, upload):
    numbers = [f"07400{number:06d}" for number in range(10_000)]

    told = upload("\n".join(["phone", *numbers, "nobody"]).encode())

    assert "10,000 numbers are added." in told
    assert "1 line is no phone number, and not listed: line 10002." in told
    assert workspace.opt_outs.count() == 10_000
    assert opt_outs.is_listed(workspace.pk, "+447400009999")


@pytest.mark.parametrize("size, status", [(LARGEST_UPLOAD - 2_000, 200), (LARGEST_UPLOAD, 413)])
def test_a_file_has_its_bound(workspace, page, visit, size, status):
    answer = visit(make_user(workspace)).ask(
        "POST", f"{page}/upload", files={"upload-file": ("list.csv", b"x" * size)}
    )

    assert answer.status_code == status


@pytest.mark.parametrize("path", ["add", "check", "nothing-is-here"])
def test_no_other_form_takes_a_file(workspace, page, visit, path):
    visitor = visit(make_user(workspace))
    files = {"phones": ("list.csv", b"07400123401")}

    small = visitor.ask("POST", f"{page}/{path}", files=files)
    large = visitor.ask("POST", f"{page}/{path}", files={"phones": ("x", b"x" * LARGEST_FORM)})

    assert (small.status_code, large.status_code) == (404 if "not" in path else 200, 413)
    assert not workspace.opt_outs.exists()


def test_another_file_in_the_same_form_is_another_form(workspace, page, visit):
    visitor = visit(make_user(workspace))
    form = visitor.form_on(page)

    for number in (b"07400123401", b"07400123402", b"07400123402"):
        files = {"upload-file": ("list.csv", number)}
        answer = visitor.ask("POST", f"{page}/upload", data=form, files=files)
        assert answer.status_code == 302

    assert workspace.opt_outs.count() == 2
    assert "That was already sent" in text_of(visitor.get(page))


def test_a_member_uploads_a_list_in_the_browser(workspace, page, browse, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("Name,Phone\nJane,07400 123401\nJoe,none\n")
    tab = browse(make_user(workspace, Role.AGENT))
    tab.goto(page)

    tab.get_by_label("File").set_input_files(file)
    tab.get_by_role("button", name="Upload and add").click()

    tab.get_by_text("1 number is added.").wait_for()
    tab.get_by_text("1 line is no phone number, and not listed: line 3.").wait_for()
    tab.get_by_role("cell", name="Uploaded as a file").wait_for()
