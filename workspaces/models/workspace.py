"""A business: the tenant that every other row belongs to."""

from django.db import models
from django.db.models import Q

from coachbot.visible import check_one_line
from coachbot.zones import validate_zone
from workspaces.settings.calling_hours import ALWAYS, LATER, validate_days_off, validate_hours
from workspaces.settings.countries import validate_countries
from workspaces.settings.follow_up_plan import Plan, parse, validate_plan
from workspaces.settings.form_sites import LONGEST, validate_sites
from workspaces.settings.slugs import RESERVED_SLUGS, SLUG_PATTERN


class Channel(models.TextChoices):
    """How a workspace talks to its leads."""

    VOICE = "voice"
    WHATSAPP = "whatsapp"


class NumberType(models.TextChoices):
    """Kinds of phone numbers that cost more than a call, for which fraud is done. The words are
    the contract's (section 10); numbers of other kinds, and of none that is known, are dialled.
    """

    PREMIUM_RATE = "premium_rate", "Premium rate, as +44 909 and +1 900"
    PERSONAL = "personal", "Personal, as +44 70: forwarded at a price of its own"
    SHARED_COST = "shared_cost", "Shared cost, as +44 871"
    SATELLITE = "satellite", "Satellite, and what else has no country: +870 to +883, +979"


# In E.164 form.
PHONE_NUMBER = r"\+[1-9][0-9]{6,14}"
NUMBER_TYPE = f"({'|'.join(NumberType.values)})"
# What is known of the Vapi account that is connected, as it is of one that was connected just now.
NOTHING_KNOWN = {
    "learnt_lines": None,
    "lines_full_at": None,
    "lines_seen": 0,
    "account_faults": 0,
    "account_fault": "",
    "account_fault_at": None,
    "account_held_since": None,
    "account_probe_at": None,
}


class WorkspaceQuerySet(models.QuerySet):
    """Named reads over workspaces."""

    def of_member(self, user):
        """Return the workspaces that a user belongs to, by name."""
        return self.filter(memberships__user=user).order_by("name", "id")


class Workspace(models.Model):
    """A business: the tenant that every other row belongs to."""

    slug = models.CharField(max_length=50, unique=True)
    name = models.CharField(max_length=120, validators=[check_one_line])
    channel = models.CharField(max_length=16, choices=Channel.choices)
    is_paused = models.BooleanField(default=False)
    # A stolen key must not run up a bill without bound.
    daily_call_limit = models.PositiveIntegerField(default=500)
    # ISO 3166 codes with commas between, such as `GB,IE`; empty means any.
    allowed_countries = models.CharField(
        max_length=400, blank=True, validators=[validate_countries]
    )
    # Number types with commas between; empty means that none of them is dialled.
    allowed_number_types = models.CharField(max_length=60, blank=True, default="", db_default="")
    # ISO 3166 code of phone numbers that come without one; empty means none is assumed.
    default_country = models.CharField(
        max_length=2, blank=True, default="", db_default="", validators=[validate_countries]
    )
    # IANA name of the zone in which pages say times; empty, it is that of each browser.
    time_zone = models.CharField(
        max_length=60, blank=True, default="", db_default="", validators=[validate_zone]
    )
    # Gaps between attempts to reach a lead; empty means that the first call is the only one.
    follow_up_plan = models.CharField(
        max_length=120, blank=True, default="", db_default="", validators=[validate_plan]
    )
    voicemail_counts_as_reached = models.BooleanField(default=False, db_default=False)
    # When the first call, and when each later one may be made, in the zone of the lead.
    first_call_hours = models.CharField(
        max_length=400, default=ALWAYS, db_default=ALWAYS, validators=[validate_hours]
    )
    later_call_hours = models.CharField(
        max_length=400, default=LATER, db_default=LATER, validators=[validate_hours]
    )
    # Dates with commas between.
    days_off = models.TextField(
        max_length=4_000, blank=True, default="", db_default="", validators=[validate_days_off]
    )
    # By the date of the lead, for whatever reason it is called.
    calls_a_day_per_lead = models.PositiveSmallIntegerField(default=3, db_default=3)
    # How many calls may go on at once; empty means that Vapi tells.
    lines = models.PositiveIntegerField(null=True, blank=True)
    # So many of them are left to whoever rings in.
    lines_kept_free = models.PositiveIntegerField(default=0, db_default=0)
    # What Vapi told of the account that is connected; another account has another.
    learnt_lines = models.PositiveIntegerField(null=True, blank=True, editable=False)
    # When Vapi said last that no line is free, and how many calls of ours went on then.
    lines_full_at = models.DateTimeField(null=True, blank=True, editable=False)
    lines_seen = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # How often in a row a call failed for what is wrong with the account, the last one and when.
    account_faults = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    account_fault = models.CharField(
        max_length=160, blank=True, default="", db_default="", editable=False
    )
    account_fault_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Since when such faults hold what is planned, and when one call is tried all the same.
    account_held_since = models.DateTimeField(null=True, blank=True, editable=False)
    account_probe_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Whom the agent passes a call on to, in E.164 form; empty means nobody.
    transfer_number = models.CharField(max_length=16, blank=True, default="", db_default="")
    # Tokens that the language model of a written channel may use on a day (UTC).
    daily_token_limit = models.PositiveIntegerField(default=500_000, db_default=500_000)
    # The account and the number that messages come to, as Twilio names them: what finds the
    # workspace. Written with the account, by workspaces.connections; empty where there is none.
    twilio_account_sid = models.CharField(
        max_length=34, blank=True, default="", db_default="", editable=False
    )
    twilio_sender = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )
    # Whether the account has a template for later messages: without it none of the plan is sent.
    has_follow_up_template = models.BooleanField(default=False, db_default=False, editable=False)
    # Leads and log rows older than this are erased; empty means never.
    retention_days = models.PositiveIntegerField(null=True, blank=True)
    # Log rows older than this are erased, whatever leads are kept; empty means they are not.
    log_retention_days = models.PositiveIntegerField(null=True, blank=True, default=90)
    # Raised by each change of its do-not-call list; 0 while nobody was ever on it.
    opt_outs_version = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # People make the appointments: that no calendar is connected is a choice.
    books_by_hand = models.BooleanField(default=False, db_default=False)
    # Whether strangers can open the hosted form, and which sites may show it in a frame: origins
    # with commas between.
    form_published = models.BooleanField(default=False, db_default=False)
    form_sites = models.TextField(
        max_length=LONGEST, blank=True, default="", db_default="", validators=[validate_sites]
    )
    # What its webhook endpoints are told of, with commas between; `*` is everything. Whoever has
    # the row need not ask; webhooks.endpoints writes it.
    told_types = models.CharField(
        max_length=400, blank=True, default="", db_default="", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = WorkspaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__regex=SLUG_PATTERN) & ~Q(slug__in=RESERVED_SLUGS),
                name="workspace_slug_allowed",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="workspace_name_given"),
            models.CheckConstraint(
                condition=Q(default_country__regex=r"^([A-Z]{2})?$"),
                name="workspace_default_country_form",
            ),
            models.CheckConstraint(
                condition=Q(allowed_number_types__regex=rf"^({NUMBER_TYPE}(,{NUMBER_TYPE})*)?$"),
                name="workspace_number_types_known",
            ),
            models.CheckConstraint(
                condition=Q(transfer_number__regex=rf"^({PHONE_NUMBER})?$"),
                name="workspace_transfer_number_form",
            ),
            models.CheckConstraint(
                condition=Q(time_zone__regex=r"^[A-Za-z0-9_+/-]*$"),
                name="workspace_time_zone_form",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="workspace_channel_known"
            ),
            # Twilio's shared sandbox number may serve several, each by an address of its own.
            models.UniqueConstraint(
                fields=["twilio_sender"],
                condition=~Q(twilio_sender="") & ~Q(twilio_sender="whatsapp:+14155238886"),
                name="workspace_twilio_sender_unique",
            ),
            # They stand in a header, which nothing else may end.
            models.CheckConstraint(
                condition=Q(form_sites__regex=r"^[a-z0-9:/.,-]*$"),
                name="workspace_form_sites_form",
            ),
        ]

    def __str__(self):
        return self.slug

    @property
    def zone_name(self) -> str:
        """Return the zone in which the workspace counts hours and days: UTC where it set none."""
        return self.time_zone or "UTC"

    @property
    def is_voice(self) -> bool:
        return self.channel == Channel.VOICE

    @property
    def is_whatsapp(self) -> bool:
        return self.channel == Channel.WHATSAPP

    @property
    def plan(self) -> Plan:
        """Return its follow-up plan: only the first attempt where nothing more can be sent."""
        if self.is_voice or self.has_follow_up_template:
            return parse(self.follow_up_plan)
        return Plan()
