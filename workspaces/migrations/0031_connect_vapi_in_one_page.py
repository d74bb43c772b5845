"""What a provider said of an account part by part, and what stood on an assistant before it was
set up.

Of accounts that were verified before there are no parts until they are verified again. A process of
the release before leaves the parts of an older account where it stores another one: they count only
with a verdict.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0030_log_search'),
    ]

    operations = [
        migrations.AddField(
            model_name='credential',
            name='findings',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='AssistantSetup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assistant_id', models.CharField(max_length=64)),
                ('sealed', models.TextField(blank=True, default='')),
                ('set_up_at', models.DateTimeField(blank=True, null=True)),
                ('set_up_by', models.CharField(blank=True, default='', max_length=254)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assistant_setups', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'assistant_id'), name='assistant_setup_unique'), models.CheckConstraint(condition=models.Q(models.Q(('sealed', ''), ('set_up_at', None)), models.Q(models.Q(('sealed', ''), _negated=True), models.Q(('set_up_at', None), _negated=True)), _connector='OR'), name='assistant_setup_kept_with_its_time')],
            },
        ),
    ]
