"""Filling a form in: each refusal in words, pages, what an address fills in, and programs."""

import re
from datetime import timedelta

import pytest

from leads.forms.definition import Asked, Definition, Question
from tests.factories import make_cast, make_phone, make_user
from tests.hosted_form import QUESTIONS, Stranger, hidden_fields, publish, words_of

RINGS = "Your phone rings now."


@pytest.fixture
def stranger(web, cast):
    publish(
        cast.workspace,
        email=Asked.OPTIONAL,
        questions=tuple(question for question, _ in QUESTIONS),
    )
    return Stranger(web.base_url, cast.workspace)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "Please write your name."),
        ({"name": "\u2800"}, "Please write your name."),
        ({"name": "x" * 121}, "Please write at most 120 characters."),
        ({"phone": ""}, "Please fill this in."),
        ({"phone": "12"}, "This is no phone number."),
        ({"phone": "07700 900123"}, "This is no phone number."),
        ({"phone": "+44 7700 900123 ext 5"}, "This is no phone number."),
        ({"country": "XX"}, "Please choose one of these."),
        ({"consent": None}, "we may only contact you if you agree"),
        ({"consent": "false"}, "we may only contact you if you agree"),
        ({"email": "jane@"}, "This is no e-mail address."),
        ({"goal": "x" * 2001}, "Please write at most 2000 characters."),
        ({"goal": "a\x00b"}, "characters that cannot be read"),
        ({"q_choice": "Hourly"}, "Please choose one of these."),
        ({"q_severl": ["Monday", "Sunday"]}, "Please choose one of these."),
        ({"q_number": "many"}, "Please write a number."),
        ({"q_dateof": "2027-02-30"}, "Please write a date"),
        ({"q_emails": "coach"}, "This is no e-mail address."),
        ({"q_linkto": "my page"}, "This is no web address."),
        (
            {
                "q_longer": "ä" * 2000,
                "goal": "ä" * 1999,
                "q_linkto": "a.de/" + "ü" * 1990,
                "q_short2": "ö" * 200,
            },
            "",
        ),
    ],
)
def test_what_is_not_right_is_said_in_words_and_nothing_is_lost(cast, stranger, fields, words):
    answer = stranger.send(**{"goal": "Run a marathon", **fields})

    if not words:  # together below the limit
        assert RINGS in words_of(answer)
        return
    assert answer.status_code == 200 and words in words_of(answer)
    assert not cast.workspace.leads.exists() and cast.placed() == []
    if "goal" not in fields:
        assert "Run a marathon" in answer.text
    is_ticked = re.search(r'name="consent"[^>]*checked', answer.text) is not None
    assert is_ticked == ("consent" not in fields)  # by the person, and by nobody else


def test_answers_that_are_too_long_together_are_refused(web, cast):
    questions = tuple(Question(f"q_aaaaa{n}", QUESTIONS[1][0].kind, f"{n}?") for n in range(2, 9))
    publish(cast.workspace, questions=questions)
    stranger = Stranger(web.base_url, cast.workspace)

    answer = stranger.send(**{question.id: "ä" * 2000 for question in questions})

    assert "All your answers together are too long." in words_of(answer)
    assert not cast.workspace.leads.exists()


def test_required_questions_have_to_be_answered(web, cast):
    from dataclasses import replace

    questions = tuple(replace(question, required=True) for question, _ in QUESTIONS)
    publish(cast.workspace, email=Asked.REQUIRED, goal=Asked.REQUIRED, questions=questions)
    stranger = Stranger(web.base_url, cast.workspace)

    lacking = stranger.send()

    assert words_of(lacking).count("Please fill this in.") == 8
    assert words_of(lacking).count("Please choose.") == 3
    given = {question.id: answer for question, answer in QUESTIONS}
    assert RINGS in words_of(stranger.send(email="a@example.com", goal="x", **given))


def test_fields_that_are_not_asked_for_are_not_taken(web, cast):
    publish(cast.workspace, email=Asked.NO, goal=Asked.NO)

    Stranger(web.base_url, cast.workspace).send(email="a@example.com", goal="x", q_abc234="y")

    lead = cast.workspace.leads.get()
    assert (lead.email, lead.goal, lead.form_responses) == ("", "", {})


@pytest.mark.parametrize(
    ("written", "country", "kept"),
    [
        ("07700 900%s", "GB", "+447700900"),
        ("(0)7700-900%s", "GB", "+447700900"),
        ("0151 23456%s", "DE", "+4915123456"),
        ("+44 (0)7700 900%s", "DE", "+447700900"),
        ("\uff10\uff17\uff17\uff10\uff10 900%s", "GB", "+447700900"),
    ],
)
def test_national_spellings_are_understood(cast, stranger, written, country, kept):
    stranger.send(phone=written % "123", country=country)

    assert cast.workspace.leads.get().phone == f"{kept}123"


def test_country_of_the_workspace_is_chosen_at_first_and_counts_where_none_is_sent(web, sandbox):
    cast = make_cast(sandbox, default_country="GB")
    publish(cast.workspace)
    stranger = Stranger(web.base_url, cast.workspace)

    assert '<option value="GB" selected>' in stranger.open().text
    stranger.send(phone="07700 900123")
    assert cast.workspace.leads.get().phone == "+447700900123"


def three_steps() -> Definition:
    """Return a form of 20 questions on three pages."""
    questions = tuple(
        Question(f"q_aaaa{n:02d}", text=f"Question {n}", required=n == 12, starts_step=n in (7, 14))
        for n in range(20)
    )
    return Definition(questions=questions)


def test_twenty_questions_on_three_pages_make_one_lead(web, cast):
    publish(cast.workspace, **vars(three_steps()))
    stranger = Stranger(web.base_url, cast.workspace)

    first = stranger.open()
    assert "Step 1 of 3" in words_of(first) and "Question 7" not in words_of(first)
    assert 'name="consent"' not in first.text
    page, given = first, {"name": "Jane Doe", "phone": make_phone(), "country": ""}
    for place, (begin, end) in enumerate(((0, 7), (7, 14), (14, 20))):
        answers = {f"q_aaaa{n:02d}": f"Answer {n}" for n in range(begin, end)}
        sent = {**hidden_fields(page), **(given if place == 0 else {}), **answers}
        if place == 2:
            assert "Step 3 of 3" in words_of(page)
            sent |= {"consent": "on", "go": "send"}
        page = stranger.post({"go": "next", **sent})

    assert RINGS in words_of(page)
    lead = cast.workspace.leads.get()
    assert lead.phone == given["phone"]
    assert lead.answers == [(f"Question {n}", f"Answer {n}") for n in range(20)]


def test_page_that_is_not_right_is_not_left_forwards_but_backwards(web, cast):
    publish(cast.workspace, **vars(three_steps()))
    stranger = Stranger(web.base_url, cast.workspace)
    filled_in = {"name": "Jane Doe", "phone": make_phone(), "go": "next"}
    second = stranger.post({**hidden_fields(stranger.open()), **filled_in})

    stays = stranger.post({**hidden_fields(second), "q_aaaa08": "kept", "go": "next"})
    back = stranger.post({**hidden_fields(second), "q_aaaa08": "kept", "go": "back"})

    assert "Step 2 of 3" in words_of(stays) and "Please fill this in." in words_of(stays)
    assert "Step 1 of 3" in words_of(back) and "Please" not in words_of(back)
    assert hidden_fields(back)["q_aaaa08"] == "kept" and 'value="Jane Doe"' in back.text
    assert not cast.workspace.leads.exists()


def test_last_page_leads_back_to_the_first_that_is_not_right(web, cast):
    publish(cast.workspace, **vars(three_steps()))

    answer = Stranger(web.base_url, cast.workspace).send(step="2", go="send", phone="12")

    assert "Step 1 of 3" in words_of(answer) and "This is no phone number." in words_of(answer)


def test_address_fills_in_fields_and_tells_the_source(cast, stranger):
    query = {
        "name": "Grace",
        "q_severl": "Friday",
        "consent": "on",
        "utm_source": "newsletter",
        "gclid": "x" * 300,
        "secret": "never",
        "page": "https://example.com/a?b=c",
    }
    page = stranger.open(**query)

    stranger.send(**hidden_fields(page) | {"began": stranger.began(timedelta(minutes=1))})

    assert 'value="Grace"' in page.text and "never" not in page.text
    assert re.search(r'value="Friday"[^>]*checked', page.text)
    assert not re.search(r'name="consent"[^>]*checked', page.text)
    lead = cast.workspace.leads.get()
    assert lead.metadata == {"utm_source": "newsletter", "gclid": "x" * 200}
    assert lead.consent_evidence["page"] == "https://example.com/a?b=c"


@pytest.mark.parametrize("page", ["javascript:alert(1)", "x", "https://", "https://a/" + "b" * 600])
def test_page_that_can_be_none_is_not_believed(cast, stranger, page):
    stranger.send(page=page)

    assert cast.workspace.leads.get().consent_evidence["page"].endswith(stranger.path)


# --- Programs ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"website": "https://spam.example"}, "form.honeypot"),
        ({"began": ""}, "form.no_token"),
        ({"began": "x" * 10_000}, "form.no_token"),
        ({"opened": timedelta(seconds=-60)}, "form.too_quick"),
    ],
)
def test_program_is_thanked_like_a_person_and_nothing_of_it_is_kept(cast, stranger, fields, code):
    answers = [stranger.send(**fields) for _ in range(3)]

    assert {words_of(answer) for answer in answers} == {f"Test Studio Thank you {RINGS}"}
    assert not cast.workspace.leads.exists() and cast.placed() == []
    rows = cast.workspace.log.filter(kind="form")
    assert {row.code for row in rows} == {code} and sum(row.times for row in rows) == 3
    assert all(row.request == {"key": "form"} for row in rows)


def test_whoever_corrects_a_form_may_be_quick(cast, stranger):
    at_once = timedelta(seconds=-60)
    wrong = stranger.send(opened=at_once, phone="12")

    right = stranger.send(**hidden_fields(wrong))

    assert RINGS in words_of(right) and len(cast.placed()) == 1


def test_honeypot_is_hidden_from_people(stranger):
    page = stranger.open().text

    assert re.search(r'<div class="trap" aria-hidden="true">.*?tabindex="-1"', page, re.DOTALL)


def test_limits_are_said_in_words_and_what_was_typed_stays(start_web, sandbox):
    web = start_web(FORM_RATE_LIMITS="2/h", FORM_WORKSPACE_RATE_LIMIT="3/h", TRUSTED_PROXIES="1")
    cast = make_cast(sandbox)
    publish(cast.workspace)
    here, there, beyond = (
        Stranger(web.base_url, cast.workspace, address=f"203.0.113.{n}") for n in (1, 2, 3)
    )

    answers = [here.send() for _ in range(3)] + [there.send(), beyond.send(name="Grace Hopper")]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 200, 429]
    refused = answers[-1]
    assert (
        "Too many forms were sent just now" in words_of(refused) and "Grace Hopper" in refused.text
    )
    assert 1 <= int(refused.headers["Retry-After"]) <= 3600
    assert cast.workspace.leads.count() == len(cast.placed()) == 3
    assert sum(row.times for row in cast.workspace.log.filter(code="form.limited")) == 2


def test_hostile_posts_from_many_addresses_call_no_more_than_the_day_allows(start_web, sandbox):
    web = start_web(FORM_WORKSPACE_RATE_LIMIT="12/h", FORM_LEAST_SECONDS="0", TRUSTED_PROXIES="1")
    cast = make_cast(sandbox, daily_call_limit=5)
    publish(cast.workspace)
    stranger = Stranger(web.base_url, cast.workspace)
    began = stranger.began(timedelta(minutes=1))

    statuses = []
    for n in range(30):
        stranger.headers = {"X-Forwarded-For": f"198.51.100.{n}"}
        statuses.append(stranger.send(began=began).status_code)

    assert statuses == [200] * 12 + [429] * 18
    assert len(cast.placed()) == 5 and cast.workspace.leads.count() == 12
    assert cast.workspace.log.filter(kind="form").count() <= 12 + 3


# --- Whatever is sent -------------------------------------------------------------------

UGLY = {
    "nothing": b"",
    "no form": b"\xff\xfe\x00{[",
    "a NUL": b"name=%00&phone=%00&consent=%00&began=%00&timezone=%00&utm_source=%00",
    "surrogates": b"name=%ED%A0%80&phone=%2B447700900123&consent=on&utm_source=%ED%A0%80",
    "many times the same": b"&".join([b"name=x"] * 900),
    "a step beyond": b"step=99999999999999999999&go=back",
    "a step of letters": "step=٣&go=next".encode(),
    "half a percent": b"name=%&phone=%2&consent=%ZZ",
    "odd choices": b"q_severl=&q_severl=%00&q_choice=%00&q_yesorn=maybe",
    "a long phone": b"name=a&consent=on&phone=" + b"0" * 5000,
    "odd digits": "name=a&consent=on&phone=²³¼&country=gb".encode(),
}


@pytest.mark.parametrize("name", UGLY)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data", "x"])
def test_ugly_bodies_are_no_fault_of_ours(cast, stranger, name, kind):
    import requests

    answer = requests.post(
        stranger.base_url + stranger.path,
        data=UGLY[name],
        headers={"Content-Type": kind},
        timeout=30,
    )

    assert answer.status_code < 500
    assert not cast.workspace.leads.exists()


def test_ugly_values_with_all_that_is_needed_are_taken_or_refused(cast, stranger):
    for field in ("name", "goal", "timezone", "page", "embed", "utm_source", "q_short2", "country"):
        for text in ("\x00", "\ud800", "\u202e", "a" * 5000, "<script>", "{{ 7|add:7 }}", "٣"):
            sent = {field: text.encode("utf-8", "surrogatepass")}

            answer = stranger.send(**sent)

            assert answer.status_code == 200, (field, text)
            assert "<script>" not in answer.text and "14" not in words_of(answer)


@pytest.mark.parametrize(
    "query", ["?step=9&said=%00", "?name=%00&q_severl=%ED%A0%80", "?" + "a=1&" * 400]
)
def test_ugly_addresses_are_no_fault_of_ours(stranger, query):
    for ending in ("", "/thanks", "/embed.js", "/logo/x"):
        assert stranger.open(stranger.path + ending + query).status_code < 500


def test_other_methods_are_refused(stranger):
    import requests

    answer = requests.put(stranger.base_url + stranger.path, data=b"x", timeout=30)

    assert answer.status_code == 405


# --- What the pages are made of ---------------------------------------------------------


def test_page_asks_no_other_host_sets_no_cookie_and_is_framed_by_nobody(stranger):
    page = stranger.open()

    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)
    assert "Set-Cookie" not in page.headers and "Cookie" not in page.headers.get("Vary", "")
    assert "no-store" in page.headers["Cache-Control"]
    policy = page.headers["Content-Security-Policy"].split("; ")
    assert {"frame-ancestors 'none'", "script-src 'self'", "style-src 'self'"} <= set(policy)
    assert page.headers["X-Frame-Options"] == "DENY"


def test_sites_that_are_named_may_frame_it(cast, stranger):
    cast.workspace.form_sites = "https://www.example.com,http://localhost:3000"
    cast.workspace.save()

    for page in (stranger.open(), stranger.send(), stranger.send(phone="1")):
        policy = page.headers["Content-Security-Policy"].split("; ")
        assert "frame-ancestors https://www.example.com http://localhost:3000" in policy
        assert "X-Frame-Options" not in page.headers


def test_accent_is_a_style_sheet_that_caches_keep(stranger):
    page = stranger.open().text
    path = re.search(r'href="(/forms/accent-[0-9a-f]{6}\.css)"', page)[1]

    answer = stranger.open(path)

    assert answer.headers["Content-Type"] == "text/css"
    assert "immutable" in answer.headers["Cache-Control"] and "--fill: #2b57c8" in answer.text


def test_members_see_their_draft_and_strangers_do_not(cast, stranger, visit):
    owner = visit(make_user(cast.workspace))
    path = f"/admin/{cast.workspace.slug}/form/preview"

    assert owner.get(path).status_code == 200
    assert stranger.open(path).status_code == 404
