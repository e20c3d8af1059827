"""A host's view of requests: what fits, what would, and that no secret of a miner stands anywhere."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hosting.models import Interest
from hosting.services import matchruns
from tests import factories
from tests.web.minerpages import Browser
from tests.web.reading import text

pytestmark = pytest.mark.django_db
LIST = "/host/requests/"


@pytest.fixture
def as_hanna(hanna, steppe):
    return Browser(hanna, "steppe-power")


@pytest.fixture
def secretive(red_river):
    """An anonymous request with figures that stand nowhere else."""
    return factories.request(
        red_river,
        is_anonymous=True,
        max_price_usd="0.079317",
        max_deposit_months="43",
        weights={"price": 87, "trust": 13},
    )


def page_of(browser, request):
    return text(browser.get(f"{LIST}{request.pk}/"))


def say(browser, request, offer, mark="interested"):
    return browser.post(f"{LIST}{request.pk}/offers/{offer.pk}/", {"mark": mark})


def test_a_request_that_fits_stands_with_who_asks_and_the_offers(as_hanna, karaganda, red_river):
    request = factories.request(red_river)
    page = text(as_hanna.get(LIST))
    assert "1 of 1 open requests fits" in page
    assert f'href="{LIST}{request.pk}/">1.0 MW from 31 Jan 2027' in page
    assert "red-river" in page
    assert "Steppe Hall 2" in page


@pytest.mark.parametrize("address", [LIST, "one"])
def test_an_anonymous_request_has_no_name_and_no_secret(as_hanna, karaganda, secretive, address):
    page = text(as_hanna.get(LIST)) if address == LIST else page_of(as_hanna, secretive)
    assert "anonymous" in page
    for secret in (
        "red-river",
        "Red River",
        "0.0793",
        "79317",
        "43 months",
        "price 87",
        "Weights",
        "ceiling",
        "Score",
    ):
        assert secret not in page, secret


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"energy_price": Decimal("0.099999")}, "Your price lies above what it would pay."),
        ({"deposit_months": 48}, "Your deposit lies above what it accepts."),
    ],
)
def test_a_ceiling_that_is_missed_is_named_without_its_figure(as_hanna, steppe, secretive, terms, sentence):
    factories.fact("KZ", "legal_status", "legal_licensed")
    factories.offer(factories.site(steppe), terms=terms)
    page = page_of(as_hanna, secretive)
    assert sentence in page
    for secret in ("0.0793", "79317", "43 months"):
        assert secret not in page


def test_near_misses_are_summed_in_words(as_hanna, steppe):
    factories.fact("KZ", "legal_status", "legal_licensed")
    factories.offer(
        factories.site(steppe, name="Big Hall"),
        terms={"min_kw": 5000},
        phases=[(9000, factories.TODAY, None)],
    )
    for need_kw in (1000, 2000, 2500):
        factories.request(need_kw=need_kw)
    page = text(as_hanna.get(LIST))
    assert "0 of 3 open requests fit" in page
    assert "<b>3 requests, 5.5 MW</b> would fit with a smallest order of 1.00 MW" in page


@pytest.mark.parametrize(("count", "is_shown"), [(2, False), (3, True)])
def test_dear_offers_learn_only_how_many_and_only_from_three_on(as_hanna, steppe, count, is_shown):
    factories.fact("KZ", "legal_status", "legal_licensed")
    factories.offer(factories.site(steppe), terms={"energy_price": Decimal("0.09")})
    for _ in range(count):
        factories.request(max_price_usd="0.079317")
    page = text(as_hanna.get(LIST))
    assert ("<b>3 requests</b> would fit at a lower price" in page) == is_shown
    assert "0.0793" not in page


def test_interest_is_said_seen_and_taken_back(as_hanna, karaganda, red_river, min_):
    request = factories.request(red_river)
    for _ in range(2):
        assert say(as_hanna, request, karaganda).status_code == 302
    assert Interest.objects.get().interested_at == factories.NOW
    assert "interested since 11 Jan 2027" in page_of(as_hanna, request)
    assert "you are interested" in text(as_hanna.get(LIST))
    assert "<b>steppe-power</b>" in text(Browser(min_, "red-river").get(f"/requests/{request.pk}/"))
    say(as_hanna, request, karaganda, "take_back")
    assert Interest.objects.get().interested_at is None


def test_interest_in_what_does_not_fit_is_refused(as_hanna, karaganda, red_river):
    request = factories.request(red_river, need_kw=9000)
    assert "We are interested" not in page_of(as_hanna, request)
    assert say(as_hanna, request, karaganda).status_code == 409
    assert not Interest.objects.exists()


def test_nobody_is_interested_with_somebody_elses_offer(as_hanna, red_river):
    factories.fact("KZ", "legal_status", "legal_licensed")
    request, theirs = factories.request(red_river), factories.offer()
    assert say(as_hanna, request, theirs).status_code == 404


@pytest.mark.parametrize("mark", ["", "shortlist", "unlist"])
def test_a_mark_that_is_not_the_hosts_is_not_there(as_hanna, karaganda, red_river, mark):
    assert say(as_hanna, factories.request(red_river), karaganda, mark).status_code == 404


def test_a_draft_or_ones_own_request_is_not_there(as_hanna, karaganda, red_river):
    draft = factories.request(red_river, status="draft")
    assert as_hanna.get(f"{LIST}{draft.pk}/").status_code == 404
    both = factories.user()
    own = factories.request(factories.organization("host", "miner", by=both, handle="both-sides"))
    assert Browser(both, "both-sides").get(f"{LIST}{own.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "is_verified", "sentence"),
    [
        ("miner", True, "This organization is not registered as a host."),
        ("host", False, "Your organization is not verified yet"),
        ("host", True, "Publish an offer, and the requests that fit it stand here."),
    ],
)
def test_without_an_offer_the_page_says_what_to_do(kind, is_verified, sentence):
    person = factories.user()
    factories.organization(kind, by=person, is_verified=is_verified, handle="new-one")
    factories.request()
    assert sentence in text(Browser(person, "new-one").get(LIST))


def test_the_page_takes_the_same_number_of_queries_for_one_request_and_for_many(as_hanna, karaganda):
    def count():
        as_hanna.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            as_hanna.get(LIST)
        return len(queries)

    factories.request()
    few = count()
    for need_kw in (1000, 2000, 9000, 9500):
        factories.request(need_kw=need_kw)
    assert count() == few


def test_a_declined_request_leaves_the_list_and_comes_back(as_hanna, karaganda, red_river, min_):
    request = factories.request(red_river)
    matchruns.run(now=factories.NOW, clock=lambda: factories.NOW, trigger="test")
    answer = as_hanna.post(
        f"{LIST}{request.pk}/offers/{karaganda.pk}/", {"mark": "decline", "reason": "no <b>S9</b> here"}
    )
    assert answer.status_code == 302
    page = page_of(as_hanna, request)
    assert "declined by you" in page
    assert "no &lt;b&gt;S9&lt;/b&gt; here" in page
    listed = text(as_hanna.get(LIST))
    assert "Declined by you" in listed
    assert "Who" not in listed
    miners = text(Browser(min_, "red-river").get(f"/requests/{request.pk}/"))
    assert "declined by the host" in miners
    assert "no &lt;b&gt;S9&lt;/b&gt; here" in miners
    say(as_hanna, request, karaganda, "undo")
    assert not Interest.objects.get().declined_by
    assert "Declined by you" not in text(as_hanna.get(LIST))


@pytest.mark.parametrize(("reason", "sentence"), [("", "Say why"), ("far " * 200, "At most 500 characters")])
def test_a_host_says_why_it_declines(as_hanna, karaganda, red_river, reason, sentence):
    request = factories.request(red_river)
    answer = as_hanna.post(
        f"{LIST}{request.pk}/offers/{karaganda.pk}/", {"mark": "decline", "reason": reason}
    )
    assert answer.status_code == 400
    page = text(answer)
    assert sentence in page
    assert f'value="{reason}"' in page
    assert not Interest.objects.exists()


def test_what_the_miner_declined_the_host_can_only_read(as_hanna, karaganda, red_river, min_):
    request = factories.request(red_river)
    Browser(min_, "red-river").post(
        f"/requests/{request.pk}/hotels/{karaganda.pk}/", {"mark": "decline", "reason": "too far"}
    )
    page = page_of(as_hanna, request)
    assert "declined by the miner" in page
    assert "too far" not in page
    assert say(as_hanna, request, karaganda, "undo").status_code == 302
    assert Interest.objects.get().declined_by == "miner"
