"""Platform staff: a workspace's dashboard in one click, as a member who joined and is seen."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.dashboard import text_of
from tests.factories import make_invitation, make_lead, make_user, make_workspace
from workspaces.models import Membership, Role


@pytest.fixture
def staff():
    return make_user(is_staff=True, is_superuser=True)


def dashboard_of(workspace, deed="dashboard") -> str:
    return f"/admin/workspaces/workspace/{workspace.pk}/{deed}/"


def test_staff_who_are_members_land_on_the_page_they_want(cast, staff, visit):
    Membership.objects.create(workspace=cast.workspace, user=staff, role=Role.AGENT)
    lead = f"/admin/{cast.workspace.slug}/leads/{make_lead(cast.workspace).pk}"

    answer = visit(staff).get(dashboard_of(cast.workspace), next=lead)
    elsewhere = visit(staff).get(dashboard_of(cast.workspace), next="https://evil.example/")

    assert answer.headers["Location"] == lead
    assert elsewhere.headers["Location"] == f"/admin/{cast.workspace.slug}/"


def test_other_staff_join_first_and_the_owner_sees_it(cast, staff, visit):
    owner, visitor = visit(make_user(cast.workspace)), visit(staff)
    asked = visitor.get(dashboard_of(cast.workspace))
    assert not staff.memberships.exists()

    visitor.post(dashboard_of(cast.workspace), role="member")

    [entry] = cast.workspace.log.filter(code="member.join_as_staff")
    members = text_of(owner.get(f"/admin/{cast.workspace.slug}/settings/members"))
    assert "Join this workspace" in asked.text
    assert staff.memberships.get().role == Role.AGENT
    assert entry.request == {"by": staff.email, "member": staff.email, "role": "member"}
    assert f"{staff.email} Platform staff" in members
    assert visitor.get(f"/admin/{cast.workspace.slug}/").status_code == 200


def test_owner_removes_staff_like_any_member(cast, staff, visit):
    visit(staff).post(dashboard_of(cast.workspace), role="owner")
    owner = visit(make_user(cast.workspace))

    membership = staff.memberships.get()
    owner.post(f"/admin/{cast.workspace.slug}/settings/members/{membership.pk}/remove")

    assert visit(staff).get(f"/admin/{cast.workspace.slug}/").status_code == 404


def test_staff_leave_and_the_log_says_so(cast, staff, visit):
    make_user(cast.workspace)
    visit(staff).post(dashboard_of(cast.workspace), role="owner")

    visit(staff).post(dashboard_of(cast.workspace, "leave"))

    assert not staff.memberships.exists()
    assert cast.workspace.log.filter(code="member.leave_as_staff").count() == 1


def test_last_owner_does_not_leave(cast, staff, visit):
    visitor = visit(staff)
    visitor.post(dashboard_of(cast.workspace), role="owner")

    answer = visitor.post(dashboard_of(cast.workspace, "leave"))

    told = visitor.get(answer.headers["Location"])
    assert "A workspace needs an owner." in told.text
    assert staff.memberships.exists()


@pytest.mark.parametrize(
    ("fields", "status"), [({"is_staff": True}, 403), ({}, 302), ({"is_active": False}, 302)]
)
def test_who_may_not_add_members_does_not_join(cast, visit, fields, status):
    person = make_user(**fields)
    visitor, dashboard = visit(person), dashboard_of(cast.workspace)

    answers = [visitor.get(dashboard), visitor.post(dashboard)]

    assert {answer.status_code for answer in answers} == {status}
    assert not person.memberships.exists()


def test_staff_with_that_right_alone_join(cast, visit):
    person = make_user(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="add_membership"))

    visit(person).post(dashboard_of(cast.workspace), role="member")

    assert person.memberships.get().workspace == cast.workspace


def test_staff_without_a_workspace_are_told_where_all_are(staff, visit):
    told = visit(staff).get("/")

    assert "Ask" not in text_of(told)
    assert 'href="/admin/workspaces/workspace/"' in told.text


def test_staff_pages_change_no_members_past_the_log(cast, staff, visit):
    owner = make_user(cast.workspace)
    page = visit(staff).get(f"/admin/workspaces/workspace/{cast.workspace.pk}/change/").text

    assert owner.email in page
    assert 'name="memberships-0-role"' not in page
    assert visit(staff).get("/admin/workspaces/membership/add/").status_code == 404


def test_lists_ask_as_much_for_many_rows_as_for_few(staff):
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(staff)
    workspace = make_workspace()

    def queries(path):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    of_it = f"?workspace__id__exact={workspace.pk}"
    paths = [f"/admin/leads/lead/{of_it}", f"/admin/workspaces/workspace/{workspace.pk}/change/"]
    make_lead(workspace)
    make_invitation(workspace)
    few = [queries(path) for path in (*paths, *paths)][2:]  # the first time more is looked up
    for _ in range(5):
        make_lead(workspace)
        make_user(workspace)

    assert [queries(path) for path in paths] == few
