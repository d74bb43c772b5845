"""Which phone numbers are of a kind that costs more than a call. Pure.

What `phonenumbers` knows decides, but for the networks without a country, and for Britain.
"""

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from leads.intake import phones
from workspaces.models import NumberType

# Country codes that no country has: satellites (870, 881, partly 882 and 883), personal numbers
# (878), premium rate (979). https://www.itu.int/pub/T-SP-E.164D
WITHOUT_COUNTRY = ("+870", "+878", "+881", "+882", "+883", "+979")
# 084 and 087 share what is paid with who is called, and cost less than what begins with 09:
# https://www.ofcom.org.uk/phones-and-broadband/telephone-numbers. The library does not tell
# them apart.
SHARED_COST_IN_BRITAIN = "+448"

KINDS = {
    PhoneNumberType.PREMIUM_RATE: NumberType.PREMIUM_RATE,
    PhoneNumberType.PERSONAL_NUMBER: NumberType.PERSONAL,
    PhoneNumberType.SHARED_COST: NumberType.SHARED_COST,
}


def type_of(number: str) -> NumberType | None:
    """Return which kind of expensive number it is, None for any other and where it is not known.

    number: `+` and digits, also as older releases stored them.
    """
    if number.startswith(WITHOUT_COUNTRY):
        return NumberType.SATELLITE
    parsed = phones.parse(number)
    if parsed is None:
        return None
    kind = KINDS.get(_library_type(parsed))
    if kind == NumberType.PREMIUM_RATE and phones.e164(parsed).startswith(SHARED_COST_IN_BRITAIN):
        return NumberType.SHARED_COST
    return kind


def is_allowed(number: str, allowed: str) -> bool:
    """Return whether a number may be called. allowed: kinds with commas between."""
    kinds = allowed.split(",")
    if all(kind in kinds for kind in NumberType.values):
        return True
    kind = type_of(number)
    return kind is None or kind in kinds


def _library_type(parsed: PhoneNumber) -> int:
    """Return what the library says of the number that is reached.

    Networks ignore digits that follow a whole number, so more of them make it no other.
    """
    found = phonenumbers.number_type(parsed)
    if found != PhoneNumberType.UNKNOWN:
        return found
    reached = PhoneNumber()
    reached.merge_from(parsed)
    phonenumbers.truncate_too_long_number(reached)
    return phonenumbers.number_type(reached)
