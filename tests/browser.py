"""A real browser for tests: the Chromium or Chrome that the machine has."""

import contextlib
import os
import shutil
from urllib.parse import urlsplit

import pytest

from tests.dashboard import session_key

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
TIMEOUT = 15_000  # milliseconds
HOW = "apt-get install chromium, or set CHROMIUM to the path of one"


def find() -> str | None:
    """Return the path of the browser, None where there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextlib.contextmanager
def launch():
    """Run the browser. Skips the test, saying why, where there is none."""
    path = find()
    if path is None:
        pytest.skip(f"no Chromium is installed, so no page was looked at ({HOW})")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, and Django refuses queries beside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Tab:
    """A tab of its own profile, signed in as a user. Remembers every complaint of the page.

    refused: the end of a path that the page asks in the background, and is refused.
    """

    def __init__(self, browser, base_url: str, user=None, *, refused="", **options):
        self.complaints = []
        self.refused = refused
        self.context = browser.new_context(base_url=base_url, **options)
        self.context.set_default_timeout(TIMEOUT)
        if user:
            cookie = {"name": "sessionid", "value": session_key(user), "url": base_url}
            self.context.add_cookies([cookie])
        self.page = self.context.new_page()
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note_console(self, message) -> None:
        if message.type not in ("error", "warning"):
            return
        # Chromium reports every answer of 400 and more, also where a test asks for one.
        path = urlsplit(message.location.get("url", "")).path
        is_refused = bool(self.refused) and path.endswith(self.refused)
        is_page = path == urlsplit(self.page.url).path
        if not ((is_page or is_refused) and "Failed to load resource" in message.text):
            self.complaints.append(f"{message.text} at {message.location.get('url')}")

    def close(self) -> None:
        """Close it. Fails where the page complained of anything."""
        self.context.close()
        if self.complaints:
            pytest.fail("The console says:\n" + "\n".join(self.complaints))
