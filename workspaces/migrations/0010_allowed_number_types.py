"""Which kinds of expensive numbers may be called. Workspaces that are there keep all of them."""

from django.db import migrations, models

ALL = 'premium_rate,personal,shared_cost,satellite'


class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0009_codes_of_log_rows'),
    ]

    operations = [
        # The default of this moment is what the rows that are there get.
        migrations.AddField(
            model_name='workspace',
            name='allowed_number_types',
            field=models.CharField(blank=True, db_default=ALL, default=ALL, max_length=60),
        ),
        migrations.AlterField(
            model_name='workspace',
            name='allowed_number_types',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AddConstraint(
            model_name='workspace',
            constraint=models.CheckConstraint(condition=models.Q(('allowed_number_types__regex', '^((premium_rate|personal|shared_cost|satellite)(,(premium_rate|personal|shared_cost|satellite))*)?$')), name='workspace_number_types_known'),
        ),
    ]
