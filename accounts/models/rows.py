"""What rows have in common: a public UUID, a version for If-Match, and times that the caller gives."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Versioned(models.Model):
    """A row that the world sees. Its id is a UUID, so that no counter ever leaves the server.

    The times are arguments of the services (UTC), never the database's or Django's clock.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), editable=False)
    updated_at = models.DateTimeField(_("changed"), editable=False)

    class Meta:
        abstract = True


class Unchangeable(Exception):
    """Somebody tried to change a row that is history."""


class WrittenOnceQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise Unchangeable(f"{self.model.__name__} is written once; write a new row instead")

    def delete(self):
        raise Unchangeable(f"{self.model.__name__} is never deleted")


class WrittenOnce(models.Model):
    """A row that is written once: an Event, a version of an offer's terms."""

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise Unchangeable(f"{type(self).__name__} is written once; write a new row instead")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise Unchangeable(f"{type(self).__name__} is never deleted")
