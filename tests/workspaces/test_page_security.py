"""What holds on every page: the content security policy, cookies, no shadowed addresses."""

import re

import pytest
from django.contrib import admin

from tests.dashboard import text_of
from tests.factories import make_user, make_workspace
from tests.pages import visitor_pages, workspace_pages
from workspaces.models import Role
from workspaces.settings.slugs import RESERVED_SLUGS

INLINE = re.compile(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


def test_policy_holds_and_nothing_is_inline_on_any_page(cast, api, visit):
    api.submit()
    owner, stranger = visit(make_user(cast.workspace)), visit()

    for visitor, pages in ((owner, workspace_pages(cast.workspace)), (stranger, visitor_pages())):
        for path in pages.values():
            answer = visitor.get(path)

            policy = set(answer.headers["Content-Security-Policy"].split("; "))
            assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= policy
            assert not INLINE.search(answer.text), path


def test_pages_of_a_workspace_are_kept_by_no_cache(cast, visit):
    answer = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads")

    assert {"no-store", "private"} <= set(answer.headers["Cache-Control"].split(", "))


def test_form_without_its_token_is_refused_on_a_page_of_ours(cast, visit):
    visitor = visit(make_user(cast.workspace))
    visitor.session.cookies.clear(domain="", path="/", name="csrftoken")

    answer = visitor.post(f"/admin/{cast.workspace.slug}/settings/pause")

    cast.workspace.refresh_from_db()
    assert answer.status_code == 403
    assert "This form is too old" in text_of(answer)
    assert cast.workspace.is_paused is False


def test_every_first_word_of_the_staff_pages_is_no_slug():
    first = {re.match(r"\^?([a-z0-9_-]*)", str(p.pattern))[1] for p in admin.site.get_urls()}

    # One letter is too short for a slug, and an underscore is never in one.
    assert {word for word in first if len(word) > 1 and "_" not in word} <= set(RESERVED_SLUGS)


@pytest.mark.parametrize("path", ["user", "workspace", "apikey", "logentry"])
def test_staff_sees_rows_and_no_secrets(cast, api, visit, path):
    api.submit()
    staff = visit(make_user(is_staff=True, is_superuser=True))
    [key] = cast.workspace.api_keys.all()

    assert staff.get(f"/admin/workspaces/{path}/").status_code == 200
    row = staff.get(f"/admin/workspaces/apikey/{key.pk}/change/")
    assert key.prefix in row.text and key.digest not in row.text


@pytest.mark.parametrize("path", ["leads/lead", "workspaces/logentry", "workspaces/apikey"])
def test_staff_only_reads_leads_log_and_keys(visit, path):
    staff = visit(make_user(is_staff=True, is_superuser=True))

    assert staff.get(f"/admin/{path}/").status_code == 200
    assert staff.get(f"/admin/{path}/add/").status_code == 403


def test_owner_of_a_workspace_is_no_staff(cast, visit):
    owner = visit(make_user(cast.workspace, Role.OWNER))

    answer = owner.get("/admin/workspaces/user/")

    assert answer.status_code == 302
    assert owner.get(answer.headers["Location"]).status_code == 404


@pytest.mark.parametrize(
    ("countries", "status"), [("GB,IE", 302), ("GB, IE", 200), ("UK", 200), ("gb", 200)]
)
def test_staff_pages_take_codes_of_countries_only(visit, countries, status):
    workspace = make_workspace()
    staff = visit(make_user(is_staff=True, is_superuser=True))

    answer = staff.post(
        f"/admin/workspaces/workspace/{workspace.pk}/change/",
        **{
            "slug": workspace.slug,
            "name": workspace.name,
            "channel": workspace.channel,
            "daily_call_limit": "500",
            "daily_token_limit": "500000",
            "allowed_countries": countries,
            "first_call_hours": "always",
            "later_call_hours": "always",
            "calls_a_day_per_lead": "3",
            "lines_kept_free": "0",
            "memberships-TOTAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
        },
    )

    workspace.refresh_from_db()
    assert answer.status_code == status
    assert workspace.allowed_countries == (countries if status == 302 else "")
