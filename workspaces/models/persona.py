"""Who the agent of a written channel is, and what it may say."""

from django.db import models

from workspaces.models.workspace import Workspace

LONGEST_NAME = 60
LONGEST_ROLE = 120
LONGEST_TEXT = 4_000


class Persona(models.Model):
    """What a business tells its agent: the prompt of its conversations is made of it."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="persona")
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    role = models.CharField(max_length=LONGEST_ROLE, blank=True)
    tone = models.CharField(max_length=LONGEST_ROLE, blank=True)
    # What is sold, with prices and links: only amounts and addresses that stand here may be said.
    offer = models.TextField(max_length=LONGEST_TEXT, blank=True)
    questions = models.TextField(max_length=LONGEST_TEXT, blank=True)
    never_say = models.TextField(max_length=LONGEST_TEXT, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"persona of {self.workspace_id}"
