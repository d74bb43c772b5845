"""What a workspace is called, in which zone it says times, and its end."""

from django import forms

from coachbot.visible import check_one_line
from coachbot.zones import validate_zone
from workspaces.forms.settings.channel import ChannelForm
from workspaces.models import Workspace
from workspaces.settings.slugs import BadSlug, check_slug


class GeneralForm(forms.Form):
    """Name and slug."""

    name = forms.CharField(max_length=120, label="Name", validators=[check_one_line])
    slug = forms.CharField(
        max_length=50,
        label="Slug",
        help_text="Part of every address of the workspace. When it changes, old links to the "
        "dashboard and the URLs entered in Vapi stop working.",
    )

    def clean_slug(self):
        try:
            return check_slug(self.cleaned_data["slug"].strip())
        except BadSlug as error:
            raise forms.ValidationError(str(error)) from error


class TimeZoneForm(ChannelForm):
    """The zone in which the pages of the workspace say times."""

    time_zone = forms.CharField(
        required=False,
        max_length=60,
        label="Time zone",
        validators=[validate_zone],
        help_text="Such as Europe/London. All members see times in it. Empty: each sees those of "
        "their own browser.",
    )


class DeletionForm(forms.Form):
    """The slug, typed, as proof that the deletion is meant."""

    slug = forms.CharField()

    def __init__(self, *args, workspace: Workspace, **options):
        super().__init__(*args, **options)
        self.fields["slug"].label = f"Type {workspace.slug}, the slug of the workspace"
        self.workspace = workspace

    def clean_slug(self):
        if self.cleaned_data["slug"].strip() != self.workspace.slug:
            raise forms.ValidationError(
                f"That is not the slug of this workspace, which is {self.workspace.slug}."
            )
        return self.workspace.slug
