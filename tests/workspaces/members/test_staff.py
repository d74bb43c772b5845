"""Platform staff cannot take the last owner of a workspace away, by none of their pages."""

import pytest

from tests.dashboard import text_of
from tests.factories import make_user, make_workspace
from workspaces.members.owners import NEEDS_OWNER
from workspaces.models import Role, User


@pytest.fixture
def staff(visit):
    return visit(make_user(is_staff=True, is_superuser=True))


@pytest.fixture
def workspace():
    return make_workspace()


def save(staff, workspace, *rows):
    """Save a workspace's page. rows: of each member the role, and whether to remove them."""
    fields = {"memberships-TOTAL_FORMS": len(rows), "memberships-INITIAL_FORMS": len(rows)}
    for number, (member, role, is_removed) in enumerate(rows):
        fields |= {
            f"memberships-{number}-id": member.pk,
            f"memberships-{number}-workspace": workspace.pk,
            f"memberships-{number}-user": member.user_id,
            f"memberships-{number}-role": role,
            **({f"memberships-{number}-DELETE": "on"} if is_removed else {}),
        }
    return staff.post(
        f"/admin/workspaces/workspace/{workspace.pk}/change/",
        slug=workspace.slug,
        name=workspace.name,
        channel=workspace.channel,
        daily_call_limit="500",
        **fields,
    )


def owners_of(workspace):
    return workspace.memberships.filter(role=Role.OWNER).count()


@pytest.mark.parametrize(("role", "is_removed"), [(Role.OWNER, True), (Role.ADMIN, False)])
def test_last_owner_stays_one(staff, workspace, role, is_removed):
    make_user(workspace)
    [member] = workspace.memberships.all()

    answer = save(staff, workspace, (member, role, is_removed))

    assert answer.status_code == 200
    assert NEEDS_OWNER in text_of(answer)
    assert owners_of(workspace) == 1


def test_owner_goes_where_another_becomes_one(staff, workspace):
    make_user(workspace)
    make_user(workspace, Role.ADMIN)
    first, second = workspace.memberships.order_by("pk")

    answer = save(staff, workspace, (first, Role.OWNER, True), (second, Role.OWNER, False))

    assert answer.status_code == 302
    assert [member.user for member in workspace.memberships.all()] == [second.user]


def test_account_of_the_last_owner_cannot_be_deleted(staff, workspace):
    owner = make_user(workspace)

    page = staff.get(f"/admin/workspaces/user/{owner.pk}/delete/")
    staff.post(f"/admin/workspaces/user/{owner.pk}/delete/", post="yes")
    chosen = {"action": "delete_selected", "_selected_action": owner.pk, "post": "yes"}
    staff.post("/admin/workspaces/user/", **chosen)

    assert f"{workspace.slug}: {NEEDS_OWNER}" in text_of(page)
    assert User.objects.filter(pk=owner.pk).exists()
    assert owners_of(workspace) == 1


def test_account_of_one_of_two_owners_can_be_deleted(staff, workspace):
    owner, _ = make_user(workspace), make_user(workspace)

    staff.post(f"/admin/workspaces/user/{owner.pk}/delete/", post="yes")

    assert not User.objects.filter(pk=owner.pk).exists()
    assert owners_of(workspace) == 1
