
import workspaces.settings.countries
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0006_one_line_names'),
    ]

    operations = [
        migrations.AlterField(
            model_name='workspace',
            name='allowed_countries',
            field=models.CharField(blank=True, max_length=400, validators=[workspaces.settings.countries.validate_countries]),
        ),
        migrations.AlterField(
            model_name='workspace',
            name='default_country',
            field=models.CharField(blank=True, db_default='', default='', max_length=2, validators=[workspaces.settings.countries.validate_countries]),
        ),
    ]
