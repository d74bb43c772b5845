"""What the rows say of a lead and its conversation, for the model and for the guard."""

from collections.abc import Iterable, Sequence

from coachbot.db import clock
from leads.agent.replies import spoken
from leads.agent.text import guard, prompt
from leads.agent.text.history import MOST_MESSAGES, Round, Said
from leads.contact.planned import callbacks
from leads.messages.turns.unanswered import NOT_GONE, in_words
from leads.models import (
    Author,
    Booking,
    BookingStatus,
    Conversation,
    Lead,
    Message,
    MessagePurpose,
    StatusReason,
    Turn,
    TurnStage,
)
from workspaces.connections import credentials
from workspaces.models import CredentialKind, Persona, Workspace

# Of so many turns before this one the model sees what its tools answered.
MOST_TURNS = 2
# Of so many of the lead's messages the language counts.
MOST_WORDS = 3
STANDS = {
    BookingStatus.OPEN: "It is not certain yet whether it was booked",
    BookingStatus.REQUESTED: "The lead has asked for an appointment, which the team has yet to "
    "confirm",
    BookingStatus.MADE: "The lead has an appointment",
    BookingStatus.TO_BE_MOVED: "The team asks the lead to choose another time for the appointment",
    BookingStatus.CANCELLED: "The lead's appointment was cancelled",
    BookingStatus.REJECTED: "The team could not confirm the lead's appointment",
    BookingStatus.NO_SHOW: "The lead missed its appointment",
}


def character_of(workspace: Workspace) -> prompt.Character:
    """Return what the business tells of its agent; as little as is known where it tells nothing."""
    persona = Persona.objects.filter(workspace=workspace).first() or Persona()
    fields = ("name", "role", "tone", "offer", "questions", "never_say")
    told = {name: getattr(persona, name) for name in fields}
    return prompt.Character(business=workspace.name, **told)


def said(conversation: Conversation, *, before: Sequence[Message]) -> list[Said]:
    """Return what was said in a conversation up to the newest of some messages."""
    known = conversation.messages.exclude(status__in=NOT_GONE)
    newest = list(known.order_by("-created_at", "-part", "-id")[: MOST_MESSAGES + len(before)])
    answered = {message.pk for message in before}
    last = max((message.created_at for message in before), default=None)
    kept = [m for m in reversed(newest) if m.pk in answered or not last or m.created_at <= last]
    return [Said(m.created_at, m.author == Author.LEAD, _text_of(m)) for m in kept]


def words_of(conversation: Conversation) -> str:
    """Return the last words that a lead wrote, by which its language is told."""
    inbound = conversation.messages.inbound().exclude(body="").order_by("-created_at")
    return "\n".join([message.body for message in inbound[:MOST_WORDS]][::-1])


def _text_of(message: Message) -> str:
    if message.author == Author.LEAD:
        return in_words(message)
    return message.body or "(The first message, by a template.)"


def earlier_rounds(conversation: Conversation, turn: Turn) -> list[Round]:
    """Return what the tools answered in the last turns before one."""
    ended = conversation.turns.filter(stage=TurnStage.DONE).exclude(pk=turn.pk)
    last = ended.order_by("-created_at")[:MOST_TURNS]
    rounds = [Round(**kept) for each in reversed(last) for kept in each.exchange]
    return [round_ for round_ in rounds if not round_.is_open]


def now_of(conversation: Conversation, *, has_opted_out: bool) -> prompt.Now:
    """Return what is so now. conversation: with its lead as it is."""
    lead: Lead = conversation.lead
    now = clock.now()
    zone, is_known = callbacks.zone_of(lead, now)
    until = conversation.window_until
    return prompt.Now(
        local=now.astimezone(zone),
        is_zone_known=is_known,
        window_until=until.astimezone(zone) if until else None,
        is_calendar_connected=_is_calendar_connected(lead.workspace_id),
        appointment=_appointment(lead),
        person_left=_person_left(conversation, lead),
        opted_out=has_opted_out,
        lead=_data_of(lead),
    )


def _is_calendar_connected(workspace_id: int) -> bool:
    return credentials.changed_at(workspace_id, CredentialKind.CALCOM) is not None


def _appointment(lead: Lead) -> str:
    booking = Booking.objects.filter(lead=lead).first()
    if booking is None:
        return ""
    now = clock.now()
    zone, _ = callbacks.zone_of(lead, now)
    when = f"{spoken(booking.start.astimezone(zone))}, {booking.start.astimezone(zone):%Z}"
    is_over = " (over)" if booking.start < now else ""
    return f"{STANDS[BookingStatus(booking.status)]}: {when}{is_over}."


def _person_left(conversation: Conversation, lead: Lead) -> bool:
    if lead.status_reason == StatusReason.HANDED_BACK:
        return True
    return bool(conversation.messages.filter(author=Author.PERSON).exists())


def _data_of(lead: Lead) -> dict[str, object]:
    """Return what a lead told of itself, and what the agent learnt, as data."""
    return {
        "name": lead.name,
        "goal": lead.goal,
        "email": lead.email,
        "learnt": lead.profile,
        "answers": dict(lead.answers),
        "more": lead.metadata,
    }


def of_guard(
    conversation: Conversation, character: prompt.Character, burst: Iterable[Message]
) -> guard.Facts:
    """Return what a draft is held against."""
    lead: Lead = conversation.lead
    inbound = conversation.messages.inbound().exclude(body="").order_by("-created_at")
    words = [message.body for message in inbound[:MOST_MESSAGES]]
    addresses = [*words, lead.email, str(lead.profile.get("email", "")), str(lead.metadata)]
    booking = Booking.objects.filter(lead=lead, status=BookingStatus.MADE)
    return guard.Facts(
        offer=character.told_to_leads,
        inner=prompt.inner(character),
        lead_words="\n".join(reversed(words[:MOST_WORDS])),
        addresses="\n".join(addresses),
        previous=_previous(conversation),
        has_booking=booking.exists(),
    )


def _previous(conversation: Conversation) -> str:
    """Return the agent's answer before, in whole."""
    ended = conversation.turns.filter(stage=TurnStage.DONE).order_by("-created_at").first()
    if ended is None:
        return ""
    own = ended.messages.filter(purpose=MessagePurpose.REPLY).in_order()
    return " ".join(own.values_list("body", flat=True))
