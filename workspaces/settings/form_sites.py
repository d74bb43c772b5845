"""The sites that may show a workspace's form in a frame. Imports none of ours."""

import re

from django.core.exceptions import ValidationError

MOST_SITES = 20
LONGEST = 2_000
# An origin as browsers write it: scheme, host and, unless it is the usual one, port.
HOST = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
ORIGIN = rf"https?://{HOST}(:[0-9]{{1,5}})?"
USUAL_PORT = re.compile(r"^(http://[^:]+):80$|^(https://[^:]+):443$")


def read(text: str) -> str:
    """Return origins as they are stored: lower case, by commas, each once.

    A path that comes along is left out, as people paste the address of a page. What is no origin
    stays as it is; validate_sites() tells of it.
    """
    words = text.replace(",", " ").split()
    return ",".join(dict.fromkeys(map(_origin, words)))


def _origin(word: str) -> str:
    scheme, separator, rest = word.partition("://")
    host = re.split("[/?#]", rest, maxsplit=1)[0]
    plain = f"{scheme}{separator}{host}".lower()
    if match := USUAL_PORT.match(plain):
        return match[1] or match[2]
    return plain


def validate_sites(text: str) -> None:
    """Raise ValidationError, which names what is wrong, for anything but read() origins."""
    origins = text.split(",")
    wrong = [origin for origin in origins if not re.fullmatch(ORIGIN, origin)]
    if wrong:
        raise ValidationError(
            "%(words)s: no address of a site. Write it as https://www.example.com.",
            params={"words": ", ".join(wrong)},
        )
    if len(origins) > MOST_SITES:
        raise ValidationError("Name at most %(most)s sites.", params={"most": MOST_SITES})
