"""URLs of databases, mail servers and Coachbot itself: what is read of them, what is refused."""

import json
from urllib.parse import quote

import pytest

from tests.command_line import run

PASSWORDS = ["a/b", "a@b", "a#b", "a?b", "a%b", "a%2", "a:b", "a[b", "12/b", "a b", "a+b", "a&b=c"]
URLS = {
    "DATABASE_URL": "postgresql://user:{password}@db.example/name",
    "REDIS_URL": "redis://:{password}@cache.example:6379/0",
    "EMAIL_URL": "submission://user@acme.example:{password}@mail.example",
}
# Reads settings, all in one process. Prints what becomes of them, or what is said of them.
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
    "PUBLIC_BASE_URL": lambda name: urls.origin(name, "http://127.0.0.1:8000"),
    "ALLOWED_HOSTS": urls.hosts,
}
told = []
for name, value in json.load(sys.stdin):
    os.environ[name] = value
    try:
        told.append([True, readers[name](name)])
    except ImproperlyConfigured as error:
        told.append([False, str(error)])
print(json.dumps(told))
"""


def read(settings: list[tuple[str, str]]) -> list[tuple[bool, object]]:
    """Return for each setting whether it could be read, and what it is or what was said."""
    result = run("-c", READ_THEM, input=json.dumps(settings))
    told = json.loads(result.stdout or "[]")
    assert len(told) == len(settings), result.stderr
    return told


def test_password_in_a_url_is_read_right_or_refused_without_a_word_of_it():
    raw = [(name, password, password) for name in URLS for password in PASSWORDS]
    quoted = [(name, password, quote(password, safe="")) for name, password, _ in raw]
    told = read([(name, URLS[name].format(password=text)) for name, _, text in raw + quoted])

    for (name, password, _), (is_read, answer) in zip(raw + quoted, told, strict=True):
        if is_read:
            assert answer == password, name
        else:
            assert answer.startswith(f"{name} cannot be read. Write "), answer
    refused = {asked for asked, (is_read, _) in zip(raw + quoted, told, strict=True) if not is_read}
    assert {password for _, password, _ in refused} == {"a/b", "a#b", "a?b", "12/b", "a b", "a[b"}
    assert refused <= set(raw)


def test_url_that_cannot_be_meant_is_refused():
    wrong = {
        "PUBLIC_BASE_URL": (
            *(
                "coachbot.example",
                "https://",
                "https://coachbot.example/path",
                "https://a@b.example",
            ),
            *("https://a.example:99999", "https://a.example?b", "https://my_host", "https://a..b"),
            *("https://[::g]", "https://a b.example", "https://-\u2028.example"),
        ),
        "ALLOWED_HOSTS": ("https://a.example", "a.example:80", "a.example/b", "a b", "*.a.example"),
        "EMAIL_URL": (
            *("mail.example", "smtp://", "smtp://mail.example/path", "smtp://mail.example?a=b"),
            *("smtps://mail.example:587", "submission://mail.example:465", "smtp://a.example:x"),
        ),
        "DATABASE_URL": (
            *("mysql://a/b", "postgresql://a", "postgresql://a/", "sqlite://", "/a/b.sqlite3"),
            *("postgresql://a:70000/b", "postgresql://a/b?foot=1", f"postgresql://a/{'b' * 64}"),
        ),
        "REDIS_URL": (
            "http://a",
            "redis://a/b",
            "redis://a/0?b=1",
            "redis://a:b",
            "127.0.0.1:6379",
        ),
    }
    settings = [(name, value) for name, values in wrong.items() for value in values]

    for (name, value), (is_read, answer) in zip(settings, read(settings), strict=True):
        assert not is_read, f"{name}={value} was read as {answer}"
        assert answer.startswith(f"{name} cannot be read. Write "), answer


def test_hosts_are_compared_as_browsers_write_them():
    hosts = "Coachbot.Example., .b\u00fccher.example, 2001:DB8:0::1, [::1], *, stra\u00dfe.example"

    [(is_read, answer)] = read([("ALLOWED_HOSTS", hosts)])

    assert is_read
    assert answer == [
        *("coachbot.example", ".xn--bcher-kva.example", "[2001:db8::1]", "[::1]", "*"),
        "xn--strae-oqa.example",
    ]


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
