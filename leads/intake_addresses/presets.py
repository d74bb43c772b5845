"""Which fields of a form are which, by how tools and people usually name them. Pure."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import phonenumbers

from leads.intake import phones
from leads.intake_addresses.answers import Answer
from leads.models import FormTool

# Matched with the whole of a field's name or question, in small letters and single words.
_USUAL = {
    "name": r"(your |my |full |contact |customer )?(full )?name|nombre( completo)?"
    r"|nom( complet)?|vollst[aä]ndiger name|ihr name",
    "first_name": r"(your |what is your |contact )?(first|given|fore) ?name|vorname|pr[eé]nom",
    "last_name": r"(your |what is your |contact )?(last|family|sur) ?name|nachname|apellidos?"
    r"|nom de famille",
    "phone": r"(your |what is your )?(tel|(tele)?phone|mobile|cell|whatsapp)( ?phone)?"
    r"( ?(number|no|nr))?( \d+)?|telefon(nummer)?|handy(nummer)?|tel[eé]fono|m[oó]vil"
    r"|t[eé]l[eé]phone|portable",
    "email": r"(your |what is your )?e ?mail( address| adresse)?( \d+)?|correo( electr[oó]nico)?"
    r"|courriel",
    "goal": r"(your )?(message|comments?|enquiry|inquiry|question|goal|request|notes?)"
    r"|how can we help( you)?|(ihre )?nachricht|anliegen|mensaje",
}
USUAL_NAMES = {name: re.compile(pattern) for name, pattern in _USUAL.items()}
# Anywhere in it; agreeing to something else is no consent to be called.
CONSENT = re.compile(
    r"\b(consent|agree|accept|opt in|einwillig|zustimm|einverstanden|acepto|accepte)"
)
OTHER_CONSENT = re.compile(
    r"\b(newsletter|marketing|terms|conditions|privacy|policy|cookie|datenschutz|agb)"
)
# What tools call the kinds of their fields.
KINDS = {
    "phone": {"phone", "tel", "phone_number", "input_phone_number"},
    "email": {"email", "input_email"},
    "consent": {"acceptance", "legal", "consent", "gdpr-checkbox"},
    "goal": {"textarea", "long_text"},
}
# The books that a tool keeps beside the answers.
BOOKS = {
    FormTool.CONTACT_FORM_7: re.compile(r"_wpcf7.*|g-recaptcha-response|_wpnonce"),
    FormTool.ELEMENTOR: re.compile(
        r"(form|meta)\..*|form_(id|name)"
        r"|(date|time|page[ _]url|user[ _]agent|remote[ _]ip|powered[ _]by)",
        re.IGNORECASE,
    ),
    # https://docs.gravityforms.com/entry-object/; answers have the number of their field.
    FormTool.GRAVITY: re.compile(r"(?!\d+(\.\d+)?$).*"),
}
WORDS = re.compile(r"[\W_]+")
ADDRESS_AT = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
GRAVITY_INPUT = re.compile(r"(\d+)\.(\d+)")


@dataclass(frozen=True)
class Found:
    """The paths of the fields that were recognised; "" where none was."""

    name: str = ""
    last_name: str = ""
    phone: str = ""
    email: str = ""
    goal: str = ""
    consent: str = ""


def find(tool: str, answers: Sequence[Answer], *, country: str) -> Found:
    """Return which answers are which, for a tool. country: of phone numbers without one."""
    asked = [answer for answer in answers if not is_of_books(tool, answer)]
    if tool == FormTool.GRAVITY:
        return _gravity(asked, country)
    name = _named("name", asked)
    first = "" if name else _named("first_name", asked)
    return Found(
        name=name or first,
        last_name=_named("last_name", asked) if first else "",
        phone=_of_kind("phone", asked) or _named("phone", asked),
        email=_of_kind("email", asked) or _named("email", asked),
        goal=_named("goal", asked) or _of_kind("goal", asked),
        consent=_consent(asked),
    )


def is_of_books(tool: str, answer: Answer) -> bool:
    """Return whether an answer is none, but what the tool notes of each submission."""
    books = BOOKS.get(FormTool(tool))
    return bool(books and books.fullmatch(answer.path))


def _words(text: str) -> str:
    return WORDS.sub(" ", text.lower()).strip()


def _names_of(answer: Answer) -> Iterable[str]:
    """Return what a field may be called by: its question, its last name, and that of objects."""
    last = answer.path.rpartition(".")[2]
    return filter(None, (_words(answer.label), _words(answer.path), _words(last)))


def _first(answers: Iterable[Answer], is_it: Callable[[Answer], bool]) -> str:
    return next((answer.path for answer in answers if is_it(answer)), "")


def _named(field: str, answers: Iterable[Answer]) -> str:
    usual = USUAL_NAMES[field]
    return _first(answers, lambda a: any(usual.fullmatch(name) for name in _names_of(a)))


def _of_kind(field: str, answers: Iterable[Answer]) -> str:
    kinds: Collection[str] = KINDS[field]
    return _first(answers, lambda answer: answer.kind.lower() in kinds)


def _consent(answers: Sequence[Answer]) -> str:
    named = [
        answer
        for answer in answers
        if any(map(CONSENT.search, _names_of(answer)))
        and not any(map(OTHER_CONSENT.search, _names_of(answer)))
    ]
    return named[0].path if named else _of_kind("consent", answers)


def _gravity(answers: Sequence[Answer], country: str) -> Found:
    """Fields of Gravity Forms have numbers for names, those of one field with a dot: 1.3 and 1.6
    are first and last name, 4.1 to 4.3 a consent. The others are known by what they hold.
    """
    texts = {answer.path: answer.text for answer in answers}
    fields = dict.fromkeys(m[1] for path in texts if (m := GRAVITY_INPUT.fullmatch(path)))
    named = next((f for f in fields if f"{f}.3" in texts and f"{f}.1" not in texts), "")
    consents = (f for f in fields if _is_consent_of_gravity(f, texts))
    consent = next(consents, "")
    plain = [answer for answer in answers if "." not in answer.path]
    phone = _first(plain, lambda answer: _is_phone(answer.text, country))
    email = _first(plain, lambda answer: bool(ADDRESS_AT.fullmatch(answer.text)))
    rest = [answer for answer in plain if answer.path not in (phone, email) and answer.text]
    name = f"{named}.3" if named else (rest.pop(0).path if rest else "")
    return Found(
        name=name,
        last_name=f"{named}.6" if f"{named}.6" in texts else "",
        phone=phone,
        email=email,
        goal=max(rest, key=lambda answer: len(answer.text)).path if rest else "",
        consent=f"{consent}.1" if consent else "",
    )


def _is_consent_of_gravity(field: str, texts: dict[str, str]) -> bool:
    """Return whether a field is one of consent: a tick, its wording, the number of its version."""
    return texts.get(f"{field}.1") in ("1", "") and texts.get(f"{field}.3", "").isdecimal()


def _is_phone(text: str, country: str) -> bool:
    try:
        number = phones.normalise(text, country=country)
    except phones.BadPhone:
        return False
    parsed = phones.parse(number)
    return parsed is not None and phonenumbers.is_possible_number(parsed)
