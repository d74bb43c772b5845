"""Log rows that count, and days that rows are kept: 90 for new workspaces, for ever for others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0011_folded_addresses")]

    operations = [
        migrations.AddField(
            model_name="logentry",
            name="times",
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="workspace",
            name="log_retention_days",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        # In two steps: with the default in the first, workspaces that exist would get it.
        migrations.AlterField(
            model_name="workspace",
            name="log_retention_days",
            field=models.PositiveIntegerField(blank=True, default=90, null=True),
        ),
    ]
