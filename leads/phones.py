"""Phone numbers as people write them: the contract's rules (sections 3 and 9). Pure.

What is valid, and how it is written in E.164, is decided by the metadata of `phonenumbers`.
"""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

SHORTEST, LONGEST = 7, 32
NORMAL = re.compile(r"\+[1-9][0-9]{6,14}")
# What stands between the digits of one number, whatever keyboard it was typed on: spaces, dashes
# and brackets are told by their Unicode categories. A comma or a semicolon begins something else.
PUNCTUATION = frozenset("()[]./\t\u00b7\u2022\u2212\u2043\u30fc")
FORMATTING = ("Zs", "Pd")
INVISIBLE = ("Cf", "Mn", "Me")  # marks of direction, joiners, and what only changes a look
MESSAGE = "Phone must be a valid E.164-style number."


class BadPhone(ValueError):
    """The text is no phone number; `str()` is the contract's sentence."""


@dataclass(frozen=True)
class Phone:
    """A number, `+` and digits, and how releases before 0.2 may have stored the same line."""

    number: str
    older_spellings: tuple[str, ...] = ()
    is_valid: bool = False


def normalise(text: str, *, country: str = "") -> str:
    """Return `+` and digits for a number as people write it; read() says how. Raises BadPhone."""
    return read(text, country=country).number


def read(text: str, *, country: str = "") -> Phone:
    """Read a number as people write it. country: ISO 3166 code, for one without its `+`.

    What is valid comes in its E.164 form. What only parses does too where a trunk zero or a
    missing country code was resolved; anything else as it was written. Raises BadPhone.
    """
    has_plus, digits = _digits(text)
    written = "+" + digits
    parsed = _parse(written if has_plus else digits, country)
    if not has_plus and not _is_valid(parsed):
        # A country code without its plus, or no number of that country at all.
        abroad = _parse(written, "")
        parsed = abroad if _is_valid(abroad) or parsed is None else parsed
    number = _resolve(parsed, written)
    if not NORMAL.fullmatch(number):
        raise BadPhone(MESSAGE)
    return Phone(number, _older_spellings(number, parsed, written), _is_valid(parsed))


def _digits(text: str) -> tuple[bool, str]:
    """Return whether a plus leads, and the digits as ASCII. Raises BadPhone."""
    visible = "".join(c for c in text if unicodedata.category(c) not in INVISIBLE)
    visible = visible.strip("\t\r\n ")
    if not SHORTEST <= len(visible) <= LONGEST:
        raise BadPhone(MESSAGE)
    visible = unicodedata.normalize("NFKC", visible)
    if visible[:4].lower() == "tel:":
        visible = visible[4:]
    digits, has_plus = "", False
    for character in visible:
        if character.isdecimal():
            digits += str(unicodedata.decimal(character))
        elif character == "+" and not digits and not has_plus:
            has_plus = True
        elif character not in PUNCTUATION and unicodedata.category(character) not in FORMATTING:
            raise BadPhone(MESSAGE)
    return has_plus, digits


def _parse(text: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None


def _is_valid(number: PhoneNumber | None) -> bool:
    return number is not None and phonenumbers.is_valid_number(number)


def _resolve(parsed: PhoneNumber | None, written: str) -> str:
    if parsed is None:
        return written
    number = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    if _is_valid(parsed):
        return number
    has_code = written.startswith(f"+{parsed.country_code}")
    national = phonenumbers.national_significant_number(parsed)
    is_trunk_zero = has_code and written == f"+{parsed.country_code}0{national}"
    is_national = not has_code and phonenumbers.is_possible_number(parsed)
    return number if is_trunk_zero or is_national else written


def _older_spellings(number: str, parsed: PhoneNumber | None, written: str) -> tuple[str, ...]:
    """Return what the same line may be stored as: as it is written, and with its trunk prefix.

    Argentina's mobile numbers were also taken with 15 in place of 9, Mexico's with a 1.
    """
    found = {written}
    if parsed is not None and number != written or _is_valid(parsed):
        code = f"+{parsed.country_code}"
        national = phonenumbers.national_significant_number(parsed)
        region = phonenumbers.region_code_for_number(parsed)
        trunk = region and phonenumbers.ndd_prefix_for_region(region, True) or ""
        at_home = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
        at_home = re.sub(r"[^0-9]", "", at_home)
        found |= {code + trunk + national, code + at_home, code + at_home.removeprefix(trunk)}
        if region == "MX":
            found.add(f"{code}1{national}")
    return tuple(sorted(s for s in found - {number} if NORMAL.fullmatch(s)))


# The Crown dependencies share the United Kingdom's code and ranges: the metadata cannot tell all
# their numbers apart, and whoever lists GB means them. Countries that merely share a code (the
# United States, Canada and the Caribbean; Russia and Kazakhstan) stay apart.
INCLUDED = {"GB": {"GG", "JE", "IM"}}
NO_COUNTRY = "001"


def country_of(number: str) -> str | None:
    """Return the ISO 3166 code of a number's country, or None where it has none.

    A number of no known region counts as one of the main country of its code.
    """
    parsed = _parse(number, "")
    if parsed is None:
        return None
    main = phonenumbers.region_code_for_country_code(parsed.country_code)
    country = phonenumbers.region_code_for_number(parsed) or main
    return None if country in (NO_COUNTRY, phonenumbers.UNKNOWN_REGION) else country


def is_in(number: str, countries: list[str]) -> bool:
    """Return whether a number is of one of the countries (ISO 3166 codes)."""
    wanted = set(countries).union(*(INCLUDED.get(code, ()) for code in countries))
    return country_of(number) in wanted
