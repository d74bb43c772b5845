"""What members did with a lead, in words."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from leads.models import Activity, ActivityCode, ClosedAs

LONGEST_DETAIL = 240
TITLES = {
    ActivityCode.TAKEN_OVER: "Taken over",
    ActivityCode.HANDED_BACK: "Handed back to the agent",
    ActivityCode.ASSIGNED: "Assigned to {after}",
    ActivityCode.CLOSED: "Closed: {end}",
    ActivityCode.REOPENED: "Reopened",
    ActivityCode.NOTED: "Note",
    ActivityCode.NEXT_STEP_SET: "Next step planned for {day}",
    ActivityCode.NEXT_STEP_DONE: "Next step done",
    ActivityCode.CALLED: "Call asked for",
    ActivityCode.WROTE: "Written to",
    ActivityCode.FOLLOW_UP_STOPPED: "Further calls stopped",
    ActivityCode.ATTEMPT_SKIPPED: "Attempt skipped",
    ActivityCode.CALLBACK_PLANNED: "Call-back planned for {moment}",
}


def title(activity: Activity) -> str:
    """Return what was done and by whom: `Closed: won, by jane@example.com`."""
    code = ActivityCode(activity.code)
    words = TITLES[code].format(
        after=activity.after or "nobody",
        end=_end(activity.after),
        day=_day(activity.after),
        moment=_moment(activity.after),
    )
    if code == ActivityCode.TAKEN_OVER and activity.before not in ("", activity.after):
        words = f"{words} from {activity.before}"
    return f"{words}, by {activity.author_name}"


def detail(activity: Activity) -> str:
    """Return the text that belongs to it, cut to a line or two."""
    return Truncator(activity.text).chars(LONGEST_DETAIL)


def _end(code: str) -> str:
    return str(ClosedAs(code).label).lower() if code in ClosedAs.values else code


def _day(text: str) -> str:
    try:
        return date_format(date.fromisoformat(text), "j M Y")
    except ValueError:
        return text


def _moment(text: str) -> str:
    """Return a moment in the current time zone."""
    try:
        local = timezone.localtime(datetime.fromisoformat(text))
    except ValueError:
        return text
    return f"{date_format(local, 'j M Y, H:i')} {timezone.get_current_timezone_name()}"
