"""The sections of the settings."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.dashboard import text_of
from tests.factories import make_lead, make_user, make_workspace
from workspaces.connections import credentials
from workspaces.models import LogEntry, Role, Workspace
from workspaces.settings import retention


@pytest.fixture
def settings(cast):
    """Return the path of the settings page."""
    return f"/admin/{cast.workspace.slug}/settings"


def test_name_and_slug_are_changed_and_the_old_slug_is_gone(cast, settings, visit):
    owner = visit(make_user(cast.workspace))
    slug = f"{cast.workspace.slug}-2"

    answer = owner.post(f"{settings}/general", name="Other Name", slug=slug)

    assert answer.headers["Location"] == f"/admin/{slug}/settings"
    assert "Links with" in text_of(owner.get(answer.headers["Location"]))
    assert owner.get(settings).status_code == 404
    assert Workspace.objects.get(slug=slug).name == "Other Name"


@pytest.mark.parametrize("slug", ["login", "a", "Big Name", "-x-", "x" * 51, ""])
def test_slug_that_cannot_be_is_refused_and_what_was_typed_stays(cast, settings, visit, slug):
    answer = visit(make_user(cast.workspace)).post(f"{settings}/general", name="New", slug=slug)

    cast.workspace.refresh_from_db()
    assert answer.status_code == 200
    assert 'value="New"' in answer.text
    assert cast.workspace.name == "Test Studio"


def test_slug_of_another_workspace_is_refused(cast, settings, visit):
    other = make_workspace()

    answer = visit(make_user(cast.workspace)).post(
        f"{settings}/general", name="New", slug=other.slug
    )

    assert "Another workspace has this slug." in text_of(answer)


def test_country_is_chosen_by_its_name_and_counts_from_the_next_lead(cast, api, settings, browse):
    page = browse(make_user(cast.workspace))
    page.goto(f"{settings}/limits")
    refused = api.submit(phone="07400 123400")

    page.get_by_label("Country of numbers without a code").select_option("United Kingdom")
    page.get_by_role("button", name="Save the limits").click()
    page.get_by_text("The limits are saved.").wait_for()

    taken = api.submit(phone="07400 123400")
    chosen = page.get_by_label("Country of numbers without a code").input_value()
    assert (refused.status_code, taken.status_code) == (400, 201)
    assert cast.placed()[0].body["customer"]["number"] == "+447400123400"
    assert chosen == "GB"


def test_expensive_numbers_are_ticked_one_by_one(cast, settings, browse):
    page = browse(make_user(cast.workspace))
    page.goto(f"{settings}/limits")
    boxes = page.get_by_role("group", name="Expensive numbers that may be called")
    before = boxes.get_by_role("checkbox", checked=True).count()

    boxes.get_by_label("Personal, as +44 70").check()
    page.get_by_role("button", name="Save the limits").click()
    page.get_by_text("The limits are saved.").wait_for()

    cast.workspace.refresh_from_db()
    assert (before, cast.workspace.allowed_number_types) == (0, "personal")
    assert boxes.get_by_label("Personal, as +44 70").is_checked()
    assert boxes.get_by_role("checkbox", checked=True).count() == 1


def test_boxes_that_are_not_ticked_empty_the_setting(cast, settings, visit):
    Workspace.objects.filter(pk=cast.workspace.pk).update(allowed_number_types="satellite")

    visit(make_user(cast.workspace)).post(f"{settings}/limits", **{"limits-daily_call_limit": "9"})

    cast.workspace.refresh_from_db()
    assert cast.workspace.allowed_number_types == ""


def test_limits_are_saved_in_their_usual_form(cast, settings, visit):
    fields = {"daily_call_limit": "20", "allowed_countries": "ie, gb ,GB", "retention_days": ""}

    visit(make_user(cast.workspace)).post(
        f"{settings}/limits", **{f"limits-{name}": value for name, value in fields.items()}
    )

    cast.workspace.refresh_from_db()
    assert cast.workspace.daily_call_limit == 20
    assert cast.workspace.allowed_countries == "GB,IE"
    assert cast.workspace.retention_days is None


def test_retention_that_would_erase_leads_is_asked_first(cast, settings, visit):
    owner = visit(make_user(cast.workspace))
    for days in (5, 4, 1):
        make_lead(cast.workspace, created_at=timezone.now() - timedelta(days=days))
    fields = {"limits-daily_call_limit": "9", "limits-retention_days": "3"}

    asked = owner.post(f"{settings}/limits", **fields)
    back = owner.post(f"{settings}/limits", **fields, again="1")
    cast.workspace.refresh_from_db()
    unsaved = cast.workspace.retention_days, cast.workspace.daily_call_limit
    owner.post(f"{settings}/limits", **fields, agreed="1")

    cast.workspace.refresh_from_db()
    assert "Erase 2 leads tonight?" in text_of(asked) and "Nothing is saved yet" in text_of(asked)
    assert 'value="3"' in back.text and "The limits are saved." not in text_of(back)
    assert unsaved == (None, 500)
    assert (cast.workspace.retention_days, cast.workspace.daily_call_limit) == (3, 9)


@pytest.mark.parametrize(("old", "new"), [(None, 30), (3, 4), (3, 3), (3, None)])
def test_retention_that_erases_nobody_is_saved_at_once(cast, settings, visit, old, new):
    Workspace.objects.filter(pk=cast.workspace.pk).update(retention_days=old)
    make_lead(cast.workspace, created_at=timezone.now() - timedelta(days=10))

    answer = visit(make_user(cast.workspace)).post(
        f"{settings}/limits",
        **{"limits-daily_call_limit": "9", "limits-retention_days": new or ""},
    )

    cast.workspace.refresh_from_db()
    assert answer.status_code == 302
    assert cast.workspace.retention_days == new


def test_lead_that_gets_too_old_until_the_night_is_counted(cast):
    now = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
    make_lead(cast.workspace, created_at=now - timedelta(days=3) + timedelta(hours=7))
    make_lead(cast.workspace, created_at=now - timedelta(days=3) + timedelta(hours=8))

    loss = retention.loss_by(cast.workspace, {"retention_days": 3}, now)

    assert (loss.leads, loss.at) == (1, datetime(2026, 11, 27, 3, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("daily_call_limit", "-1", "greater than or equal to 0"),
        ("allowed_countries", "GB, Atlantis", "ATLANTIS: no such country."),
        ("allowed_number_types", "mobile", "mobile: no such kind of number."),
        ("default_country", "UK", "UK: no such country."),
        ("retention_days", "0", "greater than or equal to 1"),
    ],
)
def test_limit_that_cannot_be_is_refused(cast, settings, visit, field, value, complaint):
    answer = visit(make_user(cast.workspace)).post(
        f"{settings}/limits", **{"limits-daily_call_limit": "9", f"limits-{field}": value}
    )

    cast.workspace.refresh_from_db()
    assert complaint in text_of(answer)
    assert cast.workspace.daily_call_limit == 500


def test_stored_key_shows_its_last_four_and_stays_when_left_empty(cast, settings, visit):
    owner = visit(make_user(cast.workspace))
    account = credentials.vapi_account(cast.workspace.pk)

    page = owner.get(f"{settings}/vapi")
    owner.post(
        f"{settings}/vapi",
        api_key="",
        assistant_id=account.phone_number_id,
        phone_number_id=account.phone_number_id,
    )

    stored = credentials.vapi_account(cast.workspace.pk)
    assert account.api_key not in page.text
    assert f"The stored key ends in {account.api_key[-4:]}." in text_of(page)
    assert (stored.api_key, stored.assistant_id) == (account.api_key, account.phone_number_id)
    assert account.api_key not in str(list(LogEntry.objects.values()))


def test_first_account_needs_a_key(visit):
    workspace = make_workspace()
    ids = {"assistant_id": "5c1e8a50-6a3e-4c83-9a55-5f6c0c2b7d01", "phone_number_id": "+44 123"}

    answer = visit(make_user(workspace)).post(f"/admin/{workspace.slug}/settings/vapi", **ids)

    assert "Enter the private API key" in text_of(answer)
    assert "Enter a valid UUID." in text_of(answer)


def test_workspace_is_deleted_by_typing_its_slug(cast, api, settings, visit):
    owner = visit(make_user(cast.workspace))
    lead = make_lead(cast.workspace)

    wrong = owner.post(f"{settings}/delete", slug="something-else")
    assert "That is not the slug of this workspace" in text_of(wrong)
    answer = owner.post(f"{settings}/delete", slug=cast.workspace.slug)

    assert answer.headers["Location"] == "/"
    assert not Workspace.objects.filter(pk=cast.workspace.pk).exists()
    assert api.read(lead.pk).json() == {"ok": False, "error": "Workspace not found."}


def test_each_section_is_reached_by_the_navigation(cast, settings, visit):
    owner = visit(make_user(cast.workspace))
    page = owner.get(settings).text

    links = re.findall(r'class="section-link" href="([^"]+)"', page)

    assert [link.removeprefix(settings) for link in links] == [
        *("", "/limits", "/follow-up", "/transfers", "/form", "/vapi", "/calcom"),
        *("/members", "/delete"),
    ]
    for link in links:
        shown = owner.get(link).text
        assert f'class="section-link" href="{link}" aria-current="page"' in shown


def test_time_zone_that_is_not_one_stays_as_it_was_typed(cast, settings, visit):
    owner = visit(make_user(cast.workspace))

    answer = owner.post(f"{settings}/time-zone", time_zone="London")
    owner.post(f"{settings}/time-zone", time_zone="Europe/London")

    cast.workspace.refresh_from_db()
    assert 'value="London"' in answer.text
    assert "Did you mean Europe/London?" in text_of(answer)
    assert cast.workspace.time_zone == "Europe/London"


def test_section_whose_form_was_not_right_comes_back_alone(cast, settings, visit):
    answer = visit(make_user(cast.workspace)).post(f"{settings}/general", name="New", slug="login")

    assert 'value="New"' in answer.text
    assert "is taken by a page" in text_of(answer)
    assert "Calls a day" not in text_of(answer)


def test_admin_is_offered_no_deletion_and_agent_no_settings(cast, settings, visit):
    admin = visit(make_user(cast.workspace, Role.ADMIN))
    agent = visit(make_user(cast.workspace, Role.AGENT))

    assert f"{settings}/delete" not in admin.get(settings).text
    assert f'href="{settings}"' not in agent.get(f"/admin/{cast.workspace.slug}/leads").text
