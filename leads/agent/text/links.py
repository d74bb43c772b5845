"""Addresses in a text: of web pages and of mail."""

import re

TOP = (
    r"(?:com|net|org|info|biz|io|ai|app|dev|me|co|eu|de|at|ch|uk|ie|fr|es|it|nl|be|pt|pl|se|no|dk|"
    r"fi|us|ca|au|in|link|ly|gg|to|xyz|online|site|shop|store|health|fit|fitness|studio|page)"
)
WEB = re.compile(
    rf"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.)[^\s<>\"']+"
    rf"|(?<![@\w.-])(?:[a-z0-9-]+\.)+{TOP}\b(?:/[^\s<>\"']*)?(?!@)",
    re.IGNORECASE,
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)


def invented(text: str, *, offered: str, addresses: str) -> list[str]:
    """Return the web addresses that the offer does not name, and the mail addresses that neither
    it nor the lead named.

    addresses: text in which mail addresses may stand that the lead gave.
    """
    allowed = {_plain(found) for found in WEB.findall(offered)}
    named = {found.casefold().rstrip(".") for found in MAIL.findall(f"{offered} {addresses}")}
    mails = [found for found in MAIL.findall(text) if found.casefold().rstrip(".") not in named]
    rest = MAIL.sub(" ", text)
    return [found for found in WEB.findall(rest) if _plain(found) not in allowed] + mails


def _plain(address: str) -> str:
    """Return an address as it is compared: without its scheme, `www.` and what ends a sentence."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", address.casefold())
    return bare.rstrip("/.,;:!?)*_~")
