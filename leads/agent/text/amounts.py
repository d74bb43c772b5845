"""Amounts of money in a text: what it names that the business's own words do not."""

import re
from decimal import Decimal, InvalidOperation

NUMBER = r"\d{1,3}(?:[ ,.'\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
SIGNS = r"[$€£¥₹₺₽₩]"
NAMES = (
    r"(?:eur|euros?|usd|us-dollars?|dollars?|bucks|gbp|pounds?|quid|chf|franken|francs?|fr\.|"
    r"cents?|pence|inr|rupees?|aed|dirhams?|zł|pln|złotych|kr|sek|nok|dkk|kronen|kronor|tl|lira|"
    r"pesos?|reais|real|brl|r\$|livres|libras|sterline|dólares|dollari|dolar)"
)
# A price without a currency: "it costs 50", "nur 50 pro Monat".
COSTS = (
    r"(?:costs?|price[ds]?|fee|charge[ds]?|pay|worth|discount|kostet|kosten|preis|gebühr|zahlst|"
    r"zahlen|rabatt|coûte|prix|tarif|cuesta|precio|costa|prezzo|custa|preço)"
)
PER = r"(?:per|a|an|pro|par|por|al|/|each|je)\s?"
PERIOD = r"(?:month|week|year|session|hour|visit|monat|woche|jahr|stunde|mois|mes|mese|mês)"
WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve"),
    *("fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
    *("hundred", "thousand", "million"),
)
_SPELT = rf"(?:{'|'.join(WORDS)})(?:[ -](?:and|{'|'.join(WORDS)}))*"
_AMOUNTS = (
    re.compile(rf"{SIGNS}\s?({NUMBER})"),
    re.compile(rf"({NUMBER})\s?(?:,-)?\s?(?:{SIGNS}|{NAMES}\b)", re.IGNORECASE),
    re.compile(rf"\b{NAMES}\s?({NUMBER})", re.IGNORECASE),
    re.compile(rf"({NUMBER})\s?(?:%|percent\b|per cent\b|prozent\b)", re.IGNORECASE),
    re.compile(rf"\b{COSTS}\b[^.!?\d\n]{{0,24}}({NUMBER})\b(?!\s?[:h]\d)", re.IGNORECASE),
    re.compile(rf"({NUMBER})\s{PER}{PERIOD}\b", re.IGNORECASE),
)
_SPELT_AMOUNT = re.compile(rf"\b({_SPELT})\s(?:{NAMES}|percent|per cent)\b", re.IGNORECASE)
_ANY = re.compile(NUMBER)


def invented(text: str, known: str) -> list[str]:
    """Return the amounts of a text, prices and percentages, that known text does not name."""
    numbers = {_value(found) for found in _ANY.findall(known)}
    found = [match[1] for form in _AMOUNTS for match in form.finditer(text)]
    spelt = [match[1] for match in _SPELT_AMOUNT.finditer(text)]
    said = known.casefold()
    return [
        *(amount for amount in found if _value(amount) not in numbers),
        *(amount for amount in spelt if amount.casefold() not in said),
    ]


def _value(written: str) -> Decimal:
    """Return a number as a value, whichever of point and comma parts thousands or cents."""
    bare = re.sub(r"[ '\u00a0\u202f]", "", written)
    cents = re.fullmatch(r"(.*)[.,](\d{1,2})", bare)
    whole, rest = (cents[1], cents[2]) if cents else (bare, "0")
    try:
        return Decimal(f"{re.sub('[.,]', '', whole)}.{rest}").normalize()
    except InvalidOperation:
        return Decimal(-1)
