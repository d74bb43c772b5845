"""Finding log rows by what went wrong, by the words of their error, and by the key that asked.

Rows of API requests that a process of the release before writes have no key. The words are for
PostgreSQL; SQLite looks through the errors.
"""

from django.db import migrations, models

PROBLEMS = models.Q(("outcome__in", ["failed", "refused", "unclear"]))
# leads.reading.logs.searching asks by the same expression.
WORDS = """
CREATE INDEX log_error_words ON workspaces_logentry USING gin (
    to_tsvector(
        'simple'::regconfig,
        regexp_replace(error || ' ' || error_code, '[^[:alnum:]]+', ' ', 'g')
    )
) WHERE error <> ''
"""


def index_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(WORDS)


def drop_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX log_error_words")


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0029_notices")]

    operations = [
        migrations.AddField(
            "logentry",
            "key",
            models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
        migrations.AddIndex(
            "logentry",
            models.Index(
                condition=PROBLEMS,
                fields=["workspace", "-created_at", "-id"],
                name="log_problems",
            ),
        ),
        migrations.AddIndex(
            "logentry",
            models.Index(
                condition=models.Q(("key", ""), _negated=True),
                fields=["workspace", "key", "-created_at", "-id"],
                name="log_of_key",
            ),
        ),
        migrations.RunPython(index_words, drop_words),
    ]
