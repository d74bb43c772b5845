"""A hosted form as tests make it, and somebody who fills it in without a browser."""

import re
from datetime import timedelta
from html import unescape

import requests
from django.utils import timezone

from leads.forms import definition as definitions
from leads.forms import drafts, pace, versions
from leads.forms.definition import Definition, Kind, Question
from leads.forms.pace import Pace
from tests.factories import make_phone, make_user
from workspaces.models import Workspace

TIMEOUT = 30
LONG_AGO = timedelta(seconds=60)
# One of each kind, with an answer that is right.
QUESTIONS = (
    (Question("q_short2", Kind.SHORT_TEXT, "What is your sport?"), "Running"),
    (Question("q_longer", Kind.LONG_TEXT, "What happened?"), "I fell.\r\nTwice."),
    (Question("q_choice", Kind.ONE_CHOICE, "How often?", options=("Daily", "Weekly")), "Weekly"),
    (
        Question("q_severl", Kind.CHOICES, "Which days?", options=("Monday", "Friday")),
        ["Monday", "Friday"],
    ),
    (Question("q_yesorn", Kind.YES_NO, "Have you a coach?"), "No"),
    (Question("q_number", Kind.NUMBER, "How old are you?"), "41"),
    (Question("q_dateof", Kind.DATE, "When do you start?"), "2027-01-31"),
    (Question("q_emails", Kind.EMAIL, "Your coach's e-mail?"), "coach@example.com"),
    (Question("q_linkto", Kind.LINK, "Your page?"), "www.example.com/me"),
)


def publish(workspace: Workspace, **fields) -> int:
    """Publish a form with some fields of a Definition. Return the number of the version."""
    draft = drafts.of(workspace)
    drafts.change(workspace, Definition(**fields), seen=draft.revision)
    return versions.publish(workspace, by=make_user(workspace))


def stored(**fields) -> dict:
    """Return a draft as it is stored."""
    return definitions.to_json(Definition(**fields))


class Stranger:
    """Fills in the form of a workspace. address: as a proxy would tell it."""

    def __init__(self, base_url: str, workspace: Workspace, *, address: str = ""):
        self.base_url, self.workspace = base_url, workspace
        self.path = f"/forms/{workspace.slug}"
        self.headers = {"X-Forwarded-For": address} if address else {}

    def open(self, path: str = "", **query) -> requests.Response:
        """GET the form, or another address of it."""
        return requests.get(
            f"{self.base_url}{path or self.path}",
            params=query,
            headers=self.headers,
            timeout=TIMEOUT,
            allow_redirects=False,
        )

    def send(self, *, opened: timedelta = LONG_AGO, follow: bool = True, **fields):
        """POST the form as it is filled in, but for the fields given; None leaves one out.

        opened: how long ago the page was.
        """
        filled_in = {
            "name": "Jane Doe",
            "phone": make_phone(),
            "consent": "on",
            "website": "",
            "began": None,
            **fields,
        }
        if "began" not in fields:
            filled_in["began"] = self.began(opened)
        return self.post({k: v for k, v in filled_in.items() if v is not None}, follow=follow)

    def post(self, fields, *, follow: bool = True) -> requests.Response:
        return requests.post(
            f"{self.base_url}{self.path}",
            data=fields,
            headers=self.headers,
            timeout=TIMEOUT,
            allow_redirects=follow,
        )

    def began(self, ago: timedelta, version: int | None = None) -> str:
        """Return the word of a page that was opened a while ago."""
        newest = versions.shown(self.workspace)
        number = version or (newest.number if newest else 1)
        return pace.sign(self.workspace, Pace(number, timezone.now() - ago))


def hidden_fields(page: requests.Response) -> dict[str, str]:
    """Return the hidden fields of a page, as a browser would send them again."""
    inputs = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page.text)
    return {name: unescape(value) for name, value in inputs}


def words_of(page: requests.Response) -> str:
    """Return what the main part of a page says."""
    main = re.search(r"<main.*</main>", page.text, re.DOTALL)[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main))).strip()
