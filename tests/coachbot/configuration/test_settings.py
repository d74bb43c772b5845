"""Settings that cannot be read, as an operator sees it: one sentence, and nothing of the value."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.client import PATH
from tests.command_line import forked, run
from tests.servers import ROOT, ForkedWebServer

MARK = "Sup3rS3cret"
WRONG = {
    "DEBUG": MARK,
    "PUBLIC_BASE_URL": f"ftp://{MARK}",
    "ALLOWED_HOSTS": f"https://{MARK}/",
    "TRUSTED_PROXIES": MARK,
    "DATABASE_URL": f"postgresql://coachbot:{MARK}/b#c@127.0.0.1/coachbot",
    "REDIS_URL": f"redis://:{MARK}/b#c@127.0.0.1",
    "DATABASE_POOL_SIZE": MARK,
    "DATABASE_LOCK_TIMEOUT": MARK,
    "DATABASE_STATEMENT_TIMEOUT": MARK,
    "DATABASE_POOL_TIMEOUT": "0",
    "DATABASE_PREPARED_STATEMENTS": MARK,
    "EMAIL_URL": f"mailto://{MARK}@mail.example",
    "EMAIL_TIMEOUT": MARK,
    "DEFAULT_FROM_EMAIL": f"{MARK} <",
    "SECURE_SSL_REDIRECT": MARK,
    "VAPI_BASE_URL": MARK,
    "VAPI_TIMEOUT": MARK,
    "VAPI_SILENT_WORK": "-1",
    "VAPI_LISTING_LAG": "nan",
    "CALCOM_BASE_URL": f"file://{MARK}",
    "CALCOM_TIMEOUT": MARK,
    "WEBHOOK_ALLOW_PRIVATE": MARK,
    "CALLS_IN_FLIGHT": "0",
    "CALLS_WAITING": MARK,
    "CALCOM_IN_FLIGHT": "0",
    "TWILIO_IN_FLIGHT": "0",
    "OPENAI_IN_FLIGHT": "0",
    "TWILIO_BASE_URL": f"https://{MARK}@api.twilio.com",
    "TWILIO_MESSAGING_BASE_URL": MARK,
    "TWILIO_CONTENT_BASE_URL": MARK,
    "TWILIO_TIMEOUT": MARK,
    "TWILIO_LISTING_LAG": MARK,
    "OPENAI_BASE_URL": f"ftp://{MARK}",
    "OPENAI_TIMEOUT": "61",
    "EXPORTS_AT_ONCE": "0",
    "FORM_LEAST_SECONDS": MARK,
    "WEB_SEND_TIMEOUT": "0",
    "WORK_QUEUE_PATH": f"/{MARK}/work.sqlite3",
    "WORK_THREADS": "0",
    "LOG_JSON": MARK,
    "METRICS_TOKEN": f"{MARK} two words",
}
WRONG_FOR_THE_SERVER = {
    "PORT": MARK,
    "WEB_BIND": f"[{MARK}",
    "WEB_THREADS": "0",
    "WEB_KEEPALIVE": MARK,
    "WEB_GRACEFUL_TIMEOUT": MARK,
    "WEB_TIMEOUT": MARK,
    "WEB_MAX_REQUESTS": MARK,
}
# What the server's check finds. That the server then ends with its sentence: see test_start.py.
WRONG_FOR_THE_CHECK = {
    "PUBLIC_API_RATE_LIMITS": f"5/{MARK}",
    "PUBLIC_API_READ_LIMITS": f"5/{MARK}",
    "INTAKE_RATE_LIMITS": f"5/{MARK}",
    "FAILED_KEY_RATE_LIMIT": MARK,
    "SIGN_IN_RATE_LIMIT": MARK,
    "SIGN_IN_ACCOUNT_RATE_LIMIT": MARK,
    "SIGN_IN_ADDRESS_RATE_LIMIT": MARK,
    "PASSWORD_MAIL_RATE_LIMIT": MARK,
    "PASSWORD_MAIL_ADDRESS_RATE_LIMIT": MARK,
    "TRY_AGENT_RATE_LIMIT": MARK,
    "FORM_RATE_LIMITS": f"30/{MARK}",
    "FORM_WORKSPACE_RATE_LIMIT": MARK,
    "INVITATION_RATE_LIMIT": MARK,
    "INVITATION_RECIPIENT_RATE_LIMIT": MARK,
}
ALL_WRONG = {**WRONG, **WRONG_FOR_THE_SERVER, **WRONG_FOR_THE_CHECK}
# gunicorn reads these two itself before it reads our file: see test_env_file.py.
READ_BEFORE_US = {"WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS"}
# ENCRYPTION_KEY is in test_start.py; the others may be anything.
ELSEWHERE = {
    "ENCRYPTION_KEY",
    "SECRET_KEY",
    "POSTGRES_PASSWORD",
    "STATIC_ROOT",
    "HTTP_PORT",
    "HTTPS_PORT",
}
POSTGRESQL = "postgresql://coachbot@127.0.0.1/coachbot"


def test_every_setting_is_tried():
    listed = set(re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert listed == {*ALL_WRONG, *READ_BEFORE_US, *ELSEWHERE}


@pytest.fixture(scope="module")
def told():
    """What each process printed that had one wrong setting; they start side by side."""

    def start(item):
        name, value = item
        if name == "PORT":
            return name, forked("-m", "gunicorn", PORT=value)
        if name in WRONG_FOR_THE_SERVER:
            return name, forked("-m", "gunicorn", **{"PORT": "0", name: value})
        if name in WRONG_FOR_THE_CHECK:
            return name, forked("-m", "coachbot.server.start", "1", **{name: value})
        return name, forked("manage.py", "check", **{"DATABASE_URL": POSTGRESQL, name: value})

    with ThreadPoolExecutor(3) as pool:
        return dict(pool.map(start, ALL_WRONG.items()))


@pytest.mark.parametrize("name", ALL_WRONG)
def test_setting_that_cannot_be_read_is_one_sentence_that_names_it(told, name):
    result = told[name]

    said = result.stdout + result.stderr
    assert result.returncode != 0
    wanted = "" if name in WRONG_FOR_THE_CHECK else "Coachbot cannot start: "
    [line] = [line for line in said.splitlines() if "cannot be read" in line]
    assert f"{wanted}{name} cannot be read. Write " in line
    assert "Traceback" not in said and MARK not in said


def test_secret_may_begin_with_a_dollar_sign():
    key = "$" + "k" * 60
    look = "from coachbot import settings; print(settings.SECRET_KEY)"

    assert run("-c", look, SECRET_KEY=key).stdout.strip() == key


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://[::1]:8000", "[::1]:8000"),
        ("https://b\u00fccher.example", "xn--bcher-kva.example"),
        ("https://Coachbot.Example:8443/", "coachbot.example:8443"),
    ],
)
def test_public_address_of_any_kind_is_answered(url, host):
    look = (
        "import django; django.setup(); from django.test import Client; "
        f"print(Client(headers={{'host': {host!r}}}).get('{PATH}').status_code)"
    )
    settings = {"PUBLIC_BASE_URL": url, "DJANGO_SETTINGS_MODULE": "coachbot.settings"}

    assert run("-c", look, ALLOWED_HOSTS="", **settings).stdout.strip() == "401"


def test_redirect_to_https_knows_the_port_of_the_public_address():
    look = (
        "import django; django.setup(); from django.test import Client; "
        "print(Client(headers={'host': 'coachbot.example'}).get('/sign-in').headers['Location'])"
    )
    settings = {"PUBLIC_BASE_URL": "https://coachbot.example:8443", "SECURE_SSL_REDIRECT": "1"}

    result = run("-c", look, DJANGO_SETTINGS_MODULE="coachbot.settings", **settings)

    assert result.stdout.strip() == "https://coachbot.example:8443/sign-in"


def test_sign_in_works_where_a_proxy_drops_the_port(providers):
    server = ForkedWebServer(**providers, PUBLIC_BASE_URL="http://coachbot.example:8443").start()
    try:
        session = requests.Session()
        headers = {"Host": "coachbot.example", "Origin": "http://coachbot.example:8443"}
        page = session.get(f"{server.base_url}/sign-in", headers=headers, timeout=30)
        token = page.text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
        form = {"username": "a@b.example", "password": "x", "csrfmiddlewaretoken": token}
        cookies = {"csrftoken": page.cookies["csrftoken"]}
        url = f"{server.base_url}/sign-in"
        answer = session.post(url, data=form, headers=headers, cookies=cookies, timeout=30)
    finally:
        server.kill()

    assert answer.status_code == 200
    assert "No account has this e-mail with this password." in answer.text
