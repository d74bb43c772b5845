"""The conversations: one function for each ending, told as what happens on the line."""

import re
from collections.abc import Callable

from coachbot.sandbox.vapi.conversation.line import Line

Script = Callable[[Line], None]
OFFERED_START = re.compile(r"\[([^\]]+)\]")
OFFERED_CALL = re.compile(r"scheduleCallback with (\S+)\.")
FAULT = "call.in-progress.error-providerfault-openai-llm-failed"
NO_LINE = "call.start.error-subscription-concurrency-limit-reached"
FORWARDED = "assistant-forwarded-call"
# Every reason of Vapi's for a transfer that came to nothing.
TRANSFER_FAILURES = (
    "call.forwarding.no-answer",
    "call.forwarding.operator-busy",
    "call.in-progress.error-transfer-failed",
    "call.in-progress.error-warm-transfer-max-duration",
    "call.in-progress.error-warm-transfer-assistant-cancelled",
    "call.in-progress.error-warm-transfer-silence-timeout",
    "call.in-progress.error-warm-transfer-microphone-timeout",
    "customer-ended-call-before-warm-transfer",
    "customer-ended-call-after-warm-transfer-attempt",
    "customer-ended-call-during-transfer",
)
NO_CREDIT = "call.start.error-subscription-insufficient-credits"


def script_of_ring(ending: str | None) -> Script:
    """The script of a call that comes in. Who rings picks up, so some endings are none of those."""
    is_spoken = ending in SCRIPTS and ending not in NOT_OF_A_CALLER
    return SCRIPTS[ending if is_spoken and ending else "booked"] or booked


def script_for(ending: str | None) -> Script | None:
    """The script that leads to an ending. A call without a special ending is a good one."""
    return SCRIPTS[ending or "booked"]


def booked(line: Line) -> None:
    """The lead says what it wants and books the first free time."""
    _greet(line)
    line.bot("What brings you to us?")
    line.user("I want to get fit for a half marathon in spring.")
    line.tool(
        "updateLeadProfile",
        goal="Run a half marathon in spring",
        budget="200 a month",
        schedulePref="weekday mornings",
        fitnessLevel="beginner",
        notes="Had a knee injury two years ago.",
    )
    line.bot("That is a great goal. Shall we find a time for a first consult?")
    line.user("Yes, please.")
    starts = OFFERED_START.findall(line.tool("listSlots", daysAhead=7))
    if not starts:
        line.bot("I cannot see the calendar, so a person of the team will call you back.")
        return _hang_up(line, "assistant-ended-call", "Wants a consult; no time could be offered.")
    line.bot("The first free time is on the next working day. Does that suit you?")
    line.user(f"It does. My address is {line.email}.")
    answer = line.tool("bookConsult", start=starts[0], email=line.email, notes="First consult")
    line.bot(answer)
    line.user("Thank you, bye!")
    line.tool("endConversation")
    _hang_up(line, "assistant-ended-call", "Wants to run a half marathon. A consult is booked.")


def unqualified(line: Line) -> None:
    """The lead turns out not to qualify."""
    _greet(line)
    line.bot("Do you live near our studio?")
    line.user("No, I moved abroad last month.")
    line.tool("markUnqualified", reason="Moved abroad and cannot come to the studio.")
    line.bot("I understand. All the best to you!")
    _hang_up(line, "assistant-ended-call", "Moved abroad; does not qualify.")


def escalated(line: Line) -> None:
    """The lead asks for a person."""
    _greet(line)
    line.user("I would rather talk to the owner about my old contract.")
    line.tool("escalateToHuman", reason="Wants to talk to the owner about an old contract.")
    line.bot("Of course. A person of the team will call you back today.")
    _hang_up(line, "assistant-ended-call", "Asks for the owner because of an old contract.")


def hung_up(line: Line) -> None:
    """The lead hangs up in the middle."""
    _greet(line)
    line.user("Not now, I am driving.")
    _hang_up(line, "customer-ended-call", "The lead was driving and hung up.")


def put_through(reason: str) -> Script:
    """The lead wants a person at once; how the transfer goes."""

    def script(line: Line) -> None:
        _greet(line)
        line.user("Can I talk to a person, please?")
        answer = line.ask("transfer-destination-request")
        if "destination" not in answer:
            line.tool("escalateToHuman", reason="Wants to talk to a person.")
            line.bot("Nobody is free just now. A person will call you back.")
            return _hang_up(line, "assistant-ended-call", "Asked for a person; nobody was free.")
        line.bot(answer["destination"].get("message") or "Transferring the call now.")
        line.status("forwarding")
        line.wait(1)
        _hang_up(line, reason, "Asked for a person.")

    return script


def callback(line: Line) -> None:
    """The lead has no time now and asks to be called back; it takes what it is offered."""
    _greet(line)
    line.user("Not really, I am in a meeting. Can you call me back in two minutes?")
    answer = line.tool("scheduleCallback", when="in two minutes", notes="Was in a meeting.")
    if offered := OFFERED_CALL.search(answer):
        line.bot(answer)
        line.user("That is fine, too.")
        answer = line.tool("scheduleCallback", when=offered[1], notes="Was in a meeting.")
    line.bot(answer)
    line.user("Thank you, until then!")
    _hang_up(line, "assistant-ended-call", "Was in a meeting, and asked to be called back.")


def voicemail(line: Line) -> None:
    """A machine picks up."""
    _ring(line)
    line.status("in-progress")
    line.user("You have reached the voicemail of the number you dialled.")
    _hang_up(line, "voicemail", "")


def provider_fault(line: Line) -> None:
    """A provider fails in the middle of the call."""
    _greet(line)
    line.user("Hello? Are you there?")
    _hang_up(line, FAULT, "")


def short(line: Line) -> None:
    """The lead hangs up after five seconds."""
    _short(line)
    line.status("ended", "customer-ended-call")


def untold(line: Line) -> None:
    """The same, and the message that would tell of the end is lost."""
    _short(line)
    line.end_untold("customer-ended-call")


def waits_for_line(line: Line) -> None:
    """No line is free; the call begins once one is."""
    line.await_line()
    short(line)


def ends_without_line(line: Line) -> None:
    """No line is free, and the call ends for it."""
    line.wait(0.2)
    line.status("ended", NO_LINE)


def not_answered(reason: str) -> Script:
    """Nobody picks up; no report comes for such a call."""

    def script(line: Line) -> None:
        _ring(line)
        line.wait(1)
        line.status("ended", reason)

    return script


def never_rang(line: Line) -> None:
    """The call is accepted and cannot be started."""
    line.wait(0.5)
    line.status("ended", NO_CREDIT)


SCRIPTS: dict[str, Script | None] = {
    "booked": booked,
    "unqualified": unqualified,
    "escalated": escalated,
    "callback": callback,
    "no-answer": not_answered("customer-did-not-answer"),
    "voicemail": voicemail,
    "never-rang": never_rang,
    "hung-up": hung_up,
    "busy": not_answered("customer-busy"),
    "concurrency-blocked": None,  # it waits for a line, and nothing is ever told of it
    "provider-fault": provider_fault,
    "short": short,
    "untold": untold,
    "waits-for-line": waits_for_line,
    "ends-without-line": ends_without_line,
    **{reason: put_through(reason) for reason in (FORWARDED, *TRANSFER_FAILURES)},
}


NOT_OF_A_CALLER = ("no-answer", "voicemail", "never-rang", "busy", "concurrency-blocked")


def _ring(line: Line) -> None:
    if line.is_inbound:  # it rings already
        return
    line.wait(0.3)
    line.status("ringing")
    line.wait(0.7)


def _short(line: Line) -> None:
    _ring(line)
    line.status("in-progress")
    line.wait(3.6)
    line.user("I cannot talk now.")


def _greet(line: Line) -> None:
    _ring(line)
    line.status("in-progress")
    if line.is_inbound:
        name = line.variable("leadFirstName")
        line.bot(f"Hello {name}, thank you for calling back." if name else "Hello, who is calling?")
        line.user("Hello! I saw that you called.")
        return
    line.bot("Hi, this is the studio's assistant. You asked us to call. Is now a good time?")
    line.user("Yes, it is.")


def _hang_up(line: Line, reason: str, summary: str) -> None:
    line.status("ended", reason)
    line.report(summary)
