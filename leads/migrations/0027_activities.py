"""What members do with leads."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("leads", "0026_held_with_person"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('taken_over', 'Taken Over'), ('handed_back', 'Handed Back'), ('assigned', 'Assigned'), ('closed', 'Closed'), ('reopened', 'Reopened'), ('noted', 'Noted'), ('next_step_set', 'Next Step Set'), ('next_step_done', 'Next Step Done'), ('called', 'Called')], max_length=24)),
                ('author_name', models.CharField(max_length=254)),
                ('before', models.CharField(blank=True, max_length=254)),
                ('after', models.CharField(blank=True, max_length=254)),
                ('text', models.CharField(blank=True, max_length=4000)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name_plural': 'activities',
            },
        ),
        migrations.AddField(
            model_name='activity',
            name='author',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='activity',
            name='lead',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='activities', to='leads.lead'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('code__in', ['taken_over', 'handed_back', 'assigned', 'closed', 'reopened', 'noted', 'next_step_set', 'next_step_done', 'called'])), name='activity_code_known'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('code', 'noted'), _negated=True), models.Q(('text', ''), _negated=True), _connector='OR'), name='activity_note_has_text'),
        ),
    ]
