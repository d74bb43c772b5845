"""Since when a lead stands where it stands."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("leads", "0023_lead_next_step"),
    ]

    operations = [
        migrations.AddField(
            model_name='lead',
            name='status_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
