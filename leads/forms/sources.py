"""Where somebody who fills in a form came from: what an address may say of it, and no more."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from coachbot.db.storable import storable

LONGEST = 200
LONGEST_PAGE = 500
# Names that campaigns, and the ad networks that count clicks, put into addresses.
PARAMETERS = (
    *("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id"),
    *("gclid", "gbraid", "wbraid", "fbclid", "msclkid", "ttclid", "li_fat_id"),
    *("ref", "campaign", "partner"),
)


def read(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return what of an address's parameters goes into the metadata of a lead."""
    texts = {name: storable(parameters.get(name, "")) for name in PARAMETERS}
    found = {name: text.strip()[:LONGEST] for name, text in texts.items()}
    return {name: value for name, value in found.items() if value}


def read_page(text: str, *, default: str) -> str:
    """Return the address of the page on which a form stood, without what follows a `#`.

    default: of the form itself, where none is told or what is told can be none.
    """
    page = text.strip().partition("#")[0]
    try:
        parts = urlsplit(page)
    except ValueError:
        return default
    is_page = parts.scheme in ("http", "https") and parts.netloc and len(page) <= LONGEST_PAGE
    return page if is_page and page.isprintable() else default
