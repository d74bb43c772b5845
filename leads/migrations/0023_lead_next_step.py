"""What comes next with a lead, and when."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("leads", "0022_lead_end"),
    ]

    operations = [
        migrations.AddField(
            model_name='lead',
            name='next_step',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='lead',
            name='next_step_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('closed_as', ''), ('next_step_on__isnull', False)), fields=['workspace', 'next_step_on'], name='lead_next_step'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('next_step', ''), ('next_step_on', None)), models.Q(models.Q(('next_step', ''), _negated=True), ('next_step_on__isnull', False)), _connector='OR'), name='lead_next_step_has_a_day'),
        ),
    ]
