"""What Coachbot asks of its database connections."""

from django.db import connection


def release_connection() -> None:
    """Give this thread's connection back before waiting for the network.

    With PostgreSQL it returns to the pool, so that eight connections serve a hundred
    waiting threads. The next query takes one again. Raises RuntimeError inside a
    transaction: that would be cut in half.
    """
    if connection.in_atomic_block:
        raise RuntimeError("A transaction is open while the network is about to be used.")
    connection.close()
