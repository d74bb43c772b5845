"""Settings as the environment and `.env` give them: read strictly, or refused in one sentence.

The sentence names the setting and says how to write it. It holds nothing of the value, which
may be a secret or a part of one; so no other exception leaves this module, and none is chained.
Empty is as good as not set, but for flags: an empty flag is off.
"""

import ipaddress
import math
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import getaddresses
from io import StringIO
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

ON = ("1", "true", "on", "yes", "y", "ok")
OFF = ("0", "false", "off", "no", "n", "")
ASSIGNMENT = re.compile(r"(?:export )?[A-Za-z_]\w*=.*", re.ASCII)
# What gunicorn can listen on: a socket's path, a socket it was handed, a host with its port.
LISTENABLE = re.compile(
    r"unix:.+|fd://\d+|(?:tcp://)?(?:[\w.-]*|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?", re.ASCII
)
LARGEST_PORT = 65_535
MOST_WORK_THREADS = 256


@contextmanager
def one_sentence() -> Iterator[None]:
    """End the process with a sentence where the body raises ImproperlyConfigured."""
    try:
        yield
    except ImproperlyConfigured as error:
        sys.exit(f"Coachbot cannot start: {error}")


def unreadable(name: str, how: str) -> ImproperlyConfigured:
    """Return what is raised for a setting that cannot be read. how: what to write instead."""
    return ImproperlyConfigured(f"{name} cannot be read. Write {how}.")


def load_file(path: Path) -> None:
    """Set what a `.env` file says and the environment does not. Without a file, do nothing.

    django-environ does the reading. By itself it takes a file that it may not open for none,
    and prints lines that it does not understand. Raises ImproperlyConfigured.
    """
    if not path.is_file():
        return
    try:
        lines = [line.strip() for line in path.read_text("utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError):
        raise unreadable(
            path.name, "it in UTF-8, and let the user that runs Coachbot read it"
        ) from None
    for number, line in enumerate(lines, start=1):
        if line and not line.startswith("#") and not ASSIGNMENT.fullmatch(line):
            raise unreadable(
                f"Line {number} of {path.name}", "NAME='value', with no space around the ="
            )
    environ.Env.read_env(StringIO("\n".join(lines)))


def text(name: str, default: str = "") -> str:
    """Return a setting as it is, but for space around it."""
    return os.environ.get(name, "").strip() or default


def secret(name: str) -> str:
    """Return a setting as it is, with every character; "" where it is not set."""
    value = os.environ.get(name, "")
    return value if value.strip() else ""


def token(name: str) -> str:
    """Return what is sent in a header: printable ASCII without a space, or ""."""
    value = text(name)
    if not re.fullmatch(r"[!-~]*", value):
        raise unreadable(name, "letters, digits and signs of ASCII without a space")
    return value


def file_path(name: str, default: str) -> str:
    """Return the path of a file, which need not be there, in a folder that is."""
    value = text(name)
    path = Path(value)
    if value and (path.is_dir() or not path.parent.is_dir()):
        raise unreadable(name, "the path of a file, in a folder that is there")
    return value or default


def flag(name: str, default: bool) -> bool:
    """Return whether a setting is on."""
    value = os.environ.get(name)
    if value is None:
        return default
    word = value.strip().lower()
    if word not in ON + OFF:
        raise unreadable(name, "1 or 0")
    return word in ON


def integer(name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
    """Return a whole number between two bounds."""
    try:
        value = int(text(name) or default)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        up_to = f"to {most}" if most < 10**9 else "on"
        raise unreadable(name, f"a whole number from {least} {up_to}")
    return value


def seconds(name: str, default: float, *, least: float = 0, most: float = 10**6) -> float:
    """Return a length of time in seconds, between two bounds."""
    try:
        value = float(text(name) or default)
    except ValueError:
        value = math.nan
    if not least <= value <= most:  # nor is NaN
        up_to = f"from {least:g} to {most:g}" if most < 10**6 else f"from {least:g} on"
        raise unreadable(name, f"seconds as a number {up_to}, such as {default:g}")
    return value


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return what stands between commas."""
    found = [word.strip() for word in text(name).split(",")]
    return [word for word in found if word] or list(default)


def sender(name: str, default: str) -> str:
    """Return the sender of mails: an address, or `Name <address>`."""
    value = text(name, default)
    try:
        [(_, address)] = getaddresses([value])
        Address(addr_spec=address)
    except (ValueError, IndexError, MessageError):
        address = ""
    if not address or not value.isprintable():
        raise unreadable(name, "an address, or 'Name <name@host>' in single quotes")
    return value


def listen(name: str, default: str) -> str:
    """Return what gunicorn listens on, with commas between."""
    addresses = words(name, (default,))
    for address in addresses:
        match = LISTENABLE.fullmatch(address)
        if not match or int(match["port"] or 0) > LARGEST_PORT:
            raise unreadable(name, "an address and a port, such as 127.0.0.1:8000 or [::1]:8000")
    return ",".join(addresses)


def proxies(name: str, default: str) -> str:
    """Return the addresses and networks of proxies, or `*`, with commas between.

    A socket that listens on [::] sees an IPv4 client as ::ffff:a.b.c.d: each IPv4 network is
    there in that form, too.
    """
    allowed = []
    for address in words(name, tuple(default.split(","))):
        if address == "*":
            allowed.append(address)
            continue
        try:
            network = ipaddress.ip_network(address, strict=False)
        except ValueError:
            how = "addresses or networks with commas between, such as 127.0.0.1,10.0.0.0/8, or *"
            raise unreadable(name, how) from None
        allowed.append(str(network))
        if network.version == 4:
            allowed.append(f"::ffff:{network.network_address}/{96 + network.prefixlen}")
    return ",".join(allowed)
