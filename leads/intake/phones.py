"""Phone numbers as people write them: the one place that decides which number is meant. Pure.

The rules are the contract's, sections 3 and 9; what is a number of which country, and how
national numbers are dialled, is known to `phonenumbers` (https://github.com/google/libphonenumber).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeGuard

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, ValidationResult

from coachbot.db.storable import UNSTORABLE
from leads.intake import submission

NORMAL = re.compile(submission.PHONE_FORM)
MESSAGE = "Phone must be a valid E.164-style number."

# RFC 3966; what follows a `;` there is an extension or the like, and refused with its letters.
SCHEME = re.compile(r"^tel:", re.IGNORECASE)
# Marks of direction, joiners, and what only changes the look of another character.
INVISIBLE = ("Cf", "Mn", "Me")
# Hyphens and dashes, and brackets of all kinds.
FORMATTING = ("Pd", "Ps", "Pe")
# Japanese long vowel marks stand for dashes, and dots are what many countries write.
MORE_FORMATTING = "\u2212\u2043\u30fc\uff70.\u00b7\u2022\u2024\u30fb\uff0e"
PLUSES = "+\uff0b\ufe62\u207a\u2795"
# Formatting in some countries, and in others what a second number or an extension follows.
DOUBTFUL = "/\uff0f\u2044\u2215~\u223c\uff5e\u2053\u301c\t\n\r\v\f\u0085\u2028\u2029"
# Quotation marks, commas and symbols around a number. A star or a hash sign is dialled.
AROUND = re.compile(r"^[^\w+*#]+|[^\w+*#]+$")
DIALLED = re.compile(r" *(\+?) *([0-9][0-9 /]*)")


class BadPhone(ValueError):
    """The text is no phone number; `str()` is the contract's sentence."""


@dataclass(frozen=True)
class Phone:
    """A number, `+` and 7 to 15 digits.

    written: what was sent, as a plus if there is one and ASCII digits. country: that of numbers
    without a country code.
    """

    number: str
    written: str
    country: str = ""

    @property
    def older_spellings(self) -> tuple[str, ...]:
        """How releases before 0.2, or this with another country, may have stored the number.

        That kept the digits as they were written: with the trunk prefix after the country code,
        as in +44020..., and where the number is of the default country, without a country code.
        """
        found, parsed = {f"+{self.written.removeprefix('+')}"}, parse(self.number)
        if parsed:
            code, national = parsed.country_code, _nationally(parsed)
            found |= {f"+{code}{digits}" for digits in national}
            if code == phonenumbers.country_code_for_region(self.country):
                found |= {f"+{digits}" for digits in national}
        return tuple(sorted(filter(NORMAL.fullmatch, found - {self.number})))


def normalise(text: str, *, country: str = "") -> str:
    """Return `+` and digits for a number as people write it; read() says how. Raises BadPhone."""
    return read(text, country=country).number


def read(text: str, *, country: str = "") -> Phone:
    """Return the number that a person meant.

    country: ISO 3166 code of the country of numbers that are written without `+`; without one,
    those are taken to begin with a country code. Raises BadPhone.
    """
    visible = "".join(char for char in text if unicodedata.category(char) not in INVISIBLE).strip()
    if len(visible) > submission.PHONE.longest or UNSTORABLE.search(visible):
        raise BadPhone(MESSAGE)
    plus, digits, is_doubtful = _digits(visible)
    is_international = plus or not country
    parsed = parse(f"+{digits}") if is_international else parse(digits, country)
    number = _international(digits, parsed) if is_international else _national(digits, parsed)
    is_right = (
        NORMAL.fullmatch(number)
        and (len(visible) >= submission.PHONE.shortest or _is_valid(parsed))
        and (not is_doubtful or _is_possible(parsed))
    )
    if not is_right:
        raise BadPhone(MESSAGE)
    return Phone(number, plus + digits, country)


def older_spellings(phone: Phone, *, country: str) -> list[str]:
    """Return how a number may have been stored that was read by a country which a person chose.

    country: the workspace's, by which older releases went, whatever was chosen.
    """
    by_default = read(phone.number, country=country)
    return sorted({*phone.older_spellings, *by_default.older_spellings})


def _digits(visible: str) -> tuple[str, str, bool]:
    """Return a plus or "", the digits, and whether there is more in it than formatting.

    Raises BadPhone for letters and for what looks like a second number.
    """
    plain = "".join(map(_plain, SCHEME.sub("", visible, count=1)))
    match = DIALLED.fullmatch(AROUND.sub("", plain))
    if not match:
        raise BadPhone(MESSAGE)
    plus, dialled = match.groups()
    first, *rest = (re.sub(r"\D", "", part) for part in dialled.split("/"))
    # 030/1234567 and 06/12/34/56/78 are one number, 030 1234567/8 are two.
    shortest = 4 if len(rest) == 1 else 2
    if any(len(part) < shortest for part in rest):
        raise BadPhone(MESSAGE)
    return plus, "".join([first, *rest]), bool(rest)


def _plain(char: str) -> str:
    """Return a character as a digit, plus, space or slash; any other as it is."""
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if char in PLUSES:
        return "+"
    if char in DOUBTFUL:
        return "/"
    if char.isspace() or char in MORE_FORMATTING or unicodedata.category(char) in FORMATTING:
        return " "
    return char


def _international(digits: str, parsed: PhoneNumber | None) -> str:
    """Return a number that was written with its country code, as in +44 (0)20 7946 0018."""
    if parsed is None or e164(parsed) == f"+{digits}":
        return f"+{digits}"
    has_trunk_zero = digits.startswith(f"{parsed.country_code}0")
    return e164(parsed) if has_trunk_zero or _is_valid(parsed) else f"+{digits}"


def _national(digits: str, parsed: PhoneNumber | None) -> str:
    """Return a number that was written without +.

    One that is too long for its country may be another's. Raises BadPhone where it is not.
    """
    if parsed is None:
        return f"+{digits}"
    if phonenumbers.is_possible_number_with_reason(parsed) != ValidationResult.TOO_LONG:
        return e164(parsed)
    abroad = parse(f"+{digits}")
    if not _is_valid(abroad):
        raise BadPhone(MESSAGE)
    return e164(abroad)


def _nationally(parsed: PhoneNumber) -> set[str]:
    """Return the digits that are or were written for a number in its own country."""
    region = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    trunk = phonenumbers.ndd_prefix_for_region(region, True) or ""
    significant = phonenumbers.national_significant_number(parsed)
    written = {significant, trunk + significant}
    if region == "MX":  # until 2020 mobile numbers had a 1 when called from abroad
        written.add(f"1{significant}")
    if phonenumbers.country_mobile_token(parsed.country_code or 0):
        # Argentina: 011 15 2345 6789 at home is +54 9 11 2345 6789 from abroad.
        at_home = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
        at_home = phonenumbers.normalize_digits_only(at_home)
        written |= {at_home, at_home.removeprefix(trunk)}
    return written


@lru_cache(maxsize=256)  # a number is parsed again at once, for its older spellings
def parse(dialled: str, country: str = "") -> PhoneNumber | None:
    """Return what the library reads, None where that is no number. Many share it: change a copy."""
    try:
        return phonenumbers.parse(dialled, country or None)
    except phonenumbers.NumberParseException:
        return None


def _is_valid(parsed: PhoneNumber | None) -> TypeGuard[PhoneNumber]:
    return parsed is not None and phonenumbers.is_valid_number(parsed)


def _is_possible(parsed: PhoneNumber | None) -> bool:
    return parsed is not None and phonenumbers.is_possible_number(parsed)


def e164(parsed: PhoneNumber) -> str:
    """Return `+` and digits."""
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


# Places whose phones are numbers of another country's networks, at its prices: who may call
# that country may call them. The metadata cannot tell all of their numbers apart, as people
# there have its mobile numbers too. The three French islands have the same ones.
# Countries that merely share a code have area codes and prices of their own and stay apart:
# Canada and the Caribbean from the US, Kazakhstan from Russia, Mayotte from Reunion, Bonaire
# from Curacao.
INCLUDED = {
    "GB": {"GG", "IM", "JE"},
    "AU": {"CC", "CX"},
    "FI": {"AX"},
    "IT": {"VA"},
    "MA": {"EH"},
    "NO": {"SJ"},
    "SH": {"TA"},
    "GP": {"BL", "MF"},
    "BL": {"GP", "MF"},
    "MF": {"BL", "GP"},
}


def country_of(number: str) -> str | None:
    """Return the ISO 3166 code of a number's country, or None where it has none.

    A number of no known region counts as one of the main country of its code.
    """
    parsed = parse(number)
    if parsed is None:
        return None
    main = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    country = phonenumbers.region_code_for_number(parsed) or main
    return country if country in phonenumbers.SUPPORTED_REGIONS else None


def is_in(number: str, countries: list[str]) -> bool:
    """Return whether a number is of one of the countries (ISO 3166 codes)."""
    wanted = set(countries).union(*(INCLUDED.get(code, ()) for code in countries))
    return country_of(number) in wanted
