"""Staff takes a request off the market with a reason, and puts it back."""

import pytest

from accounts.models import Due, Event
from accounts.services import organizations
from accounts.services.errors import Invalid, NotAllowed
from accounts.services.lifecycle import NoSuchMove
from hosting.models import MatchList
from hosting.services import matchruns, requestreviews, requests, reviews
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_suspended_request_loses_its_list_and_gets_it_back(sam, sara):
    factories.offer()
    request = factories.request()
    matchruns.match_due(now=NOW, clock=lambda: NOW)
    assert MatchList.objects.get().rows
    requestreviews.suspend(request=request, by=sam, why="No machines.", now=NOW)
    assert Event.objects.latest("pk").why == "No machines."
    matchruns.match_due(now=NOW, clock=lambda: NOW)
    assert not MatchList.objects.exists()
    requestreviews.lift(request=request, by=sara, why="Seen them.", now=NOW)
    assert request.status == "open"
    matchruns.match_due(now=NOW, clock=lambda: NOW)
    assert MatchList.objects.get().rows
    assert not Due.objects.filter(reader=matchruns.READER).exists()


def test_only_what_is_open_or_suspended_moves(sam):
    request = factories.request(status="draft")
    for step in (requestreviews.suspend, requestreviews.lift):
        with pytest.raises(NoSuchMove):
            step(request=request, by=sam, why="No.", now=NOW)
    request.refresh_from_db()
    assert request.status == "draft"


def test_it_is_for_staff_with_a_reason_and_not_for_ones_own(sam, hanna, min_, red_river):
    request = factories.request(red_river)
    with pytest.raises(NotAllowed):
        requestreviews.suspend(request=request, by=hanna, why="No.", now=NOW)
    with pytest.raises(Invalid):
        requestreviews.suspend(request=request, by=sam, why=" ", now=NOW)
    organizations.join(organization=red_river, user=sam, role="viewer", by=min_, now=NOW)
    with pytest.raises(reviews.OfMyOwn):
        requestreviews.suspend(request=request, by=sam, why="No.", now=NOW)
    request.refresh_from_db()
    assert request.status == "open"


def test_it_is_not_lifted_for_an_owner_who_may_have_none(sam, red_river):
    request = factories.request(red_river)
    requestreviews.suspend(request=request, by=sam, why="No.", now=NOW)
    organizations.suspend(organization=red_river, by=sam, why="Complaint.", now=NOW)
    request.owner.refresh_from_db()
    with pytest.raises(requests.OwnerNotVerified):
        requestreviews.lift(request=request, by=sam, why="Yes.", now=NOW)
    request.refresh_from_db()
    assert request.status == "suspended"
