"""Conversations, on which calls, tool calls and bookings hang; the calls of a day; why a lead
stands where it stands.

A process of the release before may go on: it leaves the new columns empty.
"""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0011_search_words'),
        ('workspaces', '0008_log_codes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('voice', 'Voice'), ('whatsapp', 'Whatsapp')], max_length=16)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='DailyCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('calls', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name='lead',
            name='held_because',
            field=models.CharField(blank=True, choices=[('paused', 'Paused'), ('country', 'Country'), ('daily_limit', 'Daily Limit'), ('not_connected', 'Not Connected')], db_default='', default='', max_length=24),
        ),
        migrations.AddField(
            model_name='lead',
            name='status_reason',
            field=models.CharField(blank=True, choices=[('reached', 'Reached'), ('not_reached', 'Not Reached'), ('does_not_qualify', 'Does Not Qualify'), ('appointment_made', 'Appointment Made'), ('agent_escalated', 'Agent Escalated'), ('booking_uncertain', 'Booking Uncertain'), ('booking_failed', 'Booking Failed'), ('calendar_refused', 'Calendar Refused'), ('calendar_not_connected', 'Calendar Not Connected'), ('call_unconfirmed', 'Call Unconfirmed'), ('call_untold', 'Call Untold'), ('taken_over', 'Taken Over'), ('handed_back', 'Handed Back')], db_default='', default='', max_length=32),
        ),
        migrations.AlterField(
            model_name='booking',
            name='call',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='leads.call'),
        ),
        migrations.AlterField(
            model_name='toolcall',
            name='call',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tool_calls', to='leads.call'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('status_reason__in', ['', 'reached', 'not_reached', 'does_not_qualify', 'appointment_made', 'agent_escalated', 'booking_uncertain', 'booking_failed', 'calendar_refused', 'calendar_not_connected', 'call_unconfirmed', 'call_untold', 'taken_over', 'handed_back'])), name='lead_status_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('held_because__in', ['', 'paused', 'country', 'daily_limit', 'not_connected'])), name='lead_held_because_known'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='lead',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='conversations', to='leads.lead'),
        ),
        migrations.AddField(
            model_name='booking',
            name='conversation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='leads.conversation'),
        ),
        migrations.AddField(
            model_name='call',
            name='conversation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='leads.conversation'),
        ),
        migrations.AddField(
            model_name='toolcall',
            name='conversation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tool_calls', to='leads.conversation'),
        ),
        migrations.AddField(
            model_name='dailycount',
            name='workspace',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='daily_counts', to='workspaces.workspace'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.UniqueConstraint(fields=('lead', 'channel'), name='conversation_unique'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['voice', 'whatsapp'])), name='conversation_channel_known'),
        ),
        migrations.AddConstraint(
            model_name='dailycount',
            constraint=models.UniqueConstraint(fields=('workspace', 'day'), name='daily_count_unique'),
        ),
    ]
