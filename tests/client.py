"""A client of the Public API, as an integrator would write one."""

import requests

from tests.factories import make_phone

TIMEOUT = 30
PATH = "/api/public/leads"


class Api:
    """Talks HTTP to one server with one key."""

    def __init__(self, base_url: str, key: str):
        self.base_url = base_url
        self.headers = {"Authorization": f"Bearer {key}"}

    def submit(self, *, headers=None, **fields) -> requests.Response:
        """POST a lead that is valid but for the fields given; None is sent as null."""
        body = {"name": "Jane Doe", "phone": make_phone(), "consent": True, **fields}
        return self.post(json=body, headers=headers)

    def post(self, **request) -> requests.Response:
        """POST whatever `requests` can send to the leads endpoint."""
        return self.ask("POST", PATH, **request)

    def read(self, lead_id, headers=None) -> requests.Response:
        """GET a lead."""
        return self.ask("GET", f"{PATH}/{lead_id}", headers=headers)

    def list(self, query=None, **filters) -> requests.Response:
        """GET a page of leads. query: as it is written, in place of filters."""
        return self.ask("GET", PATH, params=filters if query is None else query)

    def erase(self, lead_id) -> requests.Response:
        """DELETE a lead."""
        return self.ask("DELETE", f"{PATH}/{lead_id}")

    def ask(self, method: str, path: str, headers=None, **request) -> requests.Response:
        """Send any request with the key."""
        return requests.request(
            method,
            self.base_url + path,
            headers={**self.headers, **(headers or {})},
            timeout=TIMEOUT,
            **request,
        )
