"""What a host is told of open requests: the fits, near misses in sum, and none of the miners' secrets."""

from decimal import Decimal

import pytest

from hosting.matching.gates import GATES
from hosting.matching.reasons import CODES, GateResult
from hosting.models import Interest
from hosting.services import fitting, fittingwords, interests
from hosting.services.fitting import NearMisses
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _law(db):
    factories.fact("KZ", "legal_status", "legal_licensed")


@pytest.fixture
def hall(steppe):
    return factories.site(steppe, name="Steppe Hall 2")


def seen(host):
    return fitting.for_host(host=host, now=NOW)


def fitting_ids(host):
    return [fit.request.pk for fit in seen(host).fits]


def test_the_better_fit_stands_first(steppe, hall):
    factories.offer(hall, terms={"energy_price": Decimal("0.06")})
    tight, roomy = factories.request(max_price_usd="0.061"), factories.request(max_price_usd="0.09")
    assert fitting_ids(steppe) == [roomy.pk, tight.pk]


def test_only_open_requests_of_others_are_looked_at(steppe, hall, hanna):
    factories.offer(hall)
    both = factories.organization("host", "miner")
    factories.offer(factories.site(both))
    own, draft, other = factories.request(both), factories.request(status="draft"), factories.request()
    assert fitting_ids(both) == [other.pk]
    assert set(fitting_ids(steppe)) == {own.pk, other.pk}
    assert draft.pk not in fitting_ids(steppe)


def test_an_offer_that_is_not_on_the_market_fits_nothing(steppe, hall):
    factories.offer(hall, status="in_review")
    factories.request()
    found = seen(steppe)
    assert (found.offers, found.fits, found.near, found.looked_at) == ({}, [], [], 0)


def test_the_matches_of_a_fit_are_the_hosts_own_offers_only(steppe, hall):
    mine = factories.offer(hall)
    factories.offer()
    factories.request()
    assert [fit.offer_ids for fit in seen(steppe).fits] == [(mine.pk,)]


def test_near_misses_by_size_are_summed_with_the_minimum_that_lets_all_in(steppe, hall):
    offer = factories.offer(hall, terms={"min_kw": 500})
    for need_kw in (100, 250, 400):
        factories.request(need_kw=need_kw)
    (near,) = seen(steppe).near
    assert near == NearMisses((offer.pk,), "order_size", "below_minimum", 3, 750, 100)
    assert fittingwords.cure(near) == "with a smallest order of 100 kW"


def test_a_request_that_fits_one_offer_is_no_near_miss_of_another(steppe, hall):
    factories.offer(hall)
    factories.offer(hall, terms={"min_kw": 5000})
    factories.request()
    found = seen(steppe)
    assert (len(found.fits), found.near) == (1, [])


def test_offers_that_miss_the_same_requests_for_the_same_reason_share_a_line(steppe, hall):
    offers = {factories.offer(hall, terms={"min_kw": 500}).pk for _ in range(2)}
    factories.request(need_kw=100)
    (near,) = seen(steppe).near
    assert (set(near.offers), near.requests) == (offers, 1)


@pytest.mark.parametrize(
    ("terms", "need"),
    [
        ({"energy_price": Decimal("0.09")}, {"max_price_usd": "0.08"}),
        ({"deposit_months": 6}, {"max_deposit_months": "1"}),
    ],
)
@pytest.mark.parametrize("count", [2, 3])
def test_price_and_deposit_are_only_counted_and_only_from_three_on(steppe, hall, terms, need, count):
    factories.offer(hall, terms=terms)
    for _ in range(count):
        factories.request(**need)
    near = seen(steppe).near
    assert [(one.requests, one.bound, one.is_secret) for one in near] == ([(3, None, True)] * (count // 3))


@pytest.mark.parametrize(
    ("terms", "needs", "gate", "bound"),
    [
        ({"max_kw": 900}, [{"need_kw": 1000}, {"need_kw": 1200}], "order_size", 1200),
        ({"min_term_months": 24}, [{"term_months": 6}, {"term_months": 12}], "term", 6),
        ({"max_j_per_th": 20}, [{"worst_j_th": "22"}, {"worst_j_th": "30"}], "machine_age", 3000),
        ({}, [{"cooling": ["hydro"]}, {"cooling": ["immersion"]}], "cooling", ["hydro", "immersion"]),
        ({}, [{"min_uptime": "98"}, {"min_uptime": "99.5"}], "uptime", 9950),
        ({"curtailment": 9}, [{"max_curtailment": "5"}, {"max_curtailment": "2"}], "curtailment", 200),
        ({}, [{"min_renewable": "40"}, {"min_renewable": "80"}], "renewable", 8000),
        ({}, [{"min_evidence": "documented"}, {"min_evidence": "verified"}], "evidence", "verified"),
        ({}, [{"need_kw": 6000}, {"need_kw": 9000}], "capacity", 4000),
    ],
)
def test_each_gate_has_the_bound_that_lets_all_of_them_in(steppe, hall, terms, needs, gate, bound):
    factories.offer(hall, terms=terms)
    for need in needs:
        factories.request(**need)
    (near,) = seen(steppe).near
    assert (near.gate, near.requests, near.bound) == (gate, 2, bound)
    assert fittingwords.cure(near)


def test_beyond_the_most_the_newest_are_looked_at_and_the_answer_says_so(steppe, hall, monkeypatch):
    factories.offer(hall)
    for _ in range(3):
        factories.request()
    monkeypatch.setattr(fitting, "MOST_REQUESTS", 2)
    found = seen(steppe)
    assert (found.looked_at, found.is_cut, len(found.fits)) == (2, True, 2)
    monkeypatch.setattr(fitting, "MOST_REQUESTS", 3)
    assert not seen(steppe).is_cut


def test_interest_is_said_once_for_a_pair_that_fits(steppe, hall, hanna):
    offer, request = factories.offer(hall), factories.request()
    for _ in range(2):
        fitting.say_interested(request=request, offer=offer, by=hanna, now=NOW)
    assert Interest.objects.get().interested_at == NOW
    interests.take_back(request=request, offer=offer, by=hanna, now=NOW)
    assert Interest.objects.get().interested_at is None


def test_interest_in_a_request_that_does_not_fit_is_refused(hall, hanna):
    offer, request = factories.offer(hall, terms={"min_kw": 5000}), factories.request()
    with pytest.raises(fitting.DoesNotFit):
        fitting.say_interested(request=request, offer=offer, by=hanna, now=NOW)
    assert not Interest.objects.exists()


def test_the_page_of_a_host_takes_the_same_number_of_queries_for_one_request_and_for_many(
    steppe, hall, django_assert_num_queries
):
    factories.offer(hall)
    factories.request()
    with django_assert_num_queries(17):
        seen(steppe)
    factories.offer(hall, terms={"min_kw": 5000})
    for _ in range(6):
        factories.request()
    with django_assert_num_queries(17):
        seen(steppe)


# Values that a sentence could show; those of the miner's secrets are told apart from all others.
PARAMS = {
    "need_kw": 1000,
    "min_kw": 2000,
    "max_kw": 500,
    "free_kw": 700,
    "short_by_kw": 300,
    "days_later": 12,
    "term_months": 12,
    "min_term_months": 24,
    "max_term_months": 6,
    "accepted": ["hydro"],
    "value": "air",
    "worst_j_th": 2200,
    "max_j_per_th": 2000,
    "min_uptime_bp": 9900,
    "uptime_bp": 9700,
    "min_renewable_bp": 5000,
    "renewable_bp": 1000,
    "max_curtailment_bp": 200,
    "curtailment_bp": 900,
    "minimum": "verified",
    "titles": ["A rule"],
    "rules": ["1"],
    "field": "pue_e4",
    "code": "KZ",
    "currency": "KZT",
    "price_micros": 8_765_432,
    "max_price_micros": 7_654_321,
    "over_by_micros": 1_111_111,
    "deposit_months": 87,
    "max_deposit_months": 76,
    "over_by_months": 11,
}


@pytest.mark.parametrize(("gate", "code"), [(gate, code) for gate in GATES for code in CODES[gate]])
def test_every_reason_has_words_for_a_host_that_name_no_ceiling(gate, code):
    sentence = fittingwords.sentence(GateResult(gate, False, code, dict(PARAMS)))
    assert sentence
    assert "%(" not in sentence
    for secret in ("7.65", "8.76", "1.11", "87", "76"):
        assert secret not in sentence
    bound = fitting.bound(gate, code, [dict(PARAMS)])
    assert fittingwords.cure(NearMisses((), gate, code, 3, 3000, bound))
    if gate in fitting.SECRET_GATES:
        assert bound is None
        assert not any(letter.isdigit() for letter in sentence)
