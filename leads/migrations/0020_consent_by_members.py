from django.db import migrations, models


class Migration(migrations.Migration):
    """Room for the e-mail address of a member as the source of consent."""

    dependencies = [("leads", "0019_test_leads")]

    operations = [
        migrations.AlterField(
            model_name="lead",
            name="consent_source",
            field=models.CharField(blank=True, max_length=264),
        ),
    ]
