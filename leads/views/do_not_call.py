"""The do-not-call list: /admin/<slug>/do-not-call."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from coachbot.http.bodies.sizes import LARGEST_UPLOAD
from coachbot.http.bodies.uploads import takes_file
from coachbot.http.pages.form_pages import posted_from
from coachbot.http.pages.paging import paginate
from coachbot.http.streams import TooManyStreams
from leads.contact.do_not_call import number_files, opt_outs
from leads.models import Way
from leads.views.lead.page import find_lead
from leads.views.lead.place import back_to
from leads.views.listed.export import come_again, csv_of
from workspaces.access import workspace_member
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import Role

MOST_NUMBERS = 10_000
MOST_UPLOADED = 20_000
# Of the lines that could not be read, so many are named, or runs of them.
MOST_NAMED = 40


class NumbersForm(forms.Form):
    """Phone numbers, one a line."""

    phones = forms.CharField(
        label="Phone numbers",
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        help_text="One a line, in any spelling; up to 10,000 at once.",
    )

    def __init__(self, *args, country: str, **options):
        super().__init__(*args, **options)
        self.country = country

    def clean_phones(self):
        lines = [line.strip() for line in self.cleaned_data["phones"].splitlines()]
        written = [line for line in lines if line]
        if len(written) > MOST_NUMBERS:
            raise forms.ValidationError(
                f"These are {len(written):,} numbers. Enter at most {MOST_NUMBERS:,} at once."
            )
        numbers, faults = opt_outs.read(written, country=self.country)
        if faults:
            named = ", ".join(faults[:5])
            raise forms.ValidationError(
                f"{len(faults)} of {len(written)} lines are no phone number: {named}. "
                "Nothing was done. Correct or remove these lines."
            )
        return numbers


class UploadForm(forms.Form):
    """A file of phone numbers."""

    file = forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        help_text="CSV or text, one number a line, or a table with a column of numbers; up to "
        f"{MOST_UPLOADED:,} numbers and {LARGEST_UPLOAD // 1024**2} MB.",
    )
    column = forms.CharField(
        required=False,
        max_length=number_files.LONGEST_NAME,
        label="Column",
        help_text="What the first line calls the column of numbers. Empty: the one that is called "
        "phone, or the only one.",
    )

    def clean(self):
        """Read the file. Add `lines`: what stands where there should be numbers."""
        super().clean()
        if self.errors:
            return
        column = self.cleaned_data["column"]
        try:
            lines = number_files.read(self.cleaned_data["file"].read(), column=column)
        except number_files.BadFile as error:
            raise forms.ValidationError(f"{error} Nothing was done.") from error
        if len(lines) > MOST_UPLOADED:
            raise forms.ValidationError(
                f"These are {len(lines):,} numbers. Upload at most {MOST_UPLOADED:,} at once. "
                "Nothing was done."
            )
        self.cleaned_data["lines"] = lines


@workspace_member()
@require_safe
def show_list(request):
    """GET .../do-not-call: how many numbers, when and by which way each came; not which."""
    return _page(request, NumbersForm(country=request.workspace.default_country))


@workspace_member()
@posted_from("do_not_call")
def add(request):
    """POST .../do-not-call/add"""
    form = NumbersForm(request.POST, country=request.workspace.default_country)
    if not form.is_valid():
        return _page(request, form)
    numbers = form.cleaned_data["phones"]
    added = opt_outs.add(request.workspace, numbers, way=Way.PAGE, by=request.user)
    known = len(numbers) - added
    more = f" {known} {'was' if known == 1 else 'were'} listed already." if known else ""
    what = "number is" if added == 1 else "numbers are"
    messages.success(request, f"{added} {what} added.{more}")
    return redirect("do_not_call", slug=request.workspace.slug)


@takes_file
@workspace_member()
@posted_from("do_not_call")
def upload(request):
    """POST .../do-not-call/upload: what can be read is listed, and the rest is named."""
    form = UploadForm(request.POST, request.FILES, prefix="upload")
    if not form.is_valid():
        return _page(request, NumbersForm(country=request.workspace.default_country), upload=form)
    lines = form.cleaned_data["lines"]
    numbers, unread = opt_outs.read_lines(lines, country=request.workspace.default_country)
    added = opt_outs.add(request.workspace, numbers, way=Way.UPLOAD, by=request.user)
    messages.success(request, _uploaded(added, len(numbers) - added))
    if unread:
        named = number_files.in_ranges(unread, MOST_NAMED)
        lines_are = "1 line is" if len(unread) == 1 else f"{len(unread):,} lines are"
        messages.warning(request, f"{lines_are} no phone number, and not listed: line {named}.")
    return redirect("do_not_call", slug=request.workspace.slug)


def _uploaded(added: int, known: int) -> str:
    more = f" {known:,} {'was' if known == 1 else 'were'} listed already." if known else ""
    return f"{added:,} {'number is' if added == 1 else 'numbers are'} added.{more}"


@workspace_member()
@posted_from("do_not_call")
def check(request):
    """POST .../do-not-call/check: a number stands in no address, as addresses are logged."""
    form = NumbersForm(request.POST, country=request.workspace.default_country)
    if not form.is_valid():
        return _page(request, form)
    listed = [n for n in form.cleaned_data["phones"] if opt_outs.is_listed(request.workspace.pk, n)]
    answer = ", ".join(listed) + (" is listed." if len(listed) == 1 else " are listed.")
    messages.info(request, answer if listed else "None of these numbers is listed.")
    return _page(request, form)


@workspace_member(role=Role.ADMIN)
@posted_from("do_not_call")
def remove(request):
    """POST .../do-not-call/remove"""
    form = NumbersForm(request.POST, country=request.workspace.default_country)
    if not form.is_valid():
        return _page(request, form)
    removed = opt_outs.remove(request.workspace, form.cleaned_data["phones"], by=request.user)
    numbers = "number is" if removed == 1 else "numbers are"
    messages.success(request, f"{removed} {numbers} removed. They may be called again.")
    return redirect("do_not_call", slug=request.workspace.slug)


@workspace_member()
@posted_from("lead")
def add_lead(request, lead_id):
    """POST .../leads/<id>/do-not-call"""
    lead = find_lead(request, lead_id)
    opt_outs.add(request.workspace, [lead.phone], way=Way.PAGE, by=request.user)
    messages.success(request, f"{lead.plain_name} will not be called again.")
    return back_to(request, lead)


@workspace_member()
@require_safe
def export_list(request):
    """GET .../do-not-call/export: time, way and person of each entry, as CSV."""
    try:
        answer = csv_of(request, opt_outs.rows(request.workspace), "do-not-call")
    except TooManyStreams:
        return come_again()
    record.action(
        workspace_id=request.workspace.pk, actor=request.user, action=Action.EXPORT_OPT_OUTS
    )
    return answer


def _page(request, form, upload=None):
    context = {
        **paginate(request, request.workspace.opt_outs.select_related("added_by")),
        "form": form,
        "upload": upload or UploadForm(prefix="upload"),
        "count": request.workspace.opt_outs.count(),
    }
    return render(request, "leads/do_not_call.html", context)
