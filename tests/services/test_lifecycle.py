"""The one door for a status: every pair of every table, the guard, and the Event."""

from itertools import product

import pytest
from django.apps import apps

from accounts.models import Event, Organization
from accounts.services import lifecycle
from hosting.models import CapacityRequest, Offer
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LIVING = [model for model in apps.get_models() if hasattr(model, "MOVES") and not model._meta.proxy]
PAIRS = [
    (model, status, to)
    for model in LIVING
    for status, to in product(
        [value for value, _label in model._meta.get_field(lifecycle.status_field(model)).choices], repeat=2
    )
]


def test_every_table_speaks_of_every_status():
    for model in LIVING:
        field = model._meta.get_field(lifecycle.status_field(model))
        assert set(model.MOVES) == {value for value, _label in field.choices}, model


@pytest.mark.parametrize(
    ("model", "status", "to"), PAIRS, ids=lambda value: getattr(value, "__name__", value)
)
def test_a_step_is_possible_exactly_when_the_table_has_it(model, status, to):
    row = model(**{lifecycle.status_field(model): status})
    if to in model.MOVES[status]:
        assert lifecycle.can_move(row, to=to)
    else:
        with pytest.raises(lifecycle.NoSuchMove):
            lifecycle.move(row, to=to, at=NOW)
        assert not Event.objects.exists()


def test_a_step_writes_its_event_and_raises_the_version(sam):
    offer = factories.offer(status="in_review")
    version = offer.version
    lifecycle.move(offer, to="rejected", at=NOW, by=sam, why="no papers")
    event = Event.objects.filter(subject_id=offer.pk).first()
    assert (event.status_from, event.status_to, event.by, event.why) == (
        "in_review",
        "rejected",
        sam.pk,
        "no papers",
    )
    assert offer.version == version + 1
    assert offer.status == "rejected"


def test_of_two_who_saw_the_same_status_only_the_first_moves_it():
    offer = factories.offer()
    seen_by_another = Offer.objects.get(pk=offer.pk)
    lifecycle.move(offer, to="paused", at=NOW)
    events = Event.objects.count()
    with pytest.raises(lifecycle.SomebodyWasFirst):
        lifecycle.move(seen_by_another, to="withdrawn", at=NOW)
    assert Offer.objects.get(pk=offer.pk).status == "paused"
    assert Event.objects.count() == events


def test_statuses_are_written_by_the_door_alone():
    # The models whose status the tables rule; a new one must be added here with a thought.
    assert {Organization, CapacityRequest, Offer} <= set(LIVING)
