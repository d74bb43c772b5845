"""Twilio's error codes in plain words: one row for each thing that can be wrong.

docs/providers/twilio.md (section 3) says where they come from. It is one table, and stays in one
module however long that gets.
"""

from dataclasses import dataclass
from enum import Enum


class Fault(Enum):
    """Whose fault it is that a message did not arrive, which decides what is done next."""

    ACCOUNT = "account"  # nothing can be sent until a person mends it
    CONFIG = "config"  # what was entered is wrong: a template, a service
    LEAD = "lead"  # nothing can ever be sent to this number
    NOT_ON_WHATSAPP = "not_on_whatsapp"  # this person has to be reached in another way
    OPT_OUT = "opt_out"  # the person said no: never write again
    WINDOW = "window"  # more than a day since the lead's last message: only a template
    CONTENT = "content"  # this text, or these variables; others may pass
    LATER = "later"  # a limit: hours, or a day
    RETRY = "retry"  # trouble at Twilio or WhatsApp: minutes
    OURS = "ours"  # a bug of Coachbot's
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Row:
    """One thing that can be wrong. name: its code in our log, without `twilio.` before it.

    codes: Twilio's. statuses: HTTP statuses that stand for it where Twilio says no code.
    is_ours: whether Coachbot's settings are the place to mend it.
    """

    name: str
    codes: tuple[str, ...]
    fault: Fault
    title: str
    sentence: str
    advice: str
    statuses: tuple[int, ...] = ()
    is_ours: bool = False


ROWS = (
    Row(
        "key_refused",
        ("20003",),
        Fault.ACCOUNT,
        "Twilio does not accept the account",
        "The account SID or the auth token is wrong, the token was renewed, or the account is "
        "suspended or closed.",
        "Copy both from the Twilio console into the settings, then verify.",
        statuses=(401, 403),
        is_ours=True,
    ),
    Row(
        "sender_missing",
        ("21212", "21606", "63007"),
        Fault.ACCOUNT,
        "The sender is not this account's",
        "Twilio knows no WhatsApp sender of this account with the number that is entered.",
        "Copy the number from the Twilio console (Messaging, Senders, WhatsApp senders) into the "
        "settings.",
        is_ours=True,
    ),
    Row(
        "trial",
        ("21608",),
        Fault.ACCOUNT,
        "The Twilio account is a trial",
        "A trial account writes only to numbers that were verified in its console.",
        "Upgrade the account in Twilio, or verify the number there.",
    ),
    Row(
        "service_missing",
        ("21701", "21703", "21705"),
        Fault.ACCOUNT,
        "The Messaging Service cannot send",
        "It does not exist, or has no sender for WhatsApp.",
        "Add the WhatsApp sender to the service in Twilio, or enter the sender itself.",
        is_ours=True,
    ),
    Row(
        "channel_locked",
        ("63001", "63020", "63022", "63051"),
        Fault.ACCOUNT,
        "WhatsApp does not let this sender write",
        "WhatsApp does not accept the sender's registration: its access was renewed or withdrawn, "
        "an invitation of Meta's is open, its name is not certified, or it was locked.",
        "Look at the sender in the Twilio console; it says what to do. Twilio's support can "
        "unlock it.",
    ),
    Row(
        "template_stopped",
        ("63040", "63041", "63042"),
        Fault.ACCOUNT,
        "WhatsApp stopped the template",
        "The template was rejected, or paused or switched off because people reported it.",
        "Have another template approved in Twilio and enter its SID in the settings.",
        is_ours=True,
    ),
    Row(
        "template_wrong",
        ("21655", "21656", "63027", "63028", "63029"),
        Fault.CONFIG,
        "The template does not fit",
        "There is no such template in this account or language, or it has other variables than "
        "name, business and goal.",
        "Compare the template in Twilio's Content Template Builder with what the settings page "
        "asks for.",
        is_ours=True,
    ),
    Row(
        "callback_refused",
        ("21609",),
        Fault.CONFIG,
        "Twilio does not take the address of this Coachbot",
        "PUBLIC_BASE_URL is not an address that Twilio can report to.",
        "Ask who runs the server to set PUBLIC_BASE_URL to its public address.",
    ),
    Row(
        "sandbox_not_joined",
        ("63015", "InvalidSandboxRequest"),
        Fault.CONFIG,
        "This person has not joined Twilio's sandbox",
        "The sender is Twilio's sandbox, which writes only to people who sent it the join code "
        "within three days.",
        "Have the person send `join` and the code from the Twilio console to +1 415 523 8886, or "
        "enter a sender of your own.",
    ),
    Row(
        "not_found",
        ("20404",),
        Fault.CONFIG,
        "Twilio does not know it",
        "There is no such account, message or template.",
        "Compare what is entered in the settings with the Twilio console.",
        statuses=(404,),
        is_ours=True,
    ),
    Row(
        "bad_number",
        ("21211", "21614", "21266", "63024"),
        Fault.LEAD,
        "This number cannot be written to",
        "Twilio or WhatsApp says that it is no number that can receive messages.",
        "Correct the number where it was entered and send the lead again.",
    ),
    Row(
        "excluded",
        ("63032",),
        Fault.LEAD,
        "WhatsApp does not deliver to this person",
        "WhatsApp keeps businesses from writing to a part of its users, and this one is among "
        "them.",
        "Reach the person in another way.",
    ),
    Row(
        "not_on_whatsapp",
        ("63003",),
        Fault.NOT_ON_WHATSAPP,
        "This number is not on WhatsApp",
        "Nobody uses WhatsApp with this number, or it is mistyped.",
        "Reach the person in another way.",
    ),
    Row(
        "opted_out",
        ("21610", "63014", "63033"),
        Fault.OPT_OUT,
        "This person does not want messages",
        "The person sent STOP to the sender or blocked it.",
        "Nothing. Nobody may write to this person any more.",
    ),
    Row(
        "window_closed",
        ("63016",),
        Fault.WINDOW,
        "WhatsApp's window is closed",
        "The lead's last message is more than 24 hours old, so only an approved template may be "
        "sent.",
        "Wait for the lead to write, or send the follow-up template.",
    ),
    Row(
        "content_refused",
        ("63005", "63006", "63013", "63021"),
        Fault.CONTENT,
        "WhatsApp refused the text",
        "The text breaks a rule of WhatsApp's, or cannot be shown.",
        "Read the text, and write to the person in other words.",
    ),
    Row(
        "queue_full",
        ("21611", "30001"),
        Fault.LATER,
        "Too many messages wait at Twilio",
        "The sender has more messages waiting than Twilio keeps.",
        "Nothing: it is tried again. If it goes on, ask Twilio for a higher rate.",
    ),
    Row(
        "limit_reached",
        ("63017", "63018", "63038"),
        Fault.LATER,
        "The limit of messages is reached",
        "WhatsApp or Twilio lets this sender write to only so many people a day.",
        "Wait for tomorrow. The limit grows with the quality of the sender; the Twilio console "
        "shows it.",
    ),
    Row(
        "held_by_meta",
        ("63049",),
        Fault.LATER,
        "WhatsApp chose not to deliver it",
        "WhatsApp limits how many marketing messages a person gets.",
        "Nothing. A template of the category Utility is not limited in this way.",
    ),
    Row(
        "expired",
        ("30036",),
        Fault.LATER,
        "The message waited too long",
        "It could not leave Twilio within the hour, so it was dropped.",
        "Nothing: it is said on the lead's page.",
    ),
    Row(
        "whatsapp_trouble",
        ("63009", "63010", "63012"),
        Fault.RETRY,
        "WhatsApp has trouble",
        "WhatsApp answered Twilio with an error of its own.",
        "Nothing: it is tried again in some minutes.",
    ),
    Row(
        "busy",
        ("20429", "20005"),
        Fault.RETRY,
        "Too many requests to Twilio",
        "The account asked for more at once than it may; the message was not taken.",
        "Nothing: it is tried again in a moment.",
        statuses=(429,),
    ),
    Row(
        "our_request",
        ("21602", "21603", "21604", "21617", "21619"),
        Fault.OURS,
        "Twilio does not understand the request",
        "Something that Coachbot sends is missing or too long. This is a bug in Coachbot or a "
        "change at Twilio.",
        "Report it with the request id of this row.",
        statuses=(400,),
    ),
)
