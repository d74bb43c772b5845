"""The link to WhatsApp on the page that thanks: who sent a form may write first."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.utils import timezone

from leads.forms import thanks
from leads.forms.thanks import Said, Thanks
from tests.factories import make_phone, make_workspace
from tests.hosted_form import TIMEOUT, Stranger, publish


def make_written(sender: str = "", **fields):
    """Make a workspace that writes, with a form. sender: as Twilio names it."""
    sender = sender or f"whatsapp:{make_phone()}"
    workspace = make_workspace(channel="whatsapp", twilio_sender=sender)
    publish(workspace, **fields)
    return workspace


def link_on(web, workspace, said: Thanks) -> tuple[str, str]:
    """Return where the link on the page leads, and the words on it; "" twice without one."""
    query = {"said": thanks.sign(workspace, said)}
    page = requests.get(
        f"{web.base_url}/forms/{workspace.slug}/thanks", params=query, timeout=TIMEOUT
    )
    found = re.search(r'<a class="send chat-link" href="([^"]+)"[^>]*>([^<]+)', page.text)
    return (unescape(found[1]), found[2]) if found else ("", "")


def text_in(link: str) -> str:
    return parse_qs(urlsplit(link).query)["text"][0]


def test_link_leads_to_the_sender_and_names_the_request(web):
    workspace = make_written("whatsapp:+447700900111")
    said = thanks.about(Thanks(Said.WRITING), "Lose\n10 kg & run <b>5 km</b>")

    link, words = link_on(web, workspace, said)

    assert link.startswith("https://wa.me/447700900111?text=")
    assert text_in(link) == (
        "Hello Test Studio, I sent you a request about: Lose 10 kg & run <b>5 km</b>"
    )
    assert words == "Write to us on WhatsApp"


def test_long_request_is_cut_and_none_is_no_gap(web):
    workspace = make_written()
    later = Thanks(Said.LATER, timezone.now() + timedelta(hours=9))
    long, none = thanks.about(later, "ä" * 99), thanks.about(Thanks(Said.WRITING), "")

    texts = [text_in(link_on(web, workspace, said)[0]) for said in (long, none)]

    assert texts == [
        f"Hello Test Studio, I sent you a request about: {'ä' * 60}",
        "Hello Test Studio, I sent you a request.",
    ]


@pytest.mark.parametrize(
    ("language", "words", "begin"),
    [
        ("de", "Auf WhatsApp schreiben", "Hallo Test Studio, ich habe"),
        ("fr", "Nous écrire sur WhatsApp", "Bonjour Test Studio, je vous"),
        ("es", "Escribirnos por WhatsApp", "Hola, Test Studio: les he"),
    ],
)
def test_link_is_in_the_language_of_the_form(web, language, words, begin):
    workspace = make_written(language=language)

    link, said = link_on(web, workspace, Thanks(Said.WRITING))

    assert said == words
    assert text_in(link).startswith(begin)


@pytest.mark.parametrize("sender", ["MG" + "0" * 32, "whatsapp:GB.1234", ""])
def test_sender_without_a_number_has_no_link(web, sender):
    workspace = make_written("x")
    workspace.twilio_sender = sender
    workspace.save()

    assert link_on(web, workspace, Thanks(Said.WRITING)) == ("", "")


def test_nobody_is_sent_where_no_answer_comes(web):
    assert link_on(web, make_written(), Thanks(Said.KEPT)) == ("", "")


def test_voice_workspace_has_no_link(web, cast):
    publish(cast.workspace)

    assert link_on(web, cast.workspace, Thanks(Said.CALLING)) == ("", "")


def test_request_that_is_sent_while_not_connected_is_kept_without_a_link(web):
    stranger = Stranger(web.base_url, make_written())

    page = stranger.send(goal="Run 5 km")

    assert "We have your request." in page.text and "wa.me" not in page.text
