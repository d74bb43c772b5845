"""Every setting by its name, as `manage.py workspace` prints and sets them."""

from workspaces.forms.settings.fields import SwitchField
from workspaces.forms.settings.follow_up import FollowUpForm
from workspaces.forms.settings.general import TimeZoneForm
from workspaces.forms.settings.hosted_form import FormSitesForm
from workspaces.forms.settings.limits import LimitsForm
from workspaces.forms.settings.transfers import TransfersForm


class SettingsForm(FormSitesForm, FollowUpForm, TimeZoneForm, LimitsForm, TransfersForm):
    """Every setting that has a name: for `manage.py workspace`, which prints and sets them."""

    is_paused = SwitchField()
    books_by_hand = SwitchField()
    form_published = SwitchField()
    field_order = ["is_paused", "time_zone", "books_by_hand"]


SETTINGS = tuple(SettingsForm.base_fields)
