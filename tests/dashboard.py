"""A person's browser reduced to HTTP: cookies, forms, no JavaScript."""

import re

import requests
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

TIMEOUT = 30
# Django compares the cookie with the header; any pair that agrees will do.
CSRF_TOKEN = "t" * 32


class Visitor:
    """Talks HTTP to one server, signed in as a user or as nobody. Follows no redirects."""

    def __init__(self, base_url: str, user=None):
        self.base_url = base_url
        self.session = requests.Session()
        self.session.cookies.set("csrftoken", CSRF_TOKEN)
        if user:
            self.session.cookies.set("sessionid", session_key(user))

    def get(self, path: str, **params) -> requests.Response:
        return self.ask("GET", path, params=params)

    def post(self, path: str, **fields) -> requests.Response:
        return self.ask("POST", path, data=fields)

    def form_on(self, path: str) -> dict[str, str]:
        """Return the hidden field that tells the forms of a page from those of the next."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path).text)
        return {"csrfmiddlewaretoken": token[1]}

    def keep_token(self) -> None:
        """Go on with our own CSRF token after signing in, which makes another."""
        self.session.cookies.clear(domain="127.0.0.1", path="/", name="csrftoken")

    def ask(self, method: str, path: str, **request) -> requests.Response:
        return self.session.request(
            method,
            self.base_url + path,
            headers={"X-CSRFToken": CSRF_TOKEN},
            timeout=TIMEOUT,
            allow_redirects=False,
            **request,
        )


def session_key(user) -> str:
    """Return the key of a new session of a user, as signing in would make it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def text_of(response: requests.Response) -> str:
    """Return a page as the words that it shows."""
    main = re.search(r"<main.*</main>", response.text, re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", main[0] if main else response.text)
    return re.sub(r"\s+", " ", words)
