"""The pages: which there are, and what their Markdown is filled in with."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from django.conf import settings
from django.template import Context, Engine

from coachbot.http import errors
from coachbot.http.openapi import description

SNIPPETS = Path(__file__).parent / "snippets"
# Where nobody is signed in.
ANY_SLUG = "your-workspace"


@dataclass(frozen=True)
class Page:
    """A page. about: one sentence for lists of pages. snippet: the file that it shows.

    shown_by: the template of a page that shows one.
    """

    name: str
    title: str
    about: str
    snippet: str = ""
    shown_by: str = "snippet.md"

    @property
    def path(self) -> str:
        return f"/docs/{self.name}" if self.name else "/docs"

    @property
    def text_path(self) -> str:
        return f"{self.path}.md"

    @property
    def template(self) -> str:
        return self.shown_by if self.snippet else f"{self.name or 'quickstart'}.md"

    @cached_property
    def code(self) -> str:
        return (SNIPPETS / self.snippet).read_text().strip()

    @property
    def language(self) -> str:
        """What the code is written in, as highlighters call it."""
        return BY_SUFFIX[Path(self.snippet).suffix]


BY_SUFFIX = {
    ".sh": "bash",
    ".py": "python",
    ".mjs": "javascript",
    ".php": "php",
    ".rb": "ruby",
    ".go": "go",
}


def snippet(name: str, title: str, file: str) -> Page:
    return Page(f"snippets/{name}", title, f"A form's way to Coachbot in {title}.", file)


def receiver(name: str, language: str, file: str) -> Page:
    title = f"Receive events in {language}"
    return Page(f"webhooks-{name}", title, f"A receiver in {language}.", file, "receiver.md")


GUIDES = (
    Page("", "Overview and quickstart", "What Coachbot does, and a first lead in 60 seconds."),
    Page("authentication", "Authentication", "API keys: getting, sending, replacing; scopes."),
    Page("submit-lead", "Submit a lead", "POST /api/public/leads: fields and answers."),
    Page("connect-form", "Connect a form", "Forms that people already have, without a developer."),
    Page("read-lead", "Read a lead", "GET /api/public/leads/<id>, and how often to ask."),
    Page("list-leads", "List and erase leads", "GET /api/public/leads page by page, and DELETE."),
    Page("form", "The form", "A hosted form: made in the dashboard, embedded with one line."),
    Page("webhooks", "Webhooks", "Events out: what is sent, how to verify, retries."),
    Page("webhooks-n8n", "Events in n8n", "Receiving events in a workflow of n8n."),
    Page("webhooks-zapier", "Events in Zapier", "Receiving events in a Zap."),
    Page("webhooks-make", "Events in Make", "Receiving events in a scenario of Make."),
    Page("errors", "Errors", "Every error: what it means, what to do, retry or not."),
    Page("idempotent-client", "An idempotent client", "Retrying without losing or doubling."),
    Page("retries", "HTTP clients that retry", "Which wait for Retry-After, and how to tell them."),
    Page("vapi", "Voice set-up with Vapi", "From a Vapi account to the first call."),
    Page("sandbox", "Sandbox numbers", "Phone numbers that make every outcome happen."),
)
SNIPPET_PAGES = (
    snippet("curl", "curl", "lead_form.sh"),
    snippet("python", "Python", "lead_form.py"),
    snippet("node", "Node", "lead_form.mjs"),
    snippet("php", "PHP", "lead_form.php"),
    snippet("ruby", "Ruby", "lead_form.rb"),
    snippet("go", "Go", "lead_form.go"),
)
RECEIVER_PAGES = (
    receiver("python", "Python", "receive_events.py"),
    receiver("node", "Node", "receive_events.mjs"),
)
WITH_CODE = (*SNIPPET_PAGES, *RECEIVER_PAGES)
REFERENCE = Page("reference", "API reference", "Every endpoint, field, header and answer.")
BY_NAME = {page.name: page for page in (*GUIDES, *WITH_CODE)}

_engine = Engine(dirs=[str(settings.BASE_DIR / "templates" / "docs")])


def text_of(page: Page, slug: str | None = None) -> str:
    """Return a page as Markdown. slug: the reader's workspace, for examples and links."""
    return _fill_in(page.template, page=page, slug=slug or ANY_SLUG, is_member=bool(slug))


def llms_txt() -> str:
    """Return the list of the pages as plain text, for coding assistants."""
    return _fill_in("llms.txt", guides=GUIDES, snippets=WITH_CODE)


def _fill_in(template: str, **context) -> str:
    context |= {
        "base_url": settings.PUBLIC_BASE_URL,
        "snippet_pages": SNIPPET_PAGES,
        "receiver_pages": RECEIVER_PAGES,
        **_from_the_description(),
    }
    # The text is Markdown: escaping for HTML is the renderer's work.
    return _engine.get_template(template).render(Context(context, autoescape=False)).strip() + "\n"


@lru_cache(maxsize=1)
def _from_the_description() -> dict:
    """Return what the pages share with /api/schema and the catalogue of errors."""
    paths, schemas = description()["paths"], description()["components"]["schemas"]
    leads, lead = paths["/api/public/leads"], paths["/api/public/leads/{lead_id}"]
    submit, read, listing = leads["post"], lead["get"], leads["get"]
    submission = schemas["LeadSubmission"]
    return {
        "endpoints": list(_endpoints(paths)),
        "everything": _pretty(_examples(submit["requestBody"])["everything"]["value"]),
        "idempotency_key": submit["parameters"][0]["example"],
        "the_least": _pretty(_examples(submit["requestBody"])["the least"]["value"]),
        "receipts": _answers(submit["responses"]["201"]),
        "leads": _answers(read["responses"]["200"]),
        "conversation": _pretty(_conversation(read["responses"]["200"])),
        "lists": _answers(listing["responses"]["200"]),
        "filters": [
            (parameter["name"], _cell(parameter["description"]))
            for parameter in listing["parameters"]
        ],
        "fields": [
            (name, name in submission["required"], _cell(field["description"]))
            for name, field in submission["properties"].items()
        ],
        "statuses": schemas["Lead"]["properties"]["status"]["description"],
        "errors": [_error_row(kind) for kind in errors.CATALOGUE],
        "issues": _pretty(errors.VALIDATION_FAILED.example),
        "duplicate": _pretty(errors.DUPLICATE_PHONE.example),
        "not_placed": _pretty(errors.VOICE_DISPATCH_FAILED.example),
        "unauthorized": _pretty(errors.INVALID_API_KEY.example),
        "no_scope": _pretty(errors.INSUFFICIENT_SCOPE.example),
    }


def _endpoints(paths: dict) -> Iterator[tuple[str, str]]:
    """Yield the public endpoints by method and path; `{lead_id}` is written <id>."""
    for path, methods in paths.items():
        if path.startswith("/api/public/"):
            for method in methods:
                yield method.upper(), path.replace("{lead_id}", "<id>")


def _examples(body: dict) -> dict:
    return body["content"]["application/json"]["examples"]


def _answers(response: dict) -> dict[str, str]:
    """Return the examples of a response, by a name that a template can use."""
    return {
        name.replace(" ", "_"): _pretty(example["value"])
        for name, example in _examples(response).items()
    }


def _conversation(response: dict) -> dict:
    """Return what the example of a lead that is written to has of it."""
    return {"conversation": _examples(response)["whatsapp"]["value"]["conversation"]}


class Pretty(str):
    """JSON on several lines."""

    @property
    def python(self) -> str:
        """The same as Python writes it. Its three words end their lines, which no text does."""
        words = {"true": "True", "false": "False", "null": "None"}
        return re.sub(
            r"\b(true|false|null)(?=,?$)", lambda word: words[word[1]], self, flags=re.MULTILINE
        )


def _pretty(value) -> Pretty:
    return Pretty(json.dumps(value, indent=2))


def _error_row(kind: errors.ErrorKind) -> dict:
    # Two backticks around, because some of the strings hold one themselves.
    return {
        "status": kind.status,
        "error": f"`` {kind.error} ``",
        "when": _cell(kind.when),
        "reaction": _cell(kind.reaction),
        "retry": kind.retry,
    }


def _cell(text: str) -> str:
    """Return text as the cell of a Markdown table. A tag in angle brackets is not HTML."""
    return text.replace("|", r"\|").replace("<", r"\<")
