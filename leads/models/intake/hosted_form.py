"""The form of a workspace that strangers fill in: its draft, what was published, its logo."""

import re

from django.db import models
from django.db.models import Q
from django.utils import timezone

from workspaces.models import Workspace

# Sites send answers by these, and leads keep them.
QUESTION_ID = re.compile(r"q_[a-z0-9]{6}")
LARGEST_LOGO = 200_000  # bytes


class LogoType(models.TextChoices):
    """What a logo may be."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"


class HostedForm(models.Model):
    """The draft of a workspace's form, which members work at. leads.forms.drafts writes it.

    `draft` is as leads.forms.definition has it. `revision` is raised by each change, so that of
    two members who change it at once none undoes what the other did without a word.
    """

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="hosted_form")
    draft = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"form of workspace {self.workspace_id}"


class FormVersion(models.Model):
    """A form as it was published: it never changes. The one of the highest number is shown.

    Who filled in an earlier one answered the questions of that, and agreed to its wording.
    """

    # No index of its own: the one of the constraint below begins with it.
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="form_versions", db_index=False
    )
    number = models.PositiveIntegerField()
    content = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="form_version_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="form_version_from_one"),
        ]

    def __str__(self):
        return f"form version {self.number} of workspace {self.workspace_id}"


class FormLogo(models.Model):
    """A picture above a form, known by its digest: the draft and versions name it by that."""

    # No index of its own: the one of the constraint below begins with it.
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="form_logos", db_index=False
    )
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=16, choices=LogoType.choices)
    data = models.BinaryField()
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "digest"], name="form_logo_unique"),
            models.CheckConstraint(
                condition=Q(media_type__in=LogoType.values), name="form_logo_type_known"
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=LARGEST_LOGO), name="form_logo_size"
            ),
        ]

    def __str__(self):
        return f"logo {self.digest[:8]} of workspace {self.workspace_id}"
