"""Timeline: what happened to a thing, by whom, why and on whose behalf. The names are looked up when read."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from accounts.models import Document, Event, Invitation, Licence, Organization, User

# Looking at an organization's pages is told of the organization, under a kind that no reader waits for.
LOOK = "accounts.look"


@dataclass(frozen=True, slots=True)
class Line:
    """One Event. `by` and `behalf` are None where nobody stands there, or where the row has gone."""

    event: Event
    by: User | None
    behalf: Organization | None


def own(row: models.Model) -> Q:
    """The Events of the row itself, and of what belongs to it among the people's tables."""
    found = of(row._meta.concrete_model or type(row), [_uuid(row)])
    if isinstance(row, User):
        return found | Q(by=row.pk)
    if isinstance(row, Organization):
        found |= Q(subject_kind=LOOK, subject_id=row.pk)
        for model in (Document, Invitation, Licence):
            found |= of(model, model._default_manager.filter(organization=row).values("pk"))
    return found


def of(model: type[models.Model], ids: Iterable[uuid.UUID | None] | models.QuerySet) -> Q:
    """The Events whose subject is one of these rows of the model."""
    return Q(subject_kind=model._meta.label_lower, subject_id__in=ids)


def read(*, which: Q, before: uuid.UUID | None = None, most: int = 100) -> list[Line]:
    """The newest lines first; `before` is the public id of the last line that was read. Three queries."""
    rows = Event.objects.filter(which).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=Event.objects.filter(uid=before).values("pk"))
    found = list(rows[:most])
    people = User.objects.in_bulk({one.by for one in found if one.by})
    organizations = Organization.objects.in_bulk({one.on_behalf_of for one in found if one.on_behalf_of})
    return [Line(one, people.get(one.by), organizations.get(one.on_behalf_of)) for one in found]


def _uuid(row: models.Model) -> uuid.UUID | None:
    """The row's public id: its key, or for one that counts (a match run) the UUID beside it."""
    for value in (row.pk, getattr(row, "id", None), getattr(row, "uid", None)):
        if isinstance(value, uuid.UUID):
            return value
    return None
