from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0014_conversations_of_calls")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="search_began_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="call",
            name="search_reached",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
