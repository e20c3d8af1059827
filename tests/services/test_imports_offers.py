"""Offers as CSV: tried first, told line by line, written as a whole or not at all."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Due, Event
from accounts.services import lifecycle
from accounts.services.errors import Invalid
from hosting.models import CapacityPhase, Import, Offer, OfferTerms, TermsInForce
from hosting.services import imports, importwriting, offers, sites, terms
from tests import factories
from tests.services.importing import OFFER, offers_csv, receive, told

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def hall(steppe):
    return factories.site(steppe, name="Hall")


def test_a_dry_run_says_what_would_be_and_writes_nothing(steppe, hall):
    found = receive(steppe, offers_csv({}, {"title": "Summer power", "available_kw": "500"}))
    assert (found.status, found.rows, found.errors) == ("checked", 2, [])
    assert found.summary == {"offers": 2, "available_kw": 1500}
    assert [row["title"] for row in found.results] == ["Winter power", "Summer power"]
    assert not Offer.objects.exists()


def test_what_was_tried_is_written_as_a_whole(steppe, hanna, hall):
    found = receive(
        steppe,
        offers_csv(
            {}, {"title": "Tiers", "price_model": "tiered", "energy_price": "", "tiers": "1:0.062; 500:0.058"}
        ),
    )
    imports.commit(found=found, by=hanna, now=NOW)
    assert (found.status, found.content) == ("committed", "")
    first, second = (Offer.objects.get(pk=row["offer"]) for row in found.results)
    assert (first.title, first.status, first.site) == ("Winter power", "draft", hall)
    assert first.in_force.terms.energy_price == Decimal("0.055")
    assert [(one.available_kw, one.state) for one in first.phases.all()] == [(1000, "planned")]
    assert terms.tiers_of(second.in_force.terms) == [(1, Decimal("0.062")), (500, Decimal("0.058"))]


def test_a_written_offer_is_what_drafting_it_by_hand_gives(steppe, hanna, hall):
    receive(steppe, offers_csv({"uptime_remedy": "a day free", "renewable": "80"}), is_wanted=True)
    written = Offer.objects.get()
    by_hand = offers.begin(
        site=hall,
        id=importwriting.offer_id(of=hall.pk, line=1),
        title="By hand",
        values={name: getattr(written.in_force.terms, name) for name in terms.COLUMNS},
        by=hanna,
        now=NOW,
    )
    offers.add_phase(
        offer=by_hand,
        available_kw=1000,
        starts_on=written.phases.get().starts_on,
        by=hanna,
        state="planned",
        now=NOW,
    )
    for name in ("status", "evidence", "published_at", "list_price_micros", "created_at"):
        assert getattr(written, name) == getattr(by_hand, name)
    assert {one.created_by for one in OfferTerms.objects.all()} == {hanna.pk}
    assert TermsInForce.objects.count() == CapacityPhase.objects.count() == 2
    offers.submit(offer=written, by=hanna, now=NOW)
    assert written.status == "in_review"


def test_each_offer_has_its_event_and_is_due(steppe, hanna, hall):
    found = receive(steppe, offers_csv({}, {"title": "Second"}), is_wanted=True)
    events = Event.objects.filter(subject_kind="hosting.offer", code="drafted")
    assert {event.params["import"] for event in events} == {str(found.pk)}
    assert {event.by for event in events} == {hanna.pk}
    assert Due.objects.filter(event__in=events, reader="matching").count() == 2
    story = Event.objects.filter(subject_kind="hosting.import").order_by("id")
    assert [one.code for one in story] == [
        "received",
        "became_checked",
        "became_accepted",
        "became_committed",
    ]


def test_every_error_has_its_line_and_column_and_nothing_is_written(steppe, hall):
    found = receive(
        steppe,
        offers_csv(
            {},
            {"title": "A", "energy_price": "0,065", "site": "Nowhere"},
            {"title": ""},
            {"title": "B", "starts_on": "01.02.2027", "uptime": "970"},
        ),
        is_wanted=True,
    )
    assert found.status == "refused"
    assert set(told(found)) == {
        (3, "energy_price"),
        (3, "site"),
        (4, "title"),
        (5, "starts_on"),
        (5, "uptime"),
    }
    assert found.error_count == 5
    assert not Offer.objects.exists()


def test_a_line_is_counted_where_it_begins_in_the_file(steppe, hall):
    text = offers_csv({"uptime_remedy": "two\nlines"}, {"title": "Bad", "uptime": "x"})
    assert told(receive(steppe, text)) == [(4, "uptime")]


def test_the_same_title_twice_at_one_site_is_refused(steppe, hanna, hall):
    assert told(receive(steppe, offers_csv({}, {"title": "WINTER power"}))) == [(3, "title")]
    receive(steppe, offers_csv({}), is_wanted=True)
    assert told(receive(steppe, offers_csv({}))) == [(2, "title")]


def test_a_site_is_named_by_its_id_too_and_only_ones_own(steppe, hall):
    theirs = factories.site(name="Theirs")
    assert receive(steppe, offers_csv({"site": str(hall.pk).upper()})).status == "checked"
    for named in ("Theirs", str(theirs.pk)):
        assert told(receive(steppe, offers_csv({"site": named}))) == [(2, "site")]


def test_an_import_is_written_once(steppe, hanna, hall):
    found = receive(steppe, offers_csv({}))
    imports.commit(found=found, by=hanna, now=NOW)
    with pytest.raises(imports.NotChecked):
        imports.commit(found=found, by=hanna, now=NOW)
    assert Offer.objects.count() == 1


def test_what_was_right_when_tried_is_checked_again_when_written(steppe, hanna, hall):
    found = receive(steppe, offers_csv({}))
    offers.draft(site=hall, title="Winter power", by=hanna, now=NOW)
    imports.commit(found=found, by=hanna, now=NOW)
    assert (found.status, told(found)) == ("refused", [(2, "title")])
    assert Offer.objects.count() == 1


def test_a_stale_version_is_refused(steppe, hanna, hall):
    found = receive(steppe, offers_csv({}))
    with pytest.raises(lifecycle.Stale):
        imports.commit(found=found, by=hanna, now=NOW, version=found.version - 1)


def test_a_large_file_waits_for_the_worker_and_shows_how_far_it_is(steppe, hanna, hall, monkeypatch):
    rows = [{"title": f"Offer {number}"} for number in range(imports.AT_ONCE + 1)]
    found = receive(steppe, offers_csv(*rows), is_wanted=True)
    assert (found.status, imports.done_rows(found)) == ("waiting", 0)
    heard = []
    monkeypatch.setattr(imports.cache, "set", lambda key, rows, timeout: heard.append(rows))
    assert imports.run_due(now=NOW) == 1
    found.refresh_from_db()
    assert found.status == "committed"
    assert heard[:3] == [100, 200, 300]
    assert imports.done_rows(found) == Offer.objects.count() == imports.AT_ONCE + 1
    assert imports.run_due(now=NOW) == 0


def test_ten_thousand_rows_take_few_statements_and_one_more_is_refused(
    steppe, hanna, hall, django_assert_max_num_queries
):
    rows = [{"title": f"Offer {number}"} for number in range(10_000)]
    found = receive(steppe, offers_csv(*rows), is_wanted=True)
    with django_assert_max_num_queries(1000):
        imports.run_due(now=NOW)
    found.refresh_from_db()
    assert (found.status, Offer.objects.count()) == ("committed", 10_000)
    too_many = receive(steppe, offers_csv(*rows, {"title": "One more"}))
    imports.run_due(now=NOW)
    too_many.refresh_from_db()
    assert told(too_many) == [(10_002, "")]


def test_the_work_of_a_worker_that_died_is_done_again(steppe, hall):
    rows = [{"title": f"Offer {number}"} for number in range(imports.AT_ONCE + 1)]
    found = receive(steppe, offers_csv(*rows))
    Import.objects.filter(pk=found.pk).update(claimed_until=NOW + imports.LEASE)
    assert imports.run_due(now=NOW) == 0
    assert imports.run_due(now=NOW + imports.LEASE) == 1


def test_when_writing_fails_nothing_of_it_stays(steppe, hanna, hall, monkeypatch):
    found = receive(steppe, offers_csv({}, {"title": "Second"}))

    def broken(**_given):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(importwriting.events, "record_many", broken)
    with pytest.raises(RuntimeError):
        imports.commit(found=found, by=hanna, now=NOW)
    found.refresh_from_db()
    assert (found.status, Offer.objects.count()) == ("accepted", 0)


def test_only_a_host_imports_offers_and_only_kinds_there_are(red_river, steppe):
    with pytest.raises(sites.NotAHost):
        receive(red_river, offers_csv({}))
    for kind, format in (("sites", "csv"), ("offers", "pyasic")):
        with pytest.raises(Invalid):
            receive(steppe, "x", kind=kind, format=format)


def test_files_that_nobody_wrote_are_forgotten_after_a_week(steppe, hall):
    receive(steppe, offers_csv({}))
    kept = receive(steppe, offers_csv({}), is_wanted=True)
    assert imports.forget(now=NOW + timedelta(days=7)) == 0
    assert imports.forget(now=NOW + timedelta(days=8)) == 1
    assert list(Import.objects.values_list("pk", flat=True)) == [kept.pk]


def test_the_row_of_the_tests_names_every_column_that_is_required():
    assert set(imports.importrows.REQUIRED) <= set(OFFER)
