"""What a business tells its agent."""

from django import forms

from coachbot.visible import check_one_line
from workspaces.forms.pages import LinesField
from workspaces.models.persona import LONGEST_NAME, LONGEST_ROLE, LONGEST_TEXT


class LineField(forms.CharField):
    """Text on one line, or nothing."""

    default_validators = [check_one_line]

    def __init__(self, **options):
        super().__init__(required=False, **options)


class TextField(LinesField):
    """Some paragraphs, or nothing."""

    def __init__(self, **options):
        super().__init__(required=False, max_length=LONGEST_TEXT, **options)


class PersonaForm(forms.Form):
    """Who the agent is, and what it may say. The fields are the columns of a Persona."""

    name = LineField(
        max_length=LONGEST_NAME,
        label="Its name",
        help_text="Empty: it speaks as your team.",
    )
    role = LineField(
        max_length=LONGEST_ROLE,
        label="What it is for you",
        help_text="As somebody of yours would say it, in a few words.",
    )
    tone = LineField(max_length=LONGEST_ROLE, label="How it writes")
    offer = TextField(
        rows=8,
        label="What you offer",
        help_text="What you sell and to whom, with prices and links. The agent names no amount "
        "and no address that does not stand here.",
    )
    questions = TextField(
        rows=5,
        label="What it asks",
        help_text="One question a line: what you have to know before an appointment, and when "
        "somebody does not fit.",
    )
    never_say = TextField(
        rows=4, label="What it never says", help_text="Promises, topics, words: one a line."
    )
