"""Whether this process lives, and whether it can do its work. For load balancers and `manage.py up`."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import OperationalError


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers; it asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200, or 503 with the part that is not ready: {"database", "migrations", "broker": true or false}."""
    is_database_up, is_migrated = database_state()
    parts = {"database": is_database_up, "migrations": is_migrated, "broker": is_broker_up()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def database_state() -> tuple[bool, bool]:
    """Whether the database answers, and whether every migration is applied to it."""
    try:
        executor = MigrationExecutor(connection)
        return True, not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False, False


def is_broker_up() -> bool:
    """Whether the queue's server takes a connection within a second."""
    try:
        with Connection(
            settings.CELERY_BROKER_URL,
            connect_timeout=settings.CELERY_BROKER_CONNECTION_TIMEOUT,
            transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        ) as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
    except (OSError, OperationalError):
        return False
    return True
