"""What its provider said of a stored account, and when; empty in those that exist."""

from django.db import migrations, models

VERDICTS = [
    ("works", "Works"),
    ("refused", "Refused"),
    ("unanswered", "Could not be verified"),
]


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0017_time_zone")]

    operations = [
        migrations.AddField(
            model_name="credential",
            name="verdict",
            field=models.CharField(
                blank=True, choices=VERDICTS, db_default="", default="", max_length=16
            ),
        ),
        migrations.AddField(
            model_name="credential",
            name="verdict_words",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="credential",
            name="verified_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verdict", ""), ("verified_at", None)),
                    models.Q(
                        ("verdict__in", ["works", "refused", "unanswered"]),
                        ("verified_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="credential_verdict_known",
            ),
        ),
    ]
