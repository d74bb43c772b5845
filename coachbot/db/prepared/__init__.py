"""The few statements of every API request, with their SQL built once instead of each time.

The ORM takes as long to turn a queryset into SQL as the database takes to run it. Here a
queryset is written as anywhere, but compiled at its first use.
"""

from coachbot.db.prepared.queries import PreparedQuery
from coachbot.db.prepared.statements import Statement, write_together
from coachbot.db.prepared.writes import PreparedInsert, PreparedUpdate

__all__ = ["PreparedInsert", "PreparedQuery", "PreparedUpdate", "Statement", "write_together"]
