"""How the work on a lead ended."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("leads", "0021_lead_owner"),
    ]

    operations = [
        migrations.AddField(
            model_name='lead',
            name='closed_as',
            field=models.CharField(blank=True, choices=[('won', 'Won'), ('lost', 'Lost'), ('not_now', 'Not now')], db_default='', default='', max_length=16),
        ),
        migrations.AddField(
            model_name='lead',
            name='closed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('closed_as', ''), _negated=True), fields=['workspace', '-created_at', '-id'], name='lead_closed_newest'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('closed_as__in', ['', 'won', 'lost', 'not_now'])), name='lead_closed_as_known'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_as', ''), ('closed_at', None)), models.Q(models.Q(('closed_as', ''), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='lead_closed_at_a_moment'),
        ),
    ]
