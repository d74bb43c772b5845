"""Where the hosted form may be shown."""

from workspaces.forms.settings.channel import ChannelForm
from workspaces.forms.settings.fields import SitesField
from workspaces.settings import form_sites


class FormSitesForm(ChannelForm):
    """Which sites show the hosted form within their own pages."""

    form_sites = SitesField(
        required=False,
        max_length=form_sites.LONGEST,
        label="Sites that may show the form",
        help_text="One a line, such as https://www.example.com. With and without www are two "
        "sites. Everywhere else browsers refuse to show the form within a page; a link to it "
        "always works.",
    )
