"""Text that people see: what is invisible in it, and e-mail addresses without any of that.

Invisible characters come along when text is pasted from chats, documents and web pages.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.forms import EmailField

# Blank by their looks only: fillers and the empty Braille pattern.
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
INVISIBLE = ("Cf", "Cc", "Mn", "Me", "Zs", "Zl", "Zp", "Cn", "Co")
# Marks that turn the text around them: embeddings, overrides, isolates and single marks.
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# Where an address is cut before it is looked at; 254 characters are what one may have.
LONGEST_ADDRESS = 320


def is_blank(text: str) -> bool:
    """Return whether nothing of a text can be seen."""
    return all(c in BLANKS or unicodedata.category(c) in INVISIBLE for c in text)


def check_one_line(text: str) -> None:
    """Validate a name: something of it can be seen, and it is one line. Raises ValidationError."""
    if is_blank(text):
        raise ValidationError("Enter a name that can be seen.")
    if len(text.splitlines()) > 1 or any(unicodedata.category(c) == "Cc" for c in text):
        raise ValidationError("Enter a name on one line.")


def without_turning(text: str) -> str:
    """Return text that cannot turn around what stands beside it, on one line."""
    return " ".join(TURNING.sub("", text).split())


def folded(address: str) -> str:
    """Return an e-mail address as the name of an account: alike for all who may mean the same.

    Databases and Python do not agree on which letters are one without regard to case: PostgreSQL
    takes a long s for an s. So it is decided here, once. No account has an address that is as long
    as what is cut off here.
    """
    short = unicodedata.normalize("NFKC", address[:LONGEST_ADDRESS])
    return unicodedata.normalize("NFKC", short.casefold()).strip()


def clean_address(text: str) -> str:
    """Return an e-mail address without what is invisible in it.

    Raises ValidationError where that is no address, or none that a mail server could be told.
    """
    address = "".join(c for c in text if unicodedata.category(c) != "Cf" and c not in BLANKS)
    address = address.strip()
    validate_email(address)
    try:
        address.rpartition("@")[2].encode("idna")
    except UnicodeError as error:
        raise ValidationError("Enter a valid email address.") from error
    return address


class AddressField(EmailField):
    """A form's field for an e-mail address: as clean_address() takes it."""

    default_validators = []

    def clean(self, value):
        value = super().clean(value)
        return clean_address(value) if value else value
