
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0007_country_codes'),
    ]

    operations = [
        migrations.AddField(
            model_name='logentry',
            name='code',
            field=models.CharField(blank=True, db_default='', default='', max_length=48),
        ),
        migrations.AddField(
            model_name='logentry',
            name='error_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
    ]
