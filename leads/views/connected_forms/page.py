"""Connecting forms that people already have: /admin/<slug>/connect-form. For admins and owners."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from coachbot.http.pages.form_pages import posted_from
from coachbot.sealing import CannotUnseal
from leads.intake_addresses import administration, arrivals, mapping, tokens
from leads.intake_addresses.tokens import OVERLAP
from leads.models import FormTool, IntakeAddress
from leads.views.connected_forms.forms import MappingForm, NewAddressForm
from workspaces.access import workspace_member
from workspaces.models import Role

READ_AS = {"name": "Name", "phone": "Phone", "email": "E-mail", "goal": "Goal"}


@workspace_member(role=Role.ADMIN)
@require_safe
def list_addresses(request):
    """GET .../connect-form"""
    return _list_page(request, NewAddressForm())


@workspace_member(role=Role.ADMIN)
@posted_from("connect_form")
def add_address(request):
    """POST .../connect-form/add"""
    form = NewAddressForm(request.POST)
    if not form.is_valid():
        return _list_page(request, form)
    address = administration.make_address(
        workspace=request.workspace, by=request.user, **form.cleaned_data
    )
    messages.success(request, f"“{address.name}” has an address. Enter it in your form tool.")
    return _to_address(request, address)


@workspace_member(role=Role.ADMIN)
@require_safe
def show_address(request, address_id):
    """GET .../connect-form/<id>: the address, what arrived last, and the fields."""
    return _page(request, _find(request, address_id))


@workspace_member(role=Role.ADMIN)
@posted_from("intake_address")
def map_fields(request, address_id):
    """POST .../connect-form/<id>/fields"""
    address = _find(request, address_id, is_live=True)
    bodies = arrivals.latest(address)
    form = _mapping_form(address, bodies, request.POST)
    if not form.is_valid():
        return _page(request, address, bodies, form)
    administration.map_fields(
        address=address,
        name=form.cleaned_data["name"],
        fields=form.columns,
        consent=form.consent,
        by=request.user,
    )
    messages.success(request, "The fields are saved. They count from the next submission on.")
    return _to_address(request, address)


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def replace_token(request, address_id):
    """GET .../connect-form/<id>/replace asks when the old address ends; POST makes the new one."""
    address = _find(request, address_id, is_live=True)
    if request.method != "POST":
        context = {"address": address, "days": OVERLAP.days}
        return render(request, "leads/connect_form/replace.html", context)
    end_now = request.POST.get("old") == "end"
    administration.replace_token(address=address, by=request.user, end_now=end_now)
    messages.success(request, "The address is new. Enter it in your form tool.")
    return _to_address(request, address)


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_address(request, address_id):
    """GET .../connect-form/<id>/revoke says what it will do; POST does it."""
    address = _find(request, address_id)
    if request.method != "POST":
        return render(request, "leads/connect_form/revoke.html", {"address": address})
    administration.revoke(address=address, by=request.user)
    messages.success(
        request, f"“{address.name}” is revoked. What its form sends is refused from now on."
    )
    return redirect("connect_form", slug=request.workspace.slug)


def _find(request, address_id, *, is_live: bool = False) -> IntakeAddress:
    rows = request.workspace.intake_addresses.select_related("workspace", "created_by")
    address = rows.filter(pk=address_id).first()
    if address is None or (is_live and address.is_revoked):
        raise Http404
    return address


def _to_address(request, address: IntakeAddress):
    return redirect("intake_address", slug=request.workspace.slug, address_id=address.pk)


def _list_page(request, form):
    rows = request.workspace.intake_addresses.order_by("-created_at")
    # Those that work first, then by age.
    addresses = sorted(rows, key=lambda row: row.is_revoked)
    for address in addresses:
        address.is_broken = arrivals.is_broken(address)
    return render(request, "leads/connect_form/list.html", {"addresses": addresses, "form": form})


def _page(request, address: IntakeAddress, bodies=None, form=None):
    bodies = arrivals.latest(address) if bodies is None else bodies
    context = {
        "address": address,
        "url": _url(request, address),
        "bodies": bodies,
        "form": form or _mapping_form(address, bodies),
        "is_broken": arrivals.is_broken(address),
        "preview": _preview(address, bodies),
        "docs": reverse("docs_page", args=["connect-form"]) + _anchor(address),
    }
    return render(request, "leads/connect_form/address.html", context)


def _mapping_form(address: IntakeAddress, bodies, data=None) -> MappingForm:
    return MappingForm(
        data,
        address=address,
        consent=administration.consent_of(address),
        arrived=[body.read for body in bodies],
    )


def _url(request, address: IntakeAddress) -> str:
    """Return the whole address; "" where it cannot be shown, which is said."""
    try:
        token = tokens.show(address)
    except CannotUnseal as error:
        messages.error(request, f"The address cannot be shown; its form goes on working. {error}")
        return ""
    return f"{settings.PUBLIC_BASE_URL}/api/intake/{token}"


def _preview(address: IntakeAddress, bodies) -> dict | None:
    """Return how the newest body reads by what is stored: facts and answers, or why it does not."""
    if not bodies or address.is_revoked:
        return None
    consent = administration.consent_of(address)
    country = address.workspace.default_country
    try:
        mapped = mapping.read(address, consent, bodies[0].read, country=country)
    except mapping.NotSubmitted as error:
        return {"why_not": str(error)}
    facts = [(label, mapped.fields.get(name, "")) for name, label in READ_AS.items()]
    return {
        "facts": [(label, text) for label, text in facts if text],
        "answers": list(mapped.fields["formResponses"].items()),
    }


def _anchor(address: IntakeAddress) -> str:
    """Return the place in the documentation that is about the tool of a form."""
    return "#" + FormTool(address.tool).label.lower().replace(" ", "-")
