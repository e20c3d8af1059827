"""Sites: described once, changed at once or after staff has looked, never beneath what they promise."""

import uuid
from datetime import date

import pytest

from accounts.models import Event
from accounts.services import lifecycle
from accounts.services.errors import Invalid
from hosting.models import Site, SiteReview
from hosting.services import capacity, offers, reviews, siteentries, sites
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
RAW = {"name": "Hall", "jurisdiction": "KZ", "region": "North", "total_kw": "3500"}


def change(site, by, **values):
    sites.change(site=site, values=values, version=values.pop("version", site.version), by=by, now=NOW)
    site.refresh_from_db()


def test_the_same_id_twice_describes_one_site(steppe, hanna):
    key = uuid.uuid4()
    one = factories.site(steppe, id=key)
    again = factories.site(steppe, id=key)
    assert (again.pk, again.name, Site.objects.count()) == (key, one.name, 1)


def test_an_id_of_another_host_is_not_taken_over(steppe, hanna):
    theirs = factories.site()
    with pytest.raises(sites.NameTaken):
        factories.site(steppe, id=theirs.pk)


def test_a_site_without_a_live_offer_changes_at_once(steppe, hanna):
    site = factories.site(steppe)
    change(site, hanna, total_kw=60_000, region="South", address="Elsewhere 1")
    assert (site.total_kw, site.region, site.version) == (60_000, "South", 2)
    assert not SiteReview.objects.exists()
    event = Event.objects.get(subject_kind="hosting.site", code="changed")
    assert event.params == {"fields": ["address", "region", "total_kw"], "waiting": [], "version": 2}


@pytest.mark.parametrize("status", ["in_review", "published"])
def test_what_staff_has_looked_at_waits_and_the_rest_holds_at_once(steppe, hanna, status):
    site = factories.site(steppe)
    factories.offer(site, status=status)
    place = factories.jurisdiction("NO")
    change(site, hanna, jurisdiction=place, total_kw=60_000, grid="400 kV")
    assert (site.jurisdiction_id, site.total_kw, site.grid) == ("KZ", 50_000, "400 kV")
    assert SiteReview.objects.get().values == {"jurisdiction": "NO", "total_kw": 60_000}


def test_less_power_needs_no_proof(steppe, hanna):
    site = factories.site(steppe)
    factories.offer(site)
    change(site, hanna, total_kw=40_000)
    assert site.total_kw == 40_000


def test_a_site_is_not_lowered_beneath_its_live_phases(steppe, hanna):
    site = factories.site(steppe)
    factories.offer(site, phases=[(5000, TODAY, None)])
    with pytest.raises(capacity.SiteTooSmall):
        change(site, hanna, total_kw=4999)
    site.refresh_from_db()
    assert (site.total_kw, site.version) == (50_000, 1)


def test_a_newer_change_takes_the_place_of_the_one_that_waits(steppe, hanna):
    site = factories.site(steppe)
    factories.offer(site)
    change(site, hanna, total_kw=60_000)
    change(site, hanna, total_kw=70_000)
    assert [one.state for one in site.reviews.order_by("version", "created_at", "pk")].count("waiting") == 1
    assert site.reviews.get(state="waiting").values == {"total_kw": 70_000}
    change(site, hanna, total_kw=50_000)
    assert not site.reviews.filter(state="waiting").exists()


def test_the_same_change_sent_twice_is_made_once(steppe, hanna):
    site = factories.site(steppe)
    change(site, hanna, region="South", version=1)
    change(site, hanna, region="South", version=1)
    assert (site.version, Event.objects.filter(code="changed").count()) == (2, 1)


def test_a_change_of_an_old_version_is_refused(steppe, hanna):
    site = factories.site(steppe)
    change(site, hanna, region="South")
    with pytest.raises(lifecycle.Stale):
        change(site, hanna, region="West", version=1)
    site.refresh_from_db()
    assert site.region == "South"


def test_staff_approves_a_change_and_the_site_is_what_its_host_said(steppe, hanna, sam):
    site = factories.site(steppe)
    factories.offer(site)
    factories.jurisdiction("NO")
    change(site, hanna, jurisdiction=factories.jurisdiction("NO"), connected_on=date(2024, 5, 1))
    reviews.approve_site(review=SiteReview.objects.get(), by=sam, why="deed seen", now=NOW)
    site.refresh_from_db()
    assert (site.jurisdiction_id, site.connected_on) == ("NO", date(2024, 5, 1))


def test_staff_does_not_approve_a_move_into_a_sanctioned_place(steppe, hanna, sam):
    site = factories.site(steppe)
    factories.offer(site)
    factories.fact("IR", "sanctions_comprehensive", "yes")
    change(site, hanna, jurisdiction=factories.jurisdiction("IR"))
    with pytest.raises(offers.PlaceSanctioned):
        reviews.approve_site(review=SiteReview.objects.get(), by=sam, why="oops", now=NOW)
    assert SiteReview.objects.get().state == "waiting"


def test_a_rejected_change_leaves_the_site_and_its_reason_reaches_the_host(steppe, hanna, sam):
    site = factories.site(steppe)
    factories.offer(site)
    change(site, hanna, total_kw=60_000)
    reviews.reject_site(review=SiteReview.objects.get(), by=sam, why="no meter", now=NOW)
    site.refresh_from_db()
    assert site.total_kw == 50_000
    assert reviews.last_words([site.pk])[site.pk]["change_rejected"].why == "no meter"


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("total_kw", "3,500", "total_kw"),
        ("total_kw", "-5", "total_kw"),
        ("total_kw", "NaN", "total_kw"),
        ("total_kw", "5 MW", "total_kw"),
        ("total_kw", "99999999", "total_kw"),
        ("pue", "0.9", "pue"),
        ("connected_on", "2023-02-30", "connected_on"),
        ("connected_on", "0001-01-01", "connected_on"),
        ("jurisdiction", "XX", "jurisdiction"),
        ("jurisdiction", "IR", "jurisdiction"),
        ("name", "", "name"),
        ("name", "x" * 121, "name"),
        ("region", "a\x00b", "region"),
        ("cooling", ["steam"], "cooling"),
        ("energy_mix", {"hydro": "60", "wind": "39"}, "energy_mix"),
        ("energy_mix", {"magic": "100"}, "energy_mix.magic"),
        ("energy_mix", {"hydro": "99.5"}, "energy_mix.hydro"),
    ],
)
def test_what_can_not_be_used_is_named(field, value, wrong):
    factories.jurisdiction("KZ")
    factories.fact("IR", "sanctions_comprehensive", "yes")
    with pytest.raises(Invalid) as refusal:
        siteentries.read({**RAW, field: value}, today=TODAY)
    assert list(refusal.value.fields) == [wrong]


def test_a_plain_site_is_read():
    factories.jurisdiction("KZ")
    values = siteentries.read({**RAW, "energy_mix": {"hydro": "98", "wind": "2"}}, today=TODAY)
    assert (values["total_kw"], values["energy_mix"]) == (3500, {"hydro": 98, "wind": 2})
