"""Deleting a lead takes its conversations along by a rule of PostgreSQL's own.

A process of the release before, which may go on while this one starts, knows of none.
"""

from django.db import migrations

CASCADE = """
ALTER TABLE leads_conversation DROP CONSTRAINT "{name}";
ALTER TABLE leads_conversation ADD CONSTRAINT "{name}" FOREIGN KEY (lead_id)
    REFERENCES leads_lead (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""


def delete_with_lead(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "leads_conversation")
    for name, constraint in found.items():
        if constraint["foreign_key"] == ("leads_lead", "id"):
            schema_editor.execute(CASCADE.format(name=name))


class Migration(migrations.Migration):
    dependencies = [("leads", "0012_conversations")]

    operations = [migrations.RunPython(delete_with_lead, migrations.RunPython.noop)]
