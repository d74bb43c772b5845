"""Trying the agent out: /admin/<slug>/agent/try. What was said travels in the form, signed."""

from dataclasses import dataclass

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from coachbot.visible import is_blank
from leads.messages.rehearsal import chat, shown, state
from leads.messages.rehearsal.state import State
from workspaces.access import workspace_member
from workspaces.models import Role, Workspace
from workspaces.rate_limits import windows

LONGEST = 1_600
TOO_OLD = "This chat was open for too long, or is of another workspace. A new one begins."
FULL = "This chat has become too long. Start again to go on."
NO_MODEL = "No language model is connected. Connect one in the settings, then try again."
NOTHING = "Write something first."


class MessageForm(forms.Form):
    """What the lead writes."""

    text = forms.CharField(
        required=False,
        max_length=LONGEST,
        label="You write as the lead",
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "maxlength": LONGEST}),
    )


@dataclass
class Page:
    """What came of a request: the chat as it is now, what is still typed, what is to be said."""

    now: State
    form: MessageForm
    said: str = ""
    status: int = 200
    retry_after: int = 0


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def try_agent(request):
    """GET .../agent/try: an empty chat. POST lets something happen, and shows what came of it."""
    workspace = request.workspace
    if workspace.is_voice:
        raise Http404
    page = Page(State(), MessageForm())
    if request.method == "POST" and request.POST.get("do") != "restart":
        page = _happened(request, workspace)
    return _shown(request, workspace, page)


def _happened(request, workspace: Workspace) -> Page:
    form = MessageForm(request.POST)
    try:
        before = state.load(request.POST.get("state", ""), workspace.pk)
    except state.Unreadable:
        return Page(State(), form, TOO_OLD)
    if not form.is_valid():
        return Page(before, form)
    try:
        windows.count_tried_agent(workspace.pk, request.user.pk)
        after = _do(workspace, before, request.POST.get("do", "write"), form.cleaned_data["text"])
        state.dump(after, workspace.pk)
        return Page(after, MessageForm())
    except windows.RateLimited as limited:
        said = f"That was a lot at once. Try again in {limited.minutes} minutes."
        return Page(before, form, said, 429, limited.retry_after)
    except state.Full:
        return Page(before, form, FULL)
    except chat.NoModel:
        return Page(before, form, NO_MODEL)
    except chat.TryAgain as error:
        return Page(before, form, str(error))
    except Nothing:
        return Page(before, form, NOTHING)


class Nothing(Exception):
    """Nothing was written."""


def _do(workspace: Workspace, before: State, deed: str, text: str) -> State:
    if deed == "voice_note":
        return chat.send_voice_note(before)
    if deed == "later":
        return chat.let_time_pass(before)
    if deed == "stop":
        return chat.write(workspace, before, "STOP")
    if is_blank(text):
        raise Nothing
    return chat.write(workspace, before, text)


def _shown(request, workspace: Workspace, page: Page):
    context = {
        "form": page.form,
        "said": page.said,
        "entries": [shown.entry(line) for line in page.now.lines],
        "facts": shown.facts(page.now, workspace),
        "state": state.dump(page.now, workspace.pk),
    }
    response = render(request, "leads/rehearsal/try.html", context, status=page.status)
    if page.retry_after:
        response.headers["Retry-After"] = str(page.retry_after)
    return response
