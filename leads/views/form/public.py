"""The hosted form: /forms/<slug>. It needs no cookie, no JavaScript and no other host."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from coachbot.db import clock
from coachbot.http.addresses import client_address
from leads.forms import pace, receive, sources, thanks
from leads.forms import versions as form_versions
from leads.forms.chat_link import chat_link
from leads.forms.pace import Pace
from leads.forms.versions import Version
from leads.intake.submission import FORM, CameBy, Origin
from leads.views.form.answers import AnswerForm, values_of
from leads.views.form.pages import SeeOther, form_of_workspace, nothing_here, page
from workspaces.models import Workspace
from workspaces.rate_limits import windows

# What is hidden in the page beside the fields of a lead.
BEGAN, TRAP, STEP, GO = "began", "website", "step", "go"
KEPT_ALONG = ("page", "embed", *sources.PARAMETERS)


# A stranger has no session that a form could be sent with, and in a frame no cookie either.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@form_of_workspace
def hosted_form(request, workspace: Workspace, version: Version):
    """GET and POST /forms/<slug>"""
    if not workspace.form_published:
        return page("forms/closed.html", workspace, version, status=410)
    if request.method == "POST":
        return _sent(request, workspace, version)
    form = _empty(workspace, version, request.GET)
    return _page(request, form, pace.begin(version.number))


def _empty(workspace: Workspace, version: Version, query: QueryDict) -> AnswerForm:
    """Return a form that is filled in with what its address says."""
    blank = AnswerForm(version=version, workspace=workspace)
    values = values_of(query, list(blank.fields))
    return AnswerForm(version=version, workspace=workspace, values=values)


def _sent(request, workspace: Workspace, version: Version):
    """Answer a page of a form that was sent: the next one, the same with what is wrong, or thanks.

    It is read by the version that was filled in, whatever was published meanwhile.
    """
    began = pace.read(workspace, request.POST.get(BEGAN, ""))
    version = (began and form_versions.find(workspace, began.version)) or version
    step = _number(request.POST.get(STEP, ""))
    form = AnswerForm(request.POST, version=version, workspace=workspace, step=step)
    going_on = began or pace.begin(version.number)
    if request.POST.get(GO) == "back":
        return _page(request, _turned(form, -1), going_on)
    if not form.is_last and form.is_page_right:
        return _page(request, _turned(form, 1), going_on)
    if not form.is_valid():
        form.step = form.step if not form.is_page_right else form.first_wrong_step
        return _page(request, form, _corrected(going_on, began))
    return _take_in(request, form, began)


def _number(text: str) -> int:
    """Return which page was sent: the last one where nothing is said of it."""
    return int(text) if text.isdecimal() and len(text) < 4 else 999


def _turned(form: AnswerForm, pages: int) -> AnswerForm:
    """Return the page before or after, with what was filled in, and nothing said of it."""
    values = values_of(form.data, list(form.fields))  # type: ignore[arg-type]  # a QueryDict
    return AnswerForm(
        version=form.version, workspace=form.workspace, values=values, step=form.step + pages
    )


def _corrected(going_on: Pace, began: Pace | None) -> Pace:
    """Return the pace of a form that comes back: whoever corrects it may be quick."""
    return Pace(going_on.version, going_on.began_at, is_corrected=began is not None)


def _take_in(request, form: AnswerForm, began: Pace | None):
    workspace, submission = form.workspace, form.submission
    try:
        if why := _why_ignored(request, began):
            receive.ignore(workspace, why)
            said = thanks.expected(workspace, phone=submission.phone, timezone=submission.timezone)
        else:
            origin = _origin(request, form)
            said = receive.take_in(workspace=workspace, submission=submission, origin=origin)
    except windows.RateLimited as error:
        return _limited(request, form, began, error)
    except Workspace.DoesNotExist:
        return nothing_here()
    return SeeOther(_address_of_thanks(request, workspace, thanks.about(said, submission.goal)))


def _why_ignored(request, began: Pace | None) -> str:
    """Return why a form is taken for one that a program sent, "" where it is not."""
    if request.POST.get(TRAP):
        return "honeypot"
    if began is None:
        return "no_token"
    return "too_quick" if began.is_too_quick(clock.now()) else ""


def _origin(request, form: AnswerForm) -> Origin:
    """Return where the form came from, with the evidence of consent."""
    version, workspace = form.version, form.workspace
    own = settings.PUBLIC_BASE_URL + reverse("hosted_form", args=[workspace.slug])
    return Origin(
        source=f"{FORM}{version.number}",
        address=client_address(request),
        request_id=request.request_id,
        came_by=CameBy.FORM,
        evidence={
            "wording": version.definition.consent,
            "version": version.number,
            "policy": version.definition.policy_url,
            "page": sources.read_page(request.POST.get("page", ""), default=own),
        },
    )


def _limited(request, form: AnswerForm, began: Pace | None, error: windows.RateLimited):
    form.add_error(None, form.texts["limited"].format(minutes=error.minutes))
    going_on = began or pace.begin(form.version.number)
    response = _page(request, form, _corrected(going_on, began), status=429)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _address_of_thanks(request, workspace: Workspace, said: thanks.Thanks) -> str:
    query = {"said": thanks.sign(workspace, said)}
    if request.POST.get("embed"):
        query["embed"] = "1"
    return f"{reverse('form_thanks', args=[workspace.slug])}?{urlencode(query)}"


def _page(request, form: AnswerForm, going_on: Pace, *, status: int = 200) -> HttpResponse:
    sent: Any = request.POST if request.method == "POST" else request.GET
    along = {name: sent.get(name, "")[:500] for name in KEPT_ALONG}
    return page(
        "forms/form.html",
        form.workspace,
        form.version,
        status=status,
        form=form,
        address=reverse("hosted_form", args=[form.workspace.slug]),
        began=pace.sign(form.workspace, going_on),
        along=[(name, value) for name, value in along.items() if value],
        is_framed=bool(along["embed"]),
    )


@require_safe
@form_of_workspace
def form_thanks(request, workspace: Workspace, version: Version):
    """GET /forms/<slug>/thanks: what came of a form that was sent; a reload sends nothing."""
    said = thanks.read(workspace, request.GET.get("said", ""))
    if said is None:
        return SeeOther(reverse("hosted_form", args=[workspace.slug]))
    language = version.definition.language
    return page(
        "forms/thanks.html",
        workspace,
        version,
        sentence=thanks.sentence(workspace, said, language),
        chat=chat_link(workspace, said, language),
        is_framed="embed" in request.GET,
    )
