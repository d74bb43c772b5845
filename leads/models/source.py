"""Where a lead came from: what the form says of its visitors' campaign, else how it came in."""

from django.db.models import CharField, F, Func
from django.db.models.functions import Coalesce

# So many characters of a source count: an index has no room for one without end.
LONGEST = 200


class CampaignSource(Func):
    """The `utm_source` of metadata, as text; null where there is none.

    Its key is part of the SQL, as SQLite finds no index for an expression with parameters.
    """

    arity = 1
    template = f"LEFT(%(expressions)s ->> 'utm_source', {LONGEST})"

    def as_sqlite(self, compiler, connection, **context):
        template = f"SUBSTR(JSON_EXTRACT(%(expressions)s, '$.utm_source'), 1, {LONGEST})"
        return self.as_sql(compiler, connection, template=template, **context)


def source() -> Coalesce:
    """Return the expression of a lead's source."""
    return Coalesce(
        CampaignSource("metadata", output_field=CharField()),
        F("came_by"),
        output_field=CharField(),
    )
