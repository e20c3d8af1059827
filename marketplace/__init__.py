"""The project: it wires accounts and hosting together and decides nothing itself."""

from marketplace.celery import app as celery_app

__all__ = ["celery_app"]
