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


def owners_of(workspace):
    return workspace.memberships.filter(role=Role.OWNER).count()


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
