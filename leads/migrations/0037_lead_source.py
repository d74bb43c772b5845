"""By which way leads came in, and finding them by their source.

A lead that a member of the release before enters meanwhile counts as one of the API.
"""

import django.db.models.functions.comparison
from django.db import migrations, models

import leads.models.source

CHOICES = [
    ("api", "API"),
    ("form", "Form"),
    ("intake", "Form of others"),
    ("dashboard", "Dashboard"),
]


def came_by():
    return models.CharField(choices=CHOICES, db_default="api", default="api", max_length=16)


def is_known():
    return models.Q(("came_by__in", ["api", "form", "intake", "dashboard"]))


def write_those_of_the_dashboard(apps, schema_editor):
    for name in ("Lead", "RefusedSubmission"):
        entered = apps.get_model("leads", name).objects.filter(
            consent_source__startswith="dashboard:"
        )
        entered.update(came_by="dashboard")


class Migration(migrations.Migration):
    dependencies = [("leads", "0036_shown")]

    operations = [
        migrations.AddField("lead", "came_by", came_by()),
        migrations.AddField("refusedsubmission", "came_by", came_by()),
        migrations.AddIndex(
            "lead",
            models.Index(
                models.F("workspace"),
                django.db.models.functions.comparison.Coalesce(
                    leads.models.source.CampaignSource(
                        "metadata", output_field=models.CharField()
                    ),
                    models.F("came_by"),
                    output_field=models.CharField(),
                ),
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="lead_source_newest",
            ),
        ),
        migrations.AddConstraint(
            "lead", models.CheckConstraint(condition=is_known(), name="lead_came_by_known")
        ),
        migrations.AddConstraint(
            "refusedsubmission",
            models.CheckConstraint(condition=is_known(), name="refused_came_by_known"),
        ),
        migrations.RunPython(write_those_of_the_dashboard, migrations.RunPython.noop),
    ]
