"""What the codes of the gate mean for a lead, in sentences for people."""

from leads.contact import number_types, rules
from leads.intake import phones
from leads.models import HeldBecause, Lead
from workspaces.models import NumberType, Workspace

SENTENCES = {
    HeldBecause.PAUSED: "The agent is paused. Resume it in the settings first.",
    HeldBecause.COUNTRY: (
        "Calls to {country} are not allowed. Add the country under Countries that may be called "
        "(`allowed_countries`) in the workspace's settings."
    ),
    HeldBecause.DAILY_LIMIT: (
        "The limit of {limit} calls a day is reached. It starts anew at midnight UTC, or raise "
        "Calls a day (`daily_call_limit`) in the workspace's settings."
    ),
    HeldBecause.NOT_CONNECTED: "WhatsApp is not connected to this workspace yet.",
    HeldBecause.CALLING_HOURS: (
        "It is outside of the hours in which the agent calls. They are in the workspace's settings."
    ),
    HeldBecause.ATTEMPTS_TODAY: (
        "This lead was called {attempts} times today, which is the most (`calls_a_day_per_lead` in "
        "the workspace's settings)."
    ),
    HeldBecause.LINES_FULL: (
        "All lines of the Vapi account are taken. Who waits is called when one gets free, the "
        "newest lead first."
    ),
    HeldBecause.ACCOUNT_FAULT: (
        "The Vapi account places no calls at the moment. One is tried every minute, and once one "
        "is placed all go on."
    ),
    HeldBecause.WITH_PERSON: "A member looks after this lead, so the agent does not call it.",
    HeldBecause.CALLBACK_REQUESTED: "The lead asked to be called at another time.",
    HeldBecause.DO_NOT_CALL: (
        "This number is on the do-not-call list, so nobody is called. Where the person asks to be "
        "called again, take the number off the list first."
    ),
}
# The same of a lead that is written to, where it is said otherwise.
OF_WHATSAPP = {
    HeldBecause.COUNTRY: (
        "Messages to {country} are not allowed. Add the country under Countries that may be "
        "written to (`allowed_countries`) in the workspace's settings."
    ),
    HeldBecause.DAILY_LIMIT: (
        "The limit of {limit} first messages and follow-ups a day is reached. It starts anew at "
        "midnight UTC, or raise it (`daily_call_limit`) in the workspace's settings."
    ),
    HeldBecause.NOT_CONNECTED: (
        "The workspace is not connected: it needs a Twilio account and a language model. Enter "
        "both in its settings."
    ),
    HeldBecause.CALLING_HOURS: (
        "It is outside of the hours in which the agent writes first. They are in the workspace's "
        "settings."
    ),
    HeldBecause.ATTEMPTS_TODAY: (
        "This lead was written to {attempts} times today, which is the most "
        "(`calls_a_day_per_lead` in the workspace's settings)."
    ),
    HeldBecause.ACCOUNT_FAULT: (
        "The Twilio account sends nothing at the moment. One message is tried every minute, and "
        "once one passes all go on."
    ),
    HeldBecause.WITH_PERSON: "A member looks after this lead, so the agent does not write to it.",
    HeldBecause.DO_NOT_CALL: (
        "This person does not want messages: the number is on the do-not-call list, so nobody "
        "writes to it. Where the person asks for it again, or sends START, it comes off the list."
    ),
}
# The same in a word or two, for lists.
IN_SHORT = {
    HeldBecause.PAUSED: "agent paused",
    HeldBecause.COUNTRY: "number not allowed",
    HeldBecause.DAILY_LIMIT: "calls of the day used up",
    HeldBecause.NOT_CONNECTED: "not connected",
    HeldBecause.DO_NOT_CALL: "do not call",
    HeldBecause.CALLING_HOURS: "outside of the hours",
    HeldBecause.ATTEMPTS_TODAY: "called often today",
    HeldBecause.LINES_FULL: "all lines taken",
    HeldBecause.ACCOUNT_FAULT: "account places no calls",
    HeldBecause.WITH_PERSON: "with a person",
    HeldBecause.CALLBACK_REQUESTED: "asked for another time",
}
IN_SHORT_OF_WHATSAPP = {
    **IN_SHORT,
    HeldBecause.DAILY_LIMIT: "messages of the day used up",
    HeldBecause.DO_NOT_CALL: "wants no messages",
    HeldBecause.ATTEMPTS_TODAY: "written to often today",
    HeldBecause.ACCOUNT_FAULT: "account sends nothing",
}
CLOSED = "The lead is closed. Reopen it first."
# Further meanings of HeldBecause.COUNTRY.
EXPENSIVE = (
    "Calls to {kind} are not allowed. Tick that kind under Expensive numbers that may be called "
    "(`allowed_number_types`) in the workspace's settings."
)
KINDS = {
    NumberType.PREMIUM_RATE: "premium-rate numbers",
    NumberType.PERSONAL: "personal numbers, which are forwarded at a price of their own,",
    NumberType.SHARED_COST: "shared-cost numbers",
    NumberType.SATELLITE: "satellite numbers, and others that have no country,",
}
EXPENSIVE_OF_WHATSAPP = (
    "Messages to {kind} are not allowed. Tick that kind under Unusual numbers that may be written "
    "to (`allowed_number_types`) in the workspace's settings."
)
NOWHERE = (
    "This number belongs to no country. It is called where Countries that may be called "
    "(`allowed_countries`) is empty in the workspace's settings."
)
NOWHERE_OF_WHATSAPP = (
    "This number belongs to no country. It is written to where Countries that may be written to "
    "(`allowed_countries`) is empty in the workspace's settings."
)


def sentence(lead: Lead, code: HeldBecause | str) -> str:
    """Return what a code means for a lead, and what to do about it."""
    if code == HeldBecause.WITH_PERSON and lead.is_closed:
        return CLOSED
    if code == HeldBecause.COUNTRY:
        return _sentence_on_number(lead)
    return _words(lead.workspace, HeldBecause(code)).format(
        limit=lead.workspace.daily_call_limit, attempts=lead.workspace.calls_a_day_per_lead
    )


def in_short(workspace: Workspace, code: HeldBecause | str) -> str:
    """Return what a code means in a word or two."""
    words = IN_SHORT_OF_WHATSAPP if workspace.is_whatsapp else IN_SHORT
    return words[HeldBecause(code)]


def _words(workspace: Workspace, code: HeldBecause) -> str:
    if workspace.is_whatsapp and code in OF_WHATSAPP:
        return OF_WHATSAPP[code]
    return SENTENCES[code]


def _sentence_on_number(lead: Lead) -> str:
    """Return which rule about numbers holds a lead; where none does any more, which did."""
    workspace, kind = lead.workspace, number_types.type_of(lead.phone)
    is_kind_allowed = number_types.is_allowed(lead.phone, workspace.allowed_number_types)
    if kind and (rules.is_in(lead.phone, workspace.allowed_countries) or not is_kind_allowed):
        expensive = EXPENSIVE_OF_WHATSAPP if workspace.is_whatsapp else EXPENSIVE
        return expensive.format(kind=KINDS[kind])
    if country := phones.country_of(lead.phone):
        return _words(workspace, HeldBecause.COUNTRY).format(country=country)
    return NOWHERE_OF_WHATSAPP if workspace.is_whatsapp else NOWHERE
