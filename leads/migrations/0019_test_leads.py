from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("leads", "0018_later_submissions")]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="is_test",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                fields=["workspace", "-created_at"], condition=Q(is_test=True), name="lead_tests"
            ),
        ),
    ]
