"""The live list: what htmx asks for and gets."""

from urllib.parse import parse_qs, urlsplit

from django.test import Client

from tests import factories
from tests.web.reading import text


def test_a_live_answer_is_the_list_alone(ask, karaganda):
    answer = ask(htmx=True)
    assert answer.status_code == 200
    assert text(answer).startswith('<section id="results"')
    assert "Steppe Hall 2" in text(answer)


def test_the_answer_varies_with_who_asks_for_it(ask, karaganda):
    assert "HX-Request" in ask()["Vary"]
    assert "HX-Request" in ask(htmx=True)["Vary"]


def test_the_address_carries_the_whole_need_and_nothing_empty(ask, karaganda):
    answer = ask(
        htmx=True, min_uptime="", cooling=["air", "hydro"], weight_price="41", offer=str(karaganda.pk)
    )
    query = parse_qs(urlsplit(answer["HX-Push-Url"]).query, keep_blank_values=True)
    assert query["need_kw"] == ["1000"]
    assert query["cooling"] == ["air", "hydro"]
    assert query["weight_price"] == ["41"]
    assert query["offer"] == [str(karaganda.pk)]
    assert "min_uptime" not in query
    assert "weight_start" not in query


def test_the_address_of_an_answer_gives_the_same_answer(ask, karaganda, stranger):
    machine = factories.machine()
    live = ask(
        htmx=True, by="fleet", machine=["", str(machine.pk)], quantity=["", "300"], max_deposit_months="2"
    )
    again = stranger.get(live["HX-Push-Url"])
    assert again.status_code == 200
    assert text(live)[: text(live).index("</ol>")] in text(again)


def test_a_fleet_still_being_listed_is_not_called_wrong(ask, karaganda):
    machine = factories.machine()
    assert "Which machines?" in text(ask(htmx=True, by="fleet"))
    assert ask(htmx=True, by="fleet", machine=[str(machine.pk)], quantity=[""]).status_code == 200


def test_a_half_line_beside_a_whole_one_waits(ask, karaganda):
    whole, half = factories.machine(), factories.machine()
    lines = {"machine": [str(whole.pk), str(half.pk)], "quantity": ["100", ""]}
    assert "350 kW" in text(ask(htmx=True, by="fleet", **lines))
    assert ask(by="fleet", **lines).status_code == 400


def test_the_button_asks_for_everything_to_be_right(ask, karaganda):
    assert ask(htmx=True, by="fleet", show="1").status_code == 400


def test_a_line_can_be_added_with_and_without_scripts(ask, karaganda):
    machine = factories.machine()
    fleet = {"by": "fleet", "machine": [str(machine.pk), "", ""], "quantity": ["5", "", ""], "add_line": "1"}
    page, live = text(ask(**fleet)), text(ask(htmx=True, **fleet))
    for answer in (page, live):
        assert 'id="f-machine-3"' in answer
        assert 'name="quantity" value="5"' in answer
    assert page.startswith("<!doctype html>")
    assert not live.startswith("<!doctype html>")


def test_errors_are_swapped_beside_the_fields_and_go_again(ask, karaganda):
    wrong, right = text(ask(htmx=True, need_kw="-1")), text(ask(htmx=True))
    assert '<p class="error" id="e-need_kw" hx-swap-oob="true">It must be at least 1.</p>' in wrong
    assert '<p class="error" id="e-need_kw" hx-swap-oob="true"></p>' in right


def test_going_back_gets_the_whole_page(db, karaganda):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert text(Client().get("/find/?need_kw=1000", headers=headers)).startswith("<!doctype html>")
