"""A lead may be held because a person has it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("leads", "0025_waiting_leads"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='lead',
            name='lead_held_because_known',
        ),
        migrations.AlterField(
            model_name='lead',
            name='held_because',
            field=models.CharField(blank=True, choices=[('paused', 'Paused'), ('country', 'Country'), ('daily_limit', 'Daily Limit'), ('not_connected', 'Not Connected'), ('with_person', 'With Person')], db_default='', default='', max_length=24),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('held_because__in', ['', 'paused', 'country', 'daily_limit', 'not_connected', 'with_person'])), name='lead_held_because_known'),
        ),
    ]
