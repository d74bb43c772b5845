"""The sections of the settings: each a page of its own, /admin/<slug>/settings/<code>.

A new one is a row of SECTIONS. One whose form has settings by their names needs no more than
that: the page, its address and the saving follow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.shortcuts import redirect, render
from django.urls import reverse

from workspaces.connections import accounts, credentials
from workspaces.connections.assistant import showing
from workspaces.connections.connection import Connection
from workspaces.connections.forms.registry import CONNECTIONS
from workspaces.forms.members import MemberForm
from workspaces.forms.persona import PersonaForm
from workspaces.forms.settings.channel import ChannelForm
from workspaces.forms.settings.follow_up import FollowUpForm
from workspaces.forms.settings.general import DeletionForm, GeneralForm, TimeZoneForm
from workspaces.forms.settings.hosted_form import FormSitesForm
from workspaces.forms.settings.limits import LimitsForm
from workspaces.forms.settings.transfers import TransfersForm
from workspaces.members import invitations
from workspaces.models import Channel, Role, Workspace
from workspaces.settings import in_words, personas


@dataclass(frozen=True)
class Section:
    """A page of the settings.

    code: its word in the address. title: its name in the navigation. parts: its templates, one
    below the other. shows: what they show of a workspace, by name. role: who sees it.
    form: its fields are settings by their names, and saved together. note, save, saved: what is
    said beside it, on its button, and once it is saved; written_note: beside it where leads are
    written to. channel: the only one that it concerns.
    """

    code: str
    title: str
    parts: tuple[str, ...]
    shows: Callable[[Workspace], dict[str, Any]]
    role: Role = Role.ADMIN
    form: type[ChannelForm] | None = None
    note: str = ""
    written_note: str = ""
    save: str = ""
    saved: str = ""
    channel: Channel | None = None

    @property
    def templates(self) -> list[str]:
        """Return the files of its parts."""
        return [f"workspaces/settings/_{part}.html" for part in self.parts]

    def concerns(self, workspace: Workspace) -> bool:
        """Return whether a workspace has anything to do with it."""
        return self.channel is None or self.channel == workspace.channel

    def note_for(self, workspace: Workspace) -> str:
        """Return what is said beside it."""
        return self.written_note if workspace.is_whatsapp and self.written_note else self.note

    def form_of(self, workspace: Workspace, data: Any = None) -> Form:
        """Return its form, filled in with the settings of a workspace or with what was sent."""
        assert self.form is not None
        return self.form(data, initial=vars(workspace), prefix=self.code, channel=workspace.channel)


def _general(workspace: Workspace) -> dict[str, Any]:
    return {
        "form": GeneralForm(initial={"name": workspace.name, "slug": workspace.slug}),
        "zone_form": TimeZoneForm(initial=vars(workspace)),
    }


def _members(workspace: Workspace) -> dict[str, Any]:
    return {
        "form": MemberForm(prefix="member"),
        "invitations": invitations.open_ones(workspace),
        "memberships": workspace.memberships.select_related("user").order_by("created_at", "pk"),
        "roles": Role.choices,
    }


def _persona(workspace: Workspace) -> dict[str, Any]:
    return {"form": PersonaForm(initial=vars(personas.of(workspace))), "example": personas.EXAMPLE}


def _delete(workspace: Workspace) -> dict[str, Any]:
    return {"form": DeletionForm(workspace=workspace)}


def _settings(
    code: str,
    title: str,
    form: type[ChannelForm],
    *,
    tells: Callable[[Workspace], list[str]] = lambda workspace: [],
    **words: Any,
) -> Section:
    """Return the section of a form whose fields are settings by their names.

    tells: what the saved ones come to, in sentences. words: as a Section's.
    """

    def shows(workspace: Workspace) -> dict[str, Any]:
        return {"form": section.form_of(workspace), "in_words": tells(workspace)}

    section = Section(code, title, ("settings",), shows, form=form, **words)
    return section


def _connection(connection: Connection) -> Section:
    """Return the section of a provider."""
    before, after, more = AROUND.get(connection.code, ((), (), lambda workspace, stored: {}))

    def shows(workspace: Workspace) -> dict[str, Any]:
        stored, trouble = accounts.stored_account(workspace, connection)
        return {
            **(more(workspace, stored) if stored else {}),
            "connection": connection,
            "events_url": connection.events_url and connection.events_url(workspace),
            "form": connection.form(stored=stored),
            "is_stored": stored is not None,
            "judgement": credentials.judgement_of(workspace.pk, connection.kind),
            "standing": connection.standing(workspace),
            "trouble": trouble,
        }

    parts = (*before, "connection", *after)
    return Section(connection.code, connection.label, parts, shows, channel=connection.channel)


def _set_up(workspace: Workspace, stored: Any) -> dict[str, Any]:
    return {"set_up": showing.standing(workspace, stored.assistant_id)}


# What a provider's section has above and below the account, and what that shows of a stored one.
AROUND: dict[str, tuple[tuple[str, ...], tuple[str, ...], Callable[..., dict[str, Any]]]] = {
    "vapi": (("vapi_health",), ("assistant", "events"), _set_up),
    "twilio": ((), ("webhooks",), lambda workspace, stored: {}),
}

SECTIONS = {
    section.code: section
    for section in (
        Section("general", "General", ("agent", "name", "time_zone"), _general),
        Section("persona", "What the agent says", ("persona",), _persona, channel=Channel.WHATSAPP),
        _settings(
            "limits",
            "Limits",
            LimitsForm,
            note="A stolen API key must not run up a bill without bound.",
            save="Save the limits",
            saved="The limits are saved.",
        ),
        _settings(
            "follow-up",
            "Follow-up",
            FollowUpForm,
            note="Half of all leads that are called once are never reached.",
            written_note="Many people read the first message and forget to answer it.",
            save="Save",
            saved="The follow-up is saved.",
            tells=in_words.follow_up,
        ),
        _settings(
            "transfers",
            "Transfers",
            TransfersForm,
            note="Some leads want to talk to a person at once.",
            save="Save",
            saved="The transfer number is saved.",
            channel=Channel.VOICE,
        ),
        _settings(
            "form",
            "Form",
            FormSitesForm,
            note="Your form can stand in the pages of your own site.",
            save="Save the sites",
            saved="The sites are saved.",
        ),
        *(_connection(row) for row in CONNECTIONS.values()),
        Section("members", "Members", ("members",), _members),
        Section("delete", "Delete", ("delete",), _delete, role=Role.OWNER),
    )
}


def address(workspace: Workspace, code: str) -> str:
    """Return where a section is."""
    settings = reverse("settings", args=[workspace.slug])
    return settings if code == next(iter(SECTIONS)) else f"{settings}/{code}"


def page(request, code: str, **filled_in):
    """Return the page of a section. filled_in: what differs from what it shows at first, such as
    a `form` that was not right.
    """
    section = SECTIONS[code]
    context = {
        "section": section,
        "note": section.note_for(request.workspace),
        "sections": _links(request, section),
        **_notices(request, section),
        **section.shows(request.workspace),
        **filled_in,
    }
    return render(request, "workspaces/settings.html", context)


def _links(request, shown: Section) -> list[dict[str, Any]]:
    """Return the navigation: the sections that the member may see."""
    return [
        {
            "title": section.title,
            "address": address(request.workspace, section.code),
            "is_shown": section == shown,
        }
        for section in SECTIONS.values()
        if request.membership.has_role(section.role) and section.concerns(request.workspace)
    ]


def _notices(request, section: Section) -> dict[str, Any]:
    """Return what is said beside the parts of the section, and what above all of them."""
    said = list(messages.get_messages(request))
    return {
        "said": {part: [m for m in said if m.extra_tags == part] for part in section.parts},
        "messages": [m for m in said if m.extra_tags not in section.parts],
    }


def saved(request, code: str, sentence: str, *, part: str = ""):
    """Go back to a section, with a sentence beside what was saved. part: where it was."""
    messages.success(request, sentence, extra_tags=part or SECTIONS[code].parts[0])
    return redirect(address(request.workspace, code))
