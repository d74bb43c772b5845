"""Search without regard to accents and case, and inside words of scripts without spaces.

The words of the leads that are there and not plain ASCII are written in batches; the column
that PostgreSQL searches is made anew from them. A lead that a process of the release before
takes in meanwhile is found as it was.
"""

from django.db import migrations

from leads.models.folding import searchable

BATCH = 1_000
ASCII = r"^[ -~]*$"
WORDS = """
ALTER TABLE leads_lead DROP COLUMN search_words;
ALTER TABLE leads_lead ADD COLUMN search_words tsvector GENERATED ALWAYS AS (
    to_tsvector(
        'simple'::regconfig,
        translate({text} || ' ' || phone, '@.+-_/,;:', '         ')
            || ' r' || reverse(ltrim(phone, '+'))
    )
) STORED;
CREATE INDEX lead_search_words ON leads_lead USING gin (search_words);
"""
FOLDED = "coalesce(nullif(search_text, ''), name || ' ' || email)"
BEFORE = "name || ' ' || email"


def write_texts(apps, schema_editor):
    Lead = apps.get_model("leads", "Lead")
    rest = Lead.objects.exclude(name__regex=ASCII, email__regex=ASCII).order_by("pk")
    last = None
    while True:
        batch = list((rest.filter(pk__gt=last) if last else rest)[:BATCH])
        if not batch:
            return
        for lead in batch:
            lead.search_text = searchable(f"{lead.name} {lead.email}")
        Lead.objects.bulk_update(batch, ["search_text"])
        last = batch[-1].pk


def make_words(text):
    def make(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(WORDS.format(text=text))

    return make


class Migration(migrations.Migration):
    dependencies = [("leads", "0010_search_text")]

    operations = [
        migrations.RunPython(write_texts, migrations.RunPython.noop),
        migrations.RunPython(make_words(FOLDED), make_words(BEFORE)),
    ]
