"""The countries whose phone numbers are known, with the names of the time zone database."""

from importlib import resources

import phonenumbers
from django.core.exceptions import ValidationError

# Codes that `phonenumbers` knows and ISO 3166 only reserves; and Britain, which people look for
# under another name.
OTHER_NAMES = {
    "AC": "Ascension Island",
    "GB": "United Kingdom",
    "TA": "Tristan da Cunha",
    "XK": "Kosovo",
}


def _names() -> dict[str, str]:
    """Read iso3166.tab, which comes with tzdata: lines of code, tab and name."""
    table = resources.files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {**{code: name for code, name in rows}, **OTHER_NAMES}


_NAMES = _names()
# Pairs of ISO 3166 code and name, by name.
COUNTRIES = sorted(
    ((code, _NAMES.get(code, code)) for code in phonenumbers.SUPPORTED_REGIONS),
    key=lambda country: country[1],
)


def validate_countries(codes: str) -> None:
    """Raise ValidationError, which names what is wrong, for anything but codes as in `GB,IE`."""
    unknown = [code for code in codes.split(",") if code not in phonenumbers.SUPPORTED_REGIONS]
    if unknown:
        raise ValidationError(
            "%(codes)s: no such country. Use two-letter codes such as GB.",
            params={"codes": ", ".join(unknown)},
        )
