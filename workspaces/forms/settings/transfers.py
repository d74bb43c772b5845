"""To whom the agent passes a call on."""

from workspaces.forms.settings.channel import ChannelForm
from workspaces.forms.settings.fields import NumberField


class TransfersForm(ChannelForm):
    """To whom the agent passes a call on."""

    transfer_number = NumberField(
        required=False,
        max_length=40,
        label="Transfer number",
        help_text="Where a person of yours answers, such as +44 20 7946 0018. A lead that asks "
        "for a person is put through to it, also while the agent is paused. Empty: the agent "
        "says that somebody will call back, and the lead waits for a person here.",
    )
