"""Forms of the notices: what a member wants to know, and the channel of the workspace."""

from django import forms

from workspaces.models import NoticeKind


class KindsField(forms.MultipleChoiceField):
    """Ticked boxes of a column."""

    def __init__(self):
        super().__init__(required=False, choices=NoticeKind.choices)


class ChoiceForm(forms.Form):
    """The kinds that a member is told of by each way, and at which hour the morning begins."""

    mail = KindsField()
    digest = KindsField()
    digest_hour = forms.TypedChoiceField(
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        coerce=int,
        label="Hour of the morning mail",
    )


class ChannelKindsForm(forms.Form):
    """The kinds that go to the channel."""

    hook = KindsField()


class ChannelForm(forms.Form):
    """The address of a channel."""

    url = forms.CharField(
        max_length=1_000,
        label="Address of the incoming webhook",
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="As Slack or Mattermost shows it; for Discord, with /slack at its end. Whoever "
        "has it can write to the channel, so it is stored sealed and never shown again.",
    )
