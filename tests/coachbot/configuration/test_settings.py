"""Settings that cannot be read, as an operator sees it: one sentence, and nothing of the value."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.client import PATH
from tests.command_line import gunicorn, manage, run
from tests.servers import WebServer

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
    "CALLS_IN_FLIGHT": "0",
    "CALLS_WAITING": MARK,
    "CALLS_WORKING": MARK,
    "LOG_JSON": MARK,
    "METRICS_TOKEN": f"{MARK} two words",
}
# WEB_CONCURRENCY and FORWARDED_ALLOW_IPS are read by gunicorn itself before it reads our file.
WRONG_FOR_THE_SERVER = {
    "PORT": MARK,
    "WEB_BIND": f"[{MARK}",
    "WEB_THREADS": "0",
    "WEB_KEEPALIVE": MARK,
    "WEB_GRACEFUL_TIMEOUT": MARK,
    "WEB_TIMEOUT": MARK,
    "WEB_MAX_REQUESTS": MARK,
    "PUBLIC_API_RATE_LIMITS": f"5/{MARK}",
    "FAILED_KEY_RATE_LIMIT": MARK,
    "SIGN_IN_ACCOUNT_RATE_LIMIT": MARK,
    "SIGN_IN_ADDRESS_RATE_LIMIT": MARK,
}


@pytest.fixture(scope="module")
def told():
    """What each process printed that had one wrong setting; they start side by side."""

    def start(item):
        name, value = item
        if name == "PORT":
            return name, run("-m", "gunicorn", PORT=value)
        begin = gunicorn if name in WRONG_FOR_THE_SERVER else lambda **s: manage("check", **s)
        return name, begin(**{name: value})

    with ThreadPoolExecutor(3) as pool:
        return dict(pool.map(start, {**WRONG, **WRONG_FOR_THE_SERVER}.items()))


@pytest.mark.parametrize("name", [*WRONG, *WRONG_FOR_THE_SERVER])
def test_setting_that_cannot_be_read_is_one_sentence_that_names_it(told, name):
    result = told[name]

    said = result.stdout + result.stderr
    assert result.returncode != 0
    [line] = [line for line in said.splitlines() if "cannot start" in line]
    assert f"Coachbot cannot start: {name} cannot be read. Write " in line
    assert "Traceback" not in said and MARK not in said


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("submission://a:b%2Fc@mail.example", (587, True, False, "b/c")),
        ("smtps://a:b@mail.example", (465, False, True, "b")),
        ("smtp://mail.example:2525", (2525, False, False, "")),
    ],
)
def test_mail_server_is_spoken_to_as_its_scheme_says(url, fields):
    look = (
        "from coachbot import settings as s; "
        "print((s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, s.EMAIL_HOST_PASSWORD))"
    )

    assert run("-c", look, EMAIL_URL=url).stdout.strip() == repr(fields)


@pytest.mark.parametrize("folder", ["a+b", "50%20off", "c#demo", "d e"])
def test_clone_may_lie_in_a_folder_of_any_name(tmp_path, folder):
    place = tmp_path / folder
    place.mkdir()
    look = (
        "import pathlib, sys, django; sys.argv = ['x']; "
        "from coachbot import service_urls as u; "
        f"d = u.database('DATABASE_URL', default_path={str(place / 'x.sqlite3')!r}); "
        "import sqlite3; sqlite3.connect(d['NAME']).execute('create table t (x)')"
    )

    result = run("-c", look, DATABASE_URL="")

    assert result.returncode == 0, result.stderr
    assert (place / "x.sqlite3").exists()


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


def test_sign_in_works_where_a_proxy_drops_the_port(providers):
    server = WebServer(**providers, PUBLIC_BASE_URL="http://coachbot.example:8443").start()
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
