from django.db import migrations, models


class Migration(migrations.Migration):
    """What was said in a call, turn by turn."""

    dependencies = [("leads", "0015_call_search")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="turns",
            field=models.JSONField(
                blank=True, db_default=models.Value([], models.JSONField()), default=list
            ),
        ),
    ]
