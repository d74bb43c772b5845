"""Settings that are URLs: of databases, of a mail server, of Coachbot itself and of providers.

As in environment.py, one that cannot be read is refused in a sentence without its value.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

import idna
import redis
from django.utils.module_loading import import_string

from coachbot.configuration.environment import LARGEST_PORT, text, unreadable, words

QUOTED = "with / ? # @ % of a password as %2F %3F %23 %40 %25"
DATABASE = f"postgresql://user:password@host/name, {QUOTED}, or sqlite:////path/of/the/file"
REDIS = f"redis://:password@host:6379/0, {QUOTED}"
MAIL = (
    f"submission://user:password@host, {QUOTED}; or smtps:// for TLS on port 465, or smtp:// "
    "for none"
)
POSTGRESQL = ("postgresql", "postgres", "psql", "pgsql")
LONGEST_NAME = 63  # of a PostgreSQL database
# Django's names for what libpq reads in a URL.
CONNECTION_FIELDS = {
    "NAME": "dbname",
    "USER": "user",
    "PASSWORD": "password",
    "HOST": "host",
    "PORT": "port",
}
PORTS = re.compile(r"(?:\d{1,5})?(?:,\d{0,5})*", re.ASCII)
STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*")


@dataclass(frozen=True)
class MailScheme:
    """How a mail server is spoken to. RFC 8314 has the ports."""

    port: int
    is_tls_from_the_start: bool = False
    has_starttls: bool = False


_SUBMISSION = MailScheme(587, has_starttls=True)
_SUBMISSIONS = MailScheme(465, is_tls_from_the_start=True)
MAIL_SCHEMES = {
    "smtp": MailScheme(25),
    "submission": _SUBMISSION,
    "smtp+tls": _SUBMISSION,
    "smtps": _SUBMISSIONS,
    "submissions": _SUBMISSIONS,
    "smtp+ssl": _SUBMISSIONS,
}
MAIL_TO_LOOK_AT = {
    "consolemail": "coachbot.mail.printed.Printed",
    "filemail": "django.core.mail.backends.filebased.EmailBackend",
    "dummymail": "django.core.mail.backends.dummy.EmailBackend",
}


def database(name: str, default_path: str) -> dict:
    """Return the connection of a database for settings.DATABASES; without a URL a SQLite file."""
    url = text(name)
    if not url:
        return _sqlite(default_path)
    parts = _split(name, url, DATABASE)
    if parts.scheme == "sqlite" and len(parts.path) > 1 and not parts.netloc:
        return _sqlite(unquote(parts.path[1:]))
    if parts.scheme in POSTGRESQL:
        return _postgresql(name, parts)
    raise unreadable(name, DATABASE)


def redis_url(name: str) -> str:
    """Return the URL of a Redis that redis-py can read, or ""."""
    url = text(name)
    if not url:
        return ""
    parts = _split(name, url, REDIS)
    is_number = re.fullmatch(r"/?\d*", parts.path, re.ASCII)
    if not (is_number or parts.scheme == "unix"):
        raise unreadable(name, REDIS)
    try:
        redis.Redis.from_url(url).connection_pool.make_connection()  # which connects to nothing
    except (ValueError, TypeError):
        raise unreadable(name, REDIS) from None
    return url


def mail(name: str) -> dict:
    """Return Django's settings for the server that takes mails; without a URL they are printed."""
    parts = _split(name, text(name, "consolemail://"), MAIL)
    if backend := MAIL_TO_LOOK_AT.get(parts.scheme):
        return {"MAIL_BACKEND": backend, "EMAIL_FILE_PATH": unquote(parts.path[1:])}
    scheme = MAIL_SCHEMES.get(parts.scheme)
    if not scheme or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise unreadable(name, MAIL)
    port = _port(name, parts, MAIL) or scheme.port
    _check_mail_port(name, scheme, port)
    return {
        "MAIL_BACKEND": "coachbot.mail.smtp.MailServer",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": scheme.is_tls_from_the_start,
        "EMAIL_USE_TLS": scheme.has_starttls,
    }


def origin(name: str, default: str) -> str:
    """Return scheme, host and port of a web address, as a browser writes them.

    A host in another script is turned into its ASCII form, a default port is left out.
    """
    how = "https://host or https://host:port, without a path"
    parts = _web_address(name, default, how)
    if parts.path.strip("/"):
        raise unreadable(name, how)
    port = _port(name, parts, how)
    end = "" if port in (None, DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{_ascii_host(name, parts.hostname or '', how)}{end}"


def base_url(name: str, default: str) -> str:
    """Return the web address below which a provider's API is, without a slash at the end."""
    how = f"a web address such as {default}"
    parts = _web_address(name, default, how)
    _port(name, parts, how)
    return urlunsplit(parts).rstrip("/")


def hosts(name: str) -> list[str]:
    """Return host names as Django compares them: ASCII, lower case, IPv6 in brackets."""
    how = "host names with commas between, without https:// and without a port"
    return [word if word == "*" else _allowed_host(name, word, how) for word in words(name)]


def _allowed_host(name: str, word: str, how: str) -> str:
    dot = "." if word.startswith(".") else ""  # and all below it
    return dot + _ascii_host(name, word.removeprefix(".").strip("[]"), how)


def _ascii_host(name: str, host: str, how: str) -> str:
    """Return a host as it stands in a browser's Host header."""
    if ":" in host:
        return _ipv6(name, host, how)
    try:
        found = idna.encode(host.rstrip("."), uts46=True).decode() if not host.isascii() else host
    except idna.IDNAError:
        raise unreadable(name, how) from None
    found = found.rstrip(".").lower()
    if not HOST.fullmatch(found):
        raise unreadable(name, how)
    return found


def _ipv6(name: str, host: str, how: str) -> str:
    try:
        return f"[{ipaddress.IPv6Address(host)}]"
    except ValueError:
        raise unreadable(name, how) from None


def _web_address(name: str, default: str, how: str) -> SplitResult:
    parts = _split(name, text(name, default), how)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        raise unreadable(name, how)
    if parts.query:
        raise unreadable(name, how)
    return parts


def _split(name: str, url: str, how: str) -> SplitResult:
    """Split a URL. What a password leaves behind where it was not quoted is refused."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise unreadable(name, how) from None
    torn = "#" in url or "@" in parts.path + parts.query
    if torn or any(character <= " " for character in url):
        raise unreadable(name, how)
    return parts


def _port(name: str, parts: SplitResult, how: str) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise unreadable(name, how) from None


def _sqlite(path: str) -> dict:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": {}}


def _postgresql(name: str, parts: SplitResult) -> dict:
    """Let libpq read a URL, as pg_dump will, and return it as Django takes it."""
    credentials, at, host = parts.netloc.rpartition("@")
    credentials = quote(STRAY_PERCENT.sub("%25", credentials), safe="%:!$&'()*+,;=~")
    path = parts.path
    if path.startswith("//"):  # of a socket's folder, and the name
        folder, _, database_name = path[1:].rpartition("/")
        host, path = quote(folder, safe="%"), f"/{database_name}"
    url = urlunsplit(("postgresql", credentials + at + host, path, parts.query, ""))
    # Takes a quarter of a second to import, which SQLite can do without.
    error = import_string("psycopg.Error")
    try:
        fields = import_string("psycopg.conninfo.conninfo_to_dict")(url)
    except error:
        raise unreadable(name, DATABASE) from None
    config = {key: fields.pop(field, "") for key, field in CONNECTION_FIELDS.items()}
    has_name = config["NAME"] or "service" in fields
    if not has_name or len(config["NAME"]) > LONGEST_NAME or not _are_ports(config["PORT"]):
        raise unreadable(name, DATABASE)
    return {"ENGINE": "django.db.backends.postgresql", **config, "OPTIONS": fields}


def _are_ports(ports: str) -> bool:
    """Return whether this is a port, or one for each of several hosts, or nothing."""
    if not PORTS.fullmatch(ports):
        return False
    return all(int(port) <= LARGEST_PORT for port in ports.split(",") if port)


def _check_mail_port(name: str, scheme: MailScheme, port: int) -> None:
    """Refuse the port of the other kind of TLS, where each side would wait for the other."""
    for other in (_SUBMISSION, _SUBMISSIONS):
        if port == other.port and scheme not in (other, MAIL_SCHEMES["smtp"]):
            right = "submission" if other is _SUBMISSION else "smtps"
            raise unreadable(name, f"{right}:// for port {port}")
