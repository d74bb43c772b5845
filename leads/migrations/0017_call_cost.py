from django.db import migrations, models


class Migration(migrations.Migration):
    """What a call cost."""

    dependencies = [("leads", "0016_call_turns")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="cost",
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=9, null=True),
        ),
    ]
