from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0013_searched_texts")]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="books_by_hand",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
