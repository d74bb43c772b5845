"""The slugs that workspaces have or had."""

from django.db import models

from workspaces.models.workspace import Workspace


class TakenSlug(models.Model):
    """A slug that a workspace has, or had before it was renamed: nobody else gets it.

    So an address that was given away once, such as that of a form, leads to the same business for
    as long as there is one. workspaces.settings.taken_slugs is the only writer.
    """

    slug = models.CharField(max_length=50, primary_key=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="taken_slugs")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.slug} ({self.workspace_id})"
