import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """What people write again, once they are a lead."""

    dependencies = [("leads", "0017_call_cost")]

    operations = [
        migrations.CreateModel(
            name="LaterSubmission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("name", models.CharField(blank=True, max_length=120)),
                ("email", models.CharField(blank=True, max_length=254)),
                ("goal", models.CharField(blank=True, max_length=2000)),
                ("metadata", models.JSONField(blank=True, default=dict)),
                ("form_responses", models.JSONField(blank=True, default=dict)),
                ("form_questions", models.JSONField(blank=True, default=list)),
                ("source", models.CharField(blank=True, max_length=60)),
                ("address", models.GenericIPAddressField(blank=True, null=True)),
                ("request_id", models.CharField(blank=True, max_length=128)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="later_submissions",
                        to="leads.lead",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("lead", "place"), name="later_submission_place_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place__lt", 20)), name="later_submission_bounded"
                    ),
                ],
            },
        ),
    ]
