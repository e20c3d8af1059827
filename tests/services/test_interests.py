"""Interest: what people do about a pair survives every re-match."""

import pytest

from accounts.services.errors import Invalid
from hosting.models import Interest
from hosting.services import interests, matchruns
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_each_side_leaves_its_own_mark_on_one_row(min_, hanna):
    request, offer = factories.request(), factories.offer()
    interests.shortlist(request=request, offer=offer, by=min_, now=NOW)
    interests.express(request=request, offer=offer, by=hanna, now=NOW)
    row = Interest.objects.get()
    assert row.shortlisted_at == row.interested_at == NOW


def test_declining_needs_a_reason(min_):
    request, offer = factories.request(), factories.offer()
    with pytest.raises(Invalid):
        interests.decline(request=request, offer=offer, side="miner", reason="  ", by=min_, now=NOW)
    assert not Interest.objects.exists()


def test_a_decline_says_who_and_why_and_survives_a_rematch(min_):
    request, offer = factories.request(), factories.offer()
    interests.decline(request=request, offer=offer, side="miner", reason="too far", by=min_, now=NOW)
    matchruns.run(now=NOW, clock=lambda: NOW, trigger="by hand")
    row = Interest.objects.get()
    assert (row.declined_by, row.decline_reason) == ("miner", "too far")


@pytest.mark.parametrize("status", ["draft", "open"])
def test_interest_needs_an_open_request_and_a_published_offer(min_, status):
    request = factories.request(status=status)
    offer = factories.offer(status="in_review" if status == "open" else "published")
    with pytest.raises(interests.NotOpen):
        interests.shortlist(request=request, offer=offer, by=min_, now=NOW)
