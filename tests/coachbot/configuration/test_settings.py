"""Settings that cannot be read, as an operator sees it: one sentence, and nothing of the value."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
import requests

from tests.client import PATH
from tests.command_line import gunicorn, manage, run
from tests.servers import ROOT, WebServer

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
    "CALLS_IN_FLIGHT": "0",
    "CALLS_WAITING": MARK,
    "CALLS_WORKING": MARK,
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
    "PUBLIC_API_RATE_LIMITS": f"5/{MARK}",
    "FAILED_KEY_RATE_LIMIT": MARK,
    "SIGN_IN_ACCOUNT_RATE_LIMIT": MARK,
    "SIGN_IN_ADDRESS_RATE_LIMIT": MARK,
}
# gunicorn reads these two itself before it reads our file: see test_env_file.py.
READ_BEFORE_US = {"WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS"}
# ENCRYPTION_KEY is in test_start.py; the others may be anything.
ELSEWHERE = {"ENCRYPTION_KEY", "SECRET_KEY", "POSTGRES_PASSWORD", "STATIC_ROOT"}
POSTGRESQL = "postgresql://coachbot@127.0.0.1/coachbot"


def test_every_setting_is_tried():
    listed = set(re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert listed == {*WRONG, *WRONG_FOR_THE_SERVER, *READ_BEFORE_US, *ELSEWHERE}


@pytest.fixture(scope="module")
def told():
    """What each process printed that had one wrong setting; they start side by side."""

    def start(item):
        name, value = item
        if name == "PORT":
            return name, run("-m", "gunicorn", PORT=value)
        if name in WRONG_FOR_THE_SERVER:
            return name, gunicorn(**{name: value})
        return name, manage("check", **{"DATABASE_URL": POSTGRESQL, name: value})

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


PASSWORDS = ["a/b", "a@b", "a#b", "a?b", "a%b", "a%2", "a:b", "a[b", "12/b", "a b", "a+b", "a&b=c"]
URLS = {
    "DATABASE_URL": "postgresql://user:{password}@db.example/name",
    "REDIS_URL": "redis://:{password}@cache.example:6379/0",
    "EMAIL_URL": "submission://user@acme.example:{password}@mail.example",
}
# Reads each URL, in one process. Prints what becomes of its password, or what is said of it.
READ_THEM = """
import json, os, sys
from django.core.exceptions import ImproperlyConfigured
import redis
from coachbot.configuration import service_urls as urls

def of_redis(name):
    return redis.Redis.from_url(urls.redis_url(name)).connection_pool.connection_kwargs["password"]

readers = {
    "DATABASE_URL": lambda name: urls.database(name, "")["PASSWORD"],
    "REDIS_URL": of_redis,
    "EMAIL_URL": lambda name: urls.mail(name)["EMAIL_HOST_PASSWORD"],
}
told = []
for name, url in json.load(sys.stdin):
    os.environ[name] = url
    try:
        told.append([True, readers[name](name)])
    except ImproperlyConfigured as error:
        told.append([False, str(error)])
print(json.dumps(told))
"""


def test_password_in_a_url_is_read_right_or_refused_without_a_word_of_it():
    raw = [(name, password, password) for name in URLS for password in PASSWORDS]
    quoted = [(name, password, quote(password, safe="")) for name, password, _ in raw]
    asked = [(name, URLS[name].format(password=text)) for name, _, text in raw + quoted]

    result = run("-c", READ_THEM, input=json.dumps(asked))

    told = json.loads(result.stdout or "[]")
    assert len(told) == len(asked), result.stderr
    for (name, password, _), (is_read, answer) in zip(raw + quoted, told, strict=True):
        if is_read:
            assert answer == password, name
        else:
            assert answer.startswith(f"{name} cannot be read. Write "), answer
    refused = {asked for asked, (is_read, _) in zip(raw + quoted, told, strict=True) if not is_read}
    assert {password for _, password, _ in refused} == {"a/b", "a#b", "a?b", "12/b", "a b", "a[b"}
    assert refused <= set(raw)


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
