"""The steps to the first lead: /admin/<slug>/first-steps, and what is done in them."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from coachbot.http.pages.form_pages import posted_from
from leads import by_hand
from leads.calls.placing import concurrency
from leads.calls.placing.errors import CallNotConfirmed
from leads.operators import calling
from leads.reading import first_messages, first_steps
from leads.reading.troubles import found
from leads.views import troubles
from leads.views.add_lead import in_words, member
from leads.views.lead.page_forms import MemberCallForm
from workspaces.access import workspace_member
from workspaces.models import Role, Workspace
from workspaces.settings import administration


@workspace_member()
@require_safe
def show_first_steps(request):
    """GET .../first-steps: also once all of them are done."""
    return first_steps_page(request)


@workspace_member()
@posted_from("first_steps")
def call_me(request):
    """POST .../first-steps/call-me: answers when Vapi has, within 15 seconds."""
    form = MemberCallForm(request.POST, workspace=request.workspace, by=request.user)
    if not form.is_valid():
        return first_steps_page(request, form)
    try:
        by_hand.call_member(
            workspace=request.workspace, submission=form.submission, by=member(request)
        )
    except by_hand.NotATest as error:
        return first_steps_page(request, form, taken_by=error.lead)
    except calling.CannotCall as error:
        contacted = "called" if request.workspace.is_voice else "written to"
        form.add_error(None, f"You were not {contacted}. {error}")
        return first_steps_page(request, form)
    except (CallNotConfirmed, concurrency.TooManyCalls) as error:
        form.add_error(None, in_words(error))
        return first_steps_page(request, form)
    said = "The call is placed" if request.workspace.is_voice else "A message is on its way to you"
    messages.success(request, f"{said}. What becomes of it shows below.")
    return redirect("first_steps", slug=request.workspace.slug)


@workspace_member(role=Role.ADMIN)
@posted_from("first_steps")
def book_by_hand(request):
    """POST .../first-steps/book-by-hand: the workspace does without a calendar."""
    administration.change_settings(workspace=request.workspace, by=request.user, books_by_hand=True)
    messages.success(request, "People make the appointments. A calendar can be connected later.")
    return redirect("first_steps", slug=request.workspace.slug)


def first_steps_page(request, form: MemberCallForm | None = None, **context):
    """Return the page. form: the one for the member's number, where it was not right."""
    workspace = request.workspace
    latest = first_steps.latest_member_call(workspace)
    context |= {
        "steps": steps_of(workspace),
        "latest": latest,
        "form": form or _form(request, latest),
        "troubles": troubles.with_links(found.find(workspace), request.membership),
        "base_url": settings.PUBLIC_BASE_URL,
        "key": "YOUR_API_KEY",
    }
    return render(request, "leads/first_steps.html", context)


def steps_of(workspace: Workspace) -> first_steps.Steps | first_messages.WrittenSteps:
    """Return how far a workspace is, by its channel's steps."""
    return (first_steps if workspace.is_voice else first_messages).steps(workspace)


def _form(request, latest: first_steps.MemberCall | None) -> MemberCallForm:
    """Return an unbound one, with the number that was tried before."""
    tried = {"name": latest.lead.name, "phone": latest.lead.phone} if latest else {}
    return MemberCallForm(workspace=request.workspace, by=request.user, **tried)
