"""Finds the leads that wait for a person, however many were closed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("leads", "0024_lead_status_at"),
    ]

    operations = [
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('closed_as', ''), ('next_step_on', None), ('status', 'needs_human')), fields=['workspace', 'owner'], name='lead_waiting'),
        ),
    ]
