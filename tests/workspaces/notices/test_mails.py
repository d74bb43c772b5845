"""Mails of notices: grouped, clean, once each, to members only, and ended by one click."""

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from coachbot.mail.models import Mail, State
from leads import erasure, status
from leads.models import StatusReason
from tests.factories import make_lead, make_user, make_workspace
from tests.workspaces.notices.people import subject_of, text_of
from workspaces.members import roles
from workspaces.models import Notice, NoticeKind, NoticeReader, NoticeWay, Role
from workspaces.notices import preferences, recording
from workspaces.notices.preferences import Choice

NEEDS_HUMAN, BOOKED = NoticeKind.NEEDS_HUMAN, NoticeKind.BOOKED
PHONE = "+447911123456"


def tell(workspace, number, kind=NEEDS_HUMAN, text="Jane Doe needs a person."):
    recording.tell(workspace.pk, kind, state=f"state-{number}", text=text, path="leads/1")


def need_person(workspace, **fields):
    lead = make_lead(workspace, **fields)
    status.move(lead.pk, StatusReason.AGENT_ESCALATED, notes="TRANSCRIPT I am ill")
    return lead


def test_mail_says_who_it_is_about_and_leads_to_their_page(workspace, owner, people):
    lead = need_person(workspace)

    [mail] = people.mails_to(owner)

    told = "Jane Doe needs a person. The agent asked for a person."
    assert subject_of(mail) == f"{told} (Test Studio)"
    page = f"{django_settings.PUBLIC_BASE_URL}/admin/{workspace.slug}/leads/{lead.pk}"
    assert f"1 lead needs a person\n- {told}\n  {page}\n" in text_of(mail)
    assert mail["Auto-Submitted"] == "auto-generated"


def test_same_state_is_never_told_twice(workspace, owner, people, let_pass):
    for _ in range(3):
        tell(workspace, 1)
        people.tell()
        let_pass()

    assert len(people.mails_to(owner)) == 1


def test_hundred_in_a_minute_are_three_mails_that_tell_of_each(workspace, owner, people, let_pass):
    for number in range(100):
        tell(workspace, number)
        people.tell()  # as the worker does every few seconds
        if number == 60:  # the minute after the first mail is over
            let_pass()
    let_pass()

    mails = people.mails_to(owner)

    counted = [re.search(r"(\d+) leads? needs? a person", text_of(mail))[1] for mail in mails]
    assert counted == ["1", "61", "38"]
    assert "- and 28 more: " in text_of(mails[-1])
    assert NoticeReader.objects.get(membership__user=owner).in_row == 3


def test_one_alone_after_a_rest_goes_out_at_once(workspace, owner, people, let_pass):
    tell(workspace, 1)
    people.tell()
    let_pass(minutes=6)
    tell(workspace, 2)

    assert len(people.mails_to(owner)) == 2
    assert NoticeReader.objects.get(membership__user=owner).in_row == 1


def test_member_who_was_removed_gets_nothing_more(workspace, owner, people):
    leaving = make_user(workspace, Role.ADMIN)
    tell(workspace, 1)
    people.tell()
    tell(workspace, 2)
    people.tell()  # the second waits for the rest to be over

    by = owner.memberships.get()
    roles.remove_member(membership=leaving.memberships.get(), by=by)
    NoticeReader.objects.update(quiet_until=None)
    tell(workspace, 3)

    assert len(people.mails_to(leaving)) == 1
    assert len(people.mails_to(owner)) == 2


@pytest.mark.parametrize("is_active", [True, False])
def test_account_that_is_closed_gets_nothing(workspace, owner, people, is_active):
    owner.is_active = is_active
    owner.save()

    tell(workspace, 1)

    assert len(people.mails_to(owner)) == is_active


def test_other_workspaces_are_told_nothing(workspace, owner, people):
    stranger = make_user(make_workspace())

    tell(workspace, 1)

    assert len(people.mails_to(owner)) == 1
    assert people.mails_to(stranger) == []


def test_what_was_chosen_decides_also_for_what_waits(workspace, owner, people):
    tell(workspace, 1)
    people.tell()
    tell(workspace, 2)
    tell(workspace, 3, BOOKED, "Jane Doe has an appointment.")
    people.tell()
    preferences.choose(owner.memberships.get(), Choice((BOOKED,), ()))
    tell(workspace, 4, BOOKED, "Max has an appointment.")
    people.tell()
    NoticeReader.objects.update(quiet_until=None)

    [_, mail] = people.mails_to(owner)

    assert "1 appointment is booked\n- Max has an appointment." in text_of(mail)


def test_mail_server_that_is_away_loses_none(workspace, owner, people, inbox):
    inbox.answers = ["451 Try later"] * 3
    tell(workspace, 1)
    for _ in range(4):
        people.tell()
        Mail.objects.filter(state=State.WAITING).update(lease_until=timezone.now())

    assert Mail.objects.get().state == State.SENT
    assert len({mail["Message-ID"] for mail in people.mails_to(owner)}) == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Jane\r\nBcc: all@evil.example", "Jane Bcc ••• evil. example"),
        (f"Jane {PHONE}", "Jane +44•••56"),
        ("Jane 07911 123 456", "Jane •••"),
        ("ck_live_0123456789abcdef0123456789abcdef", "ck_live_••••••"),
        ("\u202eenaJ", "enaJ"),
        ("https://evil.example/x", "https evil. example x"),
        ("\u3164", "A lead"),
        ("J.R. O'Neil", "J. R. O'Neil"),
    ],
)
def test_name_cannot_do_harm_in_a_mail(workspace, owner, people, name, shown):
    need_person(workspace, name=name)

    [mail] = people.mails_to(owner)

    assert subject_of(mail).startswith(f"{shown} needs a person.")
    assert mail["Bcc"] is None and mail["To"] == owner.email
    whole = mail.as_string() + text_of(mail)
    assert "evil.example" not in whole and "911123456" not in whole.replace(" ", "")
    assert "89abcdef" not in whole


def test_canary_nothing_that_is_private_is_in_a_mail_or_a_row(workspace, owner, people):
    lead = need_person(workspace, phone=PHONE, email="jane@private.example", goal="SECRET goal")

    [mail] = people.mails_to(owner)

    rows = str(list(Notice.objects.filter(workspace=workspace).values()))
    for text in (mail.as_string(), text_of(mail), rows):
        for private in (PHONE, PHONE[1:], "TRANSCRIPT", "private.example", "SECRET"):
            assert private not in text
    assert str(lead.pk) in text_of(mail)


def test_lead_that_is_erased_is_told_of_no_more(workspace, owner, people):
    lead = need_person(workspace)

    erasure.erase_leads(workspace, [lead.pk])

    assert people.mails_to(owner) == []
    assert not Notice.objects.filter(lead_id=lead.pk).exists()


def link_in(mail) -> str:
    """Return the path that ends such mails, from the header."""
    url = re.fullmatch(r"<(.+)>", str(mail["List-Unsubscribe"]).strip())[1]
    return urlsplit(url).path


def test_one_click_ends_this_kind_without_a_sign_in(workspace, owner, people, visit):
    tell(workspace, 1)
    [mail] = people.mails_to(owner)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path, stranger = link_in(mail), visit()

    page = stranger.get(path)  # as a scanner of mails does, which changes nothing
    assert (page.status_code, "Stop these mails?" in page.text) == (200, True)
    assert NEEDS_HUMAN in preferences.chosen(reader_of(owner)).by_mail
    stranger.session.cookies.clear()
    done = stranger.session.post(
        stranger.base_url + path, data={"List-Unsubscribe": "One-Click"}, timeout=30
    )

    assert done.status_code == 200
    assert preferences.chosen(reader_of(owner)).by_mail == tuple(
        kind for kind in (NoticeKind.AGENT_TROUBLE, NoticeKind.ENDPOINT_OFF)
    )


def reader_of(user) -> NoticeReader:
    return NoticeReader.objects.select_related("membership").get(membership__user=user)


def test_link_ends_everything_and_a_broken_one_nothing(workspace, owner, people, visit):
    tell(workspace, 1)
    [mail] = people.mails_to(owner)
    everything = re.search(r"at all: http://[^/]+(/\S+)", text_of(mail))[1]

    assert visit().post(everything[:-2] + "xx").status_code == 404
    assert preferences.chosen(reader_of(owner)).by_mail
    for _ in range(2):
        assert visit().post(everything).status_code == 200

    choice = preferences.chosen(reader_of(owner))
    assert (choice.by_mail, choice.in_digest) == ((), ())


def test_link_of_somebody_who_left_answers_and_does_nothing(workspace, owner, people, visit):
    tell(workspace, 1)
    [mail] = people.mails_to(owner)
    owner.memberships.all().delete()

    assert visit().post(link_in(mail)).status_code == 200


def test_ways_are_ended_apart(workspace, owner):
    reader = preferences.reader_of(owner.memberships.get())

    preferences.stop(reader, NoticeWay.DIGEST, tuple(NoticeKind))

    choice = preferences.chosen(reader_of(owner))
    assert choice.by_mail and not choice.in_digest
