"""Words of a lead for the search on the leads page, on PostgreSQL.

Built in, so no extension is needed that a host may forbid. A word is found by its
beginning; a phone also by its end, for people type it without the country code: its
digits stand there once more, reversed, after an `r`. SQLite has no such column: it
searches the leads of one business one by one.
"""

from django.db import migrations

ADD = """
ALTER TABLE leads_lead ADD COLUMN search_words tsvector GENERATED ALWAYS AS (
    to_tsvector(
        'simple'::regconfig,
        translate(name || ' ' || email || ' ' || phone, '@.+-_/,;:', '         ')
            || ' r' || reverse(ltrim(phone, '+'))
    )
) STORED;
CREATE INDEX lead_search_words ON leads_lead USING gin (search_words);
"""
REMOVE = "ALTER TABLE leads_lead DROP COLUMN search_words;"


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(REMOVE)


class Migration(migrations.Migration):
    dependencies = [("leads", "0002_lead_filters")]

    operations = [migrations.RunPython(add, remove)]
