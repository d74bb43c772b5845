"""Time does not tell whether there is an account, a workspace or a key.

Both cases are asked in turn, and their quickest answers are compared: other work on the machine
only ever adds to a time. Beside that the statements are compared, which no noise changes.
"""

import secrets
import time

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.client import Api
from tests.dashboard import Visitor
from tests.factories import make_key, make_user, make_workspace
from workspaces import api_keys
from workspaces.connections import own_secrets
from workspaces.forms.pages import ForgottenPasswordForm
from workspaces.members import invitations
from workspaces.models import Role

MOST_RATIO = 1.6


def ratio(known, unknown, tries: int) -> float:
    """Return how many times as long the slower of two cases takes. Each gets its number."""
    best = [float("inf"), float("inf")]
    for number in range(tries):
        for case, ask in enumerate((known, unknown)):
            started = time.perf_counter()
            ask(number)
            best[case] = min(best[case], time.perf_counter() - started)
    return max(best) / min(best)


def statements(function, *arguments) -> list[str]:
    """Return the statements of a call by their first two words."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        function(*arguments)
    return [" ".join(query["sql"].split()[:2]) for query in captured]


def test_forgotten_password(web):
    visitor, user = Visitor(web.base_url), make_user(password="correct horse battery")

    def ask(email):
        return lambda _: visitor.post("/password/forgotten", email=email)

    assert ratio(ask(user.email), ask("nobody@example.org"), 40) < MOST_RATIO


def test_sign_in(start_web, settings):
    settings.PASSWORD_HASHERS = ["coachbot.passwords.BoundedHasher"]
    real = {"DJANGO_SETTINGS_MODULE": "coachbot.settings"}  # whose hashes take as long as they do
    web = start_web(**real, SIGN_IN_ADDRESS_RATE_LIMIT="100000/m")
    visitor, user = Visitor(web.base_url), make_user(password="correct horse battery")
    unset = make_user()  # was added as a member, and has set no password yet

    def ask(email):
        return lambda _: visitor.post("/sign-in", username=email, password="wrong")

    for email in (user.email, unset.email):
        nobody = f"{secrets.token_hex(6)}@example.org"
        assert ratio(ask(email), ask(nobody), 4) < MOST_RATIO


def test_tool_secret(web):
    workspace = make_workspace()
    own_secrets.tool_secret(workspace)

    def ask(slug):
        headers = {"X-Vapi-Secret": "wrong"}
        visitor = Visitor(web.base_url)
        return lambda _: visitor.session.post(
            f"{web.base_url}/api/vapi/{slug}/events", json={}, headers=headers, timeout=30
        )

    known, unknown = workspace.slug, "there-is-none"
    assert statements(own_secrets.tool_secret_of, known) == statements(
        own_secrets.tool_secret_of, unknown
    )
    assert (
        ratio(ask(known), ask(unknown), 100) < 1.15 or ratio(ask(known), ask(unknown), 300) < 1.15
    )


def test_api_key(web):
    key = make_key(make_workspace())
    known, unknown = f"{key[:16]}{secrets.token_hex(12)}", f"ck_live_{secrets.token_hex(16)}"

    def ask(key):
        api = Api(web.base_url, key)
        return lambda _: api.read("x")

    assert api_keys.find_key(known) is api_keys.find_key(unknown) is None
    assert ratio(ask(known), ask(unknown), 60) < MOST_RATIO


def test_invitation():
    workspace = make_workspace()
    owner = make_user(workspace).memberships.get()

    def invite(email):
        invitations.invite(workspace=workspace, email=email, role=Role.AGENT, by=owner)

    known, unknown = make_user(password="x").email, f"{secrets.token_hex(6)}@example.org"
    assert statements(invite, known) == statements(invite, unknown)


def test_form_of_a_forgotten_password_does_the_same_work():
    def send(email):
        form = ForgottenPasswordForm({"email": email})
        assert form.is_valid()
        form.save(domain_override="x", extra_email_context={"base_url": "http://x"})

    known, unknown = make_user(password="x").email, f"{secrets.token_hex(6)}@example.org"
    assert statements(send, known) == statements(send, unknown)
