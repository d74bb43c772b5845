"""What the forms of settings have in common: each channel has its own words and fields."""

from django import forms

from workspaces.models import Channel


class ChannelForm(forms.Form):
    """Settings of which some concern one channel only, and others are said otherwise there.

    only_voice, only_whatsapp: the fields of one channel. of_whatsapp: label and help text there.
    channel: the workspace's; without one all fields are there, in the words of a voice workspace.
    """

    only_voice: tuple[str, ...] = ()
    only_whatsapp: tuple[str, ...] = ()
    of_whatsapp: dict[str, tuple[str, str]] = {}

    def __init__(self, *args, channel: str = "", **options):
        super().__init__(*args, **options)
        is_whatsapp = channel == Channel.WHATSAPP
        for name in self.only_voice if is_whatsapp else self.only_whatsapp if channel else ():
            del self.fields[name]
        for name, words in self.of_whatsapp.items() if is_whatsapp else ():
            self.fields[name].label, self.fields[name].help_text = words
