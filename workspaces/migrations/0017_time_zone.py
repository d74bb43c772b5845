"""The time zone of a workspace; empty, as in those that exist, pages show the browser's."""

from django.db import migrations, models

import coachbot.zones


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0016_invitations")]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="time_zone",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=60,
                validators=[coachbot.zones.validate_zone],
            ),
        ),
        migrations.AddConstraint(
            model_name="workspace",
            constraint=models.CheckConstraint(
                condition=models.Q(("time_zone__regex", "^[A-Za-z0-9_+/-]*$")),
                name="workspace_time_zone_form",
            ),
        ),
    ]
