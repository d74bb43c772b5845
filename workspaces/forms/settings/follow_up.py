"""Who is contacted again, how often, and when."""

from django import forms

from workspaces.forms.settings.channel import ChannelForm
from workspaces.forms.settings.fields import SwitchField
from workspaces.settings.calling_hours import validate_days_off, validate_hours
from workspaces.settings.follow_up_plan import validate_plan


class FollowUpForm(ChannelForm):
    """Who is contacted again, how often, and when."""

    only_voice: tuple[str, ...] = ("voicemail_counts_as_reached",)
    of_whatsapp = {
        "follow_up_plan": (
            "Plan",
            "How long after a message that nobody answered the follow-up is sent. Write gentle "
            "(4 hours, 1 day), standard (45 minutes, 3 hours, then 1, 3 and 6 days), or up to 8 "
            "gaps of your own such as 3h,1d. Each is sent by the follow-up template; without one "
            "there are none. Empty: a lead gets the first message and no more.",
        ),
        "first_call_hours": (
            "Hours of the first message",
            "In the time zone of the lead. “always” writes to whoever comes in at once; else for "
            "example mon-fri 09:00-20:00, sat 10:00-17:00. Who comes in outside of them is "
            "written to when they open. Who writes is always answered.",
        ),
        "later_call_hours": (
            "Hours of follow-ups",
            "In the time zone of the lead. The law differs by country, and for some it is "
            "stricter than this: ask there.",
        ),
        "days_off": (
            "Days off",
            "Dates with commas between, such as 2026-12-25. No first message and no follow-up is "
            "sent then.",
        ),
        "calls_a_day_per_lead": (
            "First messages and follow-ups a day to one lead",
            "By the lead's own date. Answers to what it writes do not count.",
        ),
    }

    follow_up_plan = forms.CharField(
        required=False,
        max_length=120,
        label="Plan",
        validators=[validate_plan],
        help_text="How long after an attempt that reached nobody the next one is made. Write "
        "gentle (4 hours, 1 day), standard (45 minutes, 3 hours, then 1, 3 and 6 days), or up to "
        "8 gaps of your own such as 45m,3h,1d. Empty: every lead is called once.",
    )
    voicemail_counts_as_reached = SwitchField(
        label="A voicemail ends the plan",
        help_text="Then a lead whose mailbox answered is not called again.",
    )
    first_call_hours = forms.CharField(
        max_length=400,
        label="Hours of the first call",
        validators=[validate_hours],
        help_text="In the time zone of the lead. “always” calls whoever writes in at once; else "
        "for example mon-fri 09:00-20:00, sat 10:00-17:00. Who writes in outside of them is "
        "called when they open.",
    )
    later_call_hours = forms.CharField(
        max_length=400,
        label="Hours of later calls",
        validators=[validate_hours],
        help_text="In the time zone of the lead. The law differs by country, and for some it is "
        "stricter than this: ask there.",
    )
    days_off = forms.CharField(
        required=False,
        max_length=4_000,
        label="Days off",
        validators=[validate_days_off],
        help_text="Dates with commas between, such as 2026-12-25. Nobody is called then of the "
        "agent's own accord.",
    )
    calls_a_day_per_lead = forms.IntegerField(
        min_value=1,
        max_value=20,
        label="Calls a day to one lead",
        help_text="By the lead's own date, and for whatever reason it is called.",
    )
