"""The countries whose phone numbers are known, with the names of the time zone database."""

from importlib import resources

import phonenumbers


def _names() -> dict[str, str]:
    """Read iso3166.tab, which comes with tzdata: lines of code, tab and name."""
    table = resources.files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {code: name for code, name in rows}


_NAMES = _names()
# Pairs of ISO 3166 code and name, by name.
COUNTRIES = sorted(
    ((code, _NAMES.get(code, code)) for code in phonenumbers.SUPPORTED_REGIONS),
    key=lambda country: country[1],
)
