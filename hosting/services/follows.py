"""Follows: a person follows a place and hears what becomes of its law. Who follows what is nobody else's."""

import uuid
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from hosting.matching import law
from hosting.models import FollowedPlace, Jurisdiction


def follow(*, person: User, place: Jurisdiction, now: datetime) -> bool:
    """The person hears of the place from now on. True if they did not before; done twice it is done once."""
    _row, is_new = FollowedPlace.objects.get_or_create(
        person=person, place=place, defaults={"created_at": now}
    )
    return is_new


def unfollow(*, person: User, place: Jurisdiction) -> bool:
    """The person hears of the place no more. True if they did."""
    count, _rows = FollowedPlace.objects.filter(person=person, place=place).delete()
    return bool(count)


def forget(*, person_id: uuid.UUID) -> None:
    """The account was closed: what it followed goes with it."""
    FollowedPlace.objects.filter(person=person_id).delete()


def is_followed(*, person: User, place: Jurisdiction) -> bool:
    """Whether the person follows this very place."""
    return FollowedPlace.objects.filter(person=person, place=place).exists()


def of(person: User) -> QuerySet[FollowedPlace]:
    """What the person follows, by the name of the place."""
    rows = FollowedPlace.objects.filter(person=person).select_related("place__parent")
    return rows.order_by("place__name", "place")


def followers(*, code: str, at: datetime, but: uuid.UUID | None = None) -> list[User]:
    """Whom news of the place concerns: who followed it at the time, or the country it lies in, or, if it is a
    country, a subdivision of it. `but` is the UUID of the one who wrote the news."""
    near = Q(place__in=(code, law.country_of(code))) | Q(place__parent=code)
    rows = FollowedPlace.objects.filter(near, created_at__lte=at)
    people = User.objects.filter(pk__in=rows.values("person"), is_active=True).order_by("pk")
    return [person for person in people if person.pk != but]
