"""Find a hotel: a need in, ranked and explained hotels out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.web.reading import text


def test_the_bare_page_answers_an_example_at_once(stranger, karaganda):
    answer = stranger.get("/find/")
    assert answer.status_code == 200
    assert "1 of 1 hotels fits" in text(answer)
    assert "An example" in text(answer)


def test_a_hotel_that_fits_is_shown_with_price_score_start_and_law(ask, karaganda):
    page = text(ask())
    assert f'href="/hotels/{karaganda.pk}/">Steppe Hall 2</a>' in page
    assert "0.0600" in page
    assert "from 31 Jan 2027" in page
    assert "legal, licensed" in page
    assert "The Gazette" in page
    assert "<b>5.0 MW</b> of 5.0 MW free today" in page
    assert "An example" not in page


def test_every_condition_is_ticked_off_and_every_component_listed(ask, karaganda):
    page = text(ask())
    assert page.count("✓") == 18
    assert '<td>Energy</td><td class="num">0.060000</td>' in page
    assert '<td>Setup</td><td class="num">0.000000</td>' in page
    assert "Effective price" in page


def test_the_bars_say_in_words_what_they_draw(ask, karaganda):
    assert 'aria-label="Price: energy 0.0600"' in text(ask())


def test_the_price_bar_ends_at_the_ceiling(ask, karaganda):
    assert '<rect class="seg s1" x="0.00%" width="75.00%"' in text(ask())


def test_the_better_hotel_stands_first(ask, karaganda):
    cheaper = factories.offer(karaganda.site, terms={"energy_price": Decimal("0.04")}, title="Cheap")
    page = text(ask())
    assert page.index(str(cheaper.pk)) < page.index(str(karaganda.pk))


def test_a_near_miss_stands_beneath_with_its_cure(ask, karaganda):
    page = text(ask(max_price_usd="0.0500"))
    assert "0 of 1 hotels fit" in page
    assert "Would fit, but for one thing" in page
    assert "Raise your ceiling by 0.0100 USD/kWh, to 0.0600 USD/kWh." in page


def test_when_little_fits_the_page_says_what_keeps_hotels_out(ask, karaganda):
    page = text(ask(max_price_usd="0.0500", need_kw="9000"))
    assert "What keeps hotels out" in page
    assert "Raise the highest price." in page
    assert "Ask for less power, or start later." in page


def test_an_empty_market_is_called_empty(ask, db):
    assert "There is no hotel on the market yet." in text(ask())


def test_mw_and_kw_are_the_same_need(ask, karaganda):
    assert "3.5 MW" in text(ask(need_kw="3.5", unit="MW"))
    assert ask(need_kw="0.0005", unit="MW").status_code == 400


def test_a_fleet_is_measured_from_the_catalogue(ask, karaganda):
    machine = factories.machine(maker="Bitmain", model="S21", hashrate_th_s=Decimal(200), power_w=3500)
    page = text(ask(by="fleet", machine=[str(machine.pk)], quantity=["300"], drop=("need_kw",)))
    assert "1.05 MW · 17.5 J/TH · 12 months" in page
    assert f'<option value="{machine.pk}" selected>S21 · 17.5' in page


def test_a_fleet_of_several_lines_is_one_need(ask, karaganda):
    new = factories.machine(hashrate_th_s=Decimal(200), power_w=3000)
    old = factories.machine(hashrate_th_s=Decimal(100), power_w=3000)
    lines = {"machine": [str(new.pk), "", str(old.pk)], "quantity": ["100", "", "100"]}
    assert "600 kW · 20 J/TH" in text(ask(by="fleet", **lines))


def test_only_machines_that_mine_bitcoin_can_be_chosen(ask, db):
    factories.machine(model="L9", algorithm="Scrypt")
    assert "L9" not in text(ask())


def test_what_was_typed_for_the_other_way_of_asking_is_kept(ask, karaganda):
    machine = factories.machine()
    page = text(ask(machine=[str(machine.pk)], quantity=["5"]))
    assert 'name="quantity" value="5"' in page
    assert "1.0 MW" in page


def test_every_field_of_a_need_can_be_asked(ask, karaganda):
    changes = {
        "origin": "CN",
        "max_deposit_months": "3",
        "min_uptime": "95",
        "max_curtailment": "10",
        "min_renewable": "0",
        "cooling": ["air"],
        "price_models": ["all_in", "tiered"],
        "allowed_jurisdictions": ["KZ"],
        "excluded_jurisdictions": ["RU"],
        "min_legal_status": "legal_licensed",
        "min_predictability": "1",
        "min_evidence": "claimed",
        "licence": ["kz-digital-mining-2"],
        "licence_from": ["2026-01-01"],
        "licence_until": ["2028-12-31"],
        "weight_price": "100",
        "weight_start": "0",
    }
    factories.fact("KZ", "predictability", "3")
    answer = ask(**changes)
    assert answer.status_code == 200
    assert "1 of 1 hotels fits" in text(answer)


@pytest.mark.parametrize("origin", ["CN", "CN-SC"])
def test_where_the_machines_are_stays_chosen(ask, karaganda, origin):
    answer = ask(origin=origin)
    assert answer.status_code == 200
    assert f'<option value="{origin}" selected>' in text(answer)


def test_the_last_day_of_a_licence_is_one_it_still_holds(ask, karaganda):
    factories.rule("KZ", "require_licence", subject="miner", licence_type="kz-2")
    one_day = {"earliest_start": "2027-01-31", "latest_start": "2027-01-31", "licence": ["kz-2"]}
    held = {**one_day, "licence_from": ["2026-01-01"]}
    assert "1 of 1 hotels fits" in text(ask(**held, licence_until=["2027-01-31"]))
    assert "0 of 1 hotels fit" in text(ask(**held, licence_until=["2027-01-30"]))


def test_the_weights_change_the_score(ask, karaganda):
    by_price = {f"weight_{part}": "0" for part in ("regulation", "start", "trust", "uptime", "energy")}
    page = text(ask(**by_price, weight_price="1"))
    assert ">25.00 <small>of 100" in page


def test_a_hotel_that_is_asked_about_says_why_it_does_not_fit(ask, karaganda):
    page = text(ask(offer=str(karaganda.pk), need_kw="9000", max_price_usd="0.05"))
    assert "Steppe Hall 2 does not fit, for 2 reasons" in page


def test_a_hotel_that_is_asked_about_and_fits_says_so(ask, karaganda):
    assert "Steppe Hall 2 fits, with a score of" in text(ask(offer=str(karaganda.pk)))


def test_a_hotel_asked_about_that_no_longer_holds_is_named_as_such(ask, karaganda):
    over = factories.offer(factories.site(name="Old Hall"), terms={"valid_until": date(2027, 1, 10)})
    assert "Old Hall</h2>" in text(ask(offer=str(over.pk)))
    assert "not on the market today" in text(ask(offer=str(over.pk)))


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_nobody_else_can_ask_about_a_hotel_that_is_not_published(ask, as_mallory, status):
    hidden = factories.offer(factories.site(name="Hidden Hall"), status=status)
    for client in (None, as_mallory):
        answer = ask(client=client, offer=str(hidden.pk))
        assert answer.status_code == 404
        assert "Hidden Hall" not in text(answer)


def test_its_own_host_can_ask_about_a_draft(ask, hanna, steppe, client):
    client.force_login(hanna)
    draft = factories.offer(factories.site(steppe, name="Draft Hall"), status="draft")
    assert "Draft Hall</h2>" in text(ask(client=client, offer=str(draft.pk)))


@pytest.mark.parametrize("asked", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_asking_about_a_hotel_that_is_not_there_is_404(ask, db, asked):
    assert ask(offer=asked).status_code == 404


def test_neither_address_nor_legal_name_is_shown(ask, as_mallory, karaganda):
    for client in (None, as_mallory):
        page = text(ask(client=client, offer=str(karaganda.pk)))
        assert "Secret Street" not in page
        assert "Steppe Power LLP" not in page


def test_more_hotels_do_not_mean_more_queries(ask, steppe):
    site = factories.site(steppe)
    for _number in range(3):
        factories.offer(site, phases=[(1000, factories.TODAY, None)])
    ask()
    with CaptureQueriesContext(
        connection,
    ) as few:
        ask()
    for number in range(15):
        place = "NO" if number % 2 else "KZ"
        factories.offer(factories.site(code=place), phases=[(2000, factories.TODAY, None)])
    with CaptureQueriesContext(connection) as many:
        ask()
    assert len(many) == len(few)


def test_a_warning_is_dated(ask, karaganda):
    factories.rule(
        "KZ", "allow", valid_from=factories.TODAY + timedelta(days=200), title="A new code of mining"
    )
    assert "A new code of mining" in text(ask())
