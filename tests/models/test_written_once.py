"""Terms and Events are history: nothing rewrites them."""

import pytest

from accounts.models import Event
from accounts.models.rows import Unchangeable
from hosting.models import OfferTerms
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_version_of_the_terms_can_not_be_saved_again():
    terms = factories.offer().in_force.terms
    terms.energy_price = 1
    with pytest.raises(Unchangeable):
        terms.save()


def test_terms_can_not_be_updated_or_deleted_in_bulk():
    factories.offer()
    with pytest.raises(Unchangeable):
        OfferTerms.objects.update(energy_price=1)
    with pytest.raises(Unchangeable):
        OfferTerms.objects.all().delete()


def test_an_event_can_not_be_changed_or_deleted():
    factories.offer()
    event = Event.objects.first()
    with pytest.raises(Unchangeable):
        event.save()
    with pytest.raises(Unchangeable):
        event.delete()
