"""One snapshot of the database: whatever is read within was true at one and the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def taken() -> Iterator[None]:
    """Read within; never write, and never compute for long. Writers are not stopped.

    PostgreSQL: REPEATABLE READ, read only. SQLite: a deferred transaction, which in WAL mode reads beside a
    writer (Django's own begins as a writer). Inside a transaction of the caller its view counts: then what
    is read may be undone again, and is_lasting() is false.
    """
    if not is_lasting():
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


def is_lasting() -> bool:
    """Whether what is read now has been committed, and so may be remembered."""
    return not connection.in_atomic_block
