from django.db import migrations, models
from django.utils import timezone


def begin_to_count(apps, schema_editor):
    """Make the one row: a worker that never starts is away from now on."""
    apps.get_model("work", "Heartbeat").objects.create(pk=1, seen_at=timezone.now())


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PeriodicTask",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="work_one_heartbeat")
                ],
            },
        ),
        migrations.RunPython(begin_to_count, migrations.RunPython.noop),
    ]
