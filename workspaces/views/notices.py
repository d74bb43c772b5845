"""What members are told, and by which way: /admin/<slug>/notices."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from coachbot.http.pages.form_pages import posted_from
from workspaces.access import workspace_member
from workspaces.forms.notices import ChannelForm, ChannelKindsForm, ChoiceForm
from workspaces.models import NoticeHook, NoticeKind, NoticeWay, Role
from workspaces.notices import channel, kinds, preferences
from workspaces.notices.preferences import Choice
from workspaces.webhooks.targets import BadTarget


@dataclass(frozen=True)
class Row:
    """One kind on the page, and whether each way's box is ticked."""

    kind: NoticeKind
    hint: str
    by_mail: bool
    in_digest: bool
    in_channel: bool


@workspace_member()
@require_safe
def show_notices(request):
    """GET .../notices"""
    return _page(request, ChannelForm())


@workspace_member()
@posted_from("notices")
def choose_notices(request):
    """POST .../notices/choose: the member's own ways, and for an admin the channel's kinds."""
    form, of_channel = ChoiceForm(request.POST), ChannelKindsForm(request.POST)
    if not (form.is_valid() and of_channel.is_valid()):
        messages.error(request, "Choose of the boxes and the hours that are there.")
        return _page(request, ChannelForm())
    wanted = form.cleaned_data
    choice = Choice(wanted["mail"], wanted["digest"], wanted["digest_hour"])
    preferences.choose(request.membership, choice)
    if request.membership.is_admin:
        channel.choose(request.workspace, of_channel.cleaned_data["hook"])
    messages.success(request, "What you are told is saved.")
    return _to_page(request)


@workspace_member(role=Role.ADMIN)
@posted_from("notices")
def connect_channel(request):
    """POST .../notices/channel"""
    form = ChannelForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        channel.connect(request.workspace, form.cleaned_data["url"], request.user)
    except BadTarget as error:
        form.add_error("url", str(error))
        return _page(request, form)
    return _tested(request, get_object_or_404(NoticeHook, workspace=request.workspace))


@workspace_member(role=Role.ADMIN)
@posted_from("notices")
def test_channel(request):
    """POST .../notices/channel/test"""
    hook = channel.of(request.workspace)
    return _tested(request, hook) if hook else _to_page(request)


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def disconnect_channel(request):
    """GET .../notices/channel/disconnect says what it will do; POST does it."""
    hook = channel.of(request.workspace)
    if request.method != "POST":
        return render(request, "workspaces/notices/disconnect.html", {"hook": hook})
    channel.disconnect(request.workspace, request.user)
    messages.success(request, "The channel is disconnected.")
    return _to_page(request)


def _tested(request, hook: NoticeHook):
    """Send a message to the channel, and say what came of it."""
    if trouble := channel.test(hook, request.user):
        messages.error(request, f"The channel at {hook.host} took no message. {trouble}")
    else:
        messages.success(request, f"The channel at {hook.host} took a message.")
    return _to_page(request)


def _page(request, form: ChannelForm):
    reader = preferences.reader_of(request.membership)
    choice, hook = preferences.chosen(reader), channel.of(request.workspace)
    hours = ChoiceForm(initial={"digest_hour": choice.digest_hour})["digest_hour"]
    context = {
        "rows": _rows(choice, hook),
        "ways": NoticeWay,
        "hours": hours,
        "hook": hook,
        "trouble": channel.explain(hook.error_code) if hook and hook.error_code else "",
        "form": form,
        "zone": preferences.zone_of(request.workspace),
        "is_mail_off": settings.MAIL_IS_OFF,
    }
    return render(request, "workspaces/notices/page.html", context)


def _rows(choice: Choice, hook: NoticeHook | None) -> list[Row]:
    in_channel = kinds.read(hook.kinds) if hook else ()
    return [
        Row(
            kind,
            kinds.KINDS[kind].hint,
            kind in choice.by_mail,
            kind in choice.in_digest,
            kind in in_channel,
        )
        for kind in NoticeKind
    ]


def _to_page(request):
    return redirect("notices", slug=request.workspace.slug)
