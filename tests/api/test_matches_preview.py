"""POST matches/preview/: a need answered with every number and every reason; nothing is saved."""

import json
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from hosting.models import CapacityRequest, MatchList, MatchRun
from tests import factories
from tests.api.walking import API, is_problem

pytestmark = pytest.mark.django_db
PATH = f"{API}/matches/preview/"
NEED = factories.NEED


def ask(client, body=None, **query):
    answer = client.post(PATH, {**NEED, **(body or {})}, query_params=query or None)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_best_offer_comes_first_with_price_components_and_points(stranger):
    dear = factories.offer(terms={"energy_price": Decimal("0.07")})
    cheap = factories.offer(
        terms={"energy_price": Decimal("0.05"), "setup_fee_kw": Decimal("8.76"), "uptime": Decimal("100")}
    )
    answer = ask(stranger)
    assert (answer["as_of"], answer["run"]) == ("2027-01-11", None)
    assert [row["offer"] for row in answer["results"]] == [str(cheap.pk), str(dear.pk)]
    first = answer["results"][0]
    # 8.76 USD/kW over 730 h x 12 months at full load is a tenth of a cent.
    assert first["components"] == {
        "energy": "0.050000",
        "passthrough": "0.000000",
        "hosting_fee": "0.000000",
        "levy": "0.000000",
        "revenue_share": "0.000000",
        "setup": "0.001000",
    }
    assert first["effective_price_usd"] == "0.051000"
    assert (first["start"], first["offer_version"]) == (NEED["earliest_start"], cheap.version)
    assert [part["name"] for part in first["parts"]] == [
        *("price", "regulation", "start", "trust", "uptime", "energy")
    ]
    assert first["parts"][0] == {"name": "price", "weight": 40, "value": 3625, "points": 1450}
    assert sum(part["points"] for part in first["parts"]) == int(Decimal(first["score"]) * 100)


def test_a_stranger_may_preview_and_nothing_is_saved(stranger):
    factories.offer()
    assert len(ask(stranger)["results"]) == 1
    for model in (CapacityRequest, MatchRun, MatchList):
        assert not model.objects.exists()


def test_a_fleet_is_measured_from_the_catalogue(stranger):
    machine = factories.machine(power_w=3500, hashrate_th_s=Decimal("200"))
    factories.offer(terms={"max_j_per_th": Decimal("17.50"), "min_kw": 1050, "max_kw": 1050})
    body = {key: value for key, value in NEED.items() if not key.endswith(("_kw", "_th"))}
    answer = stranger.post(PATH, body | {"fleet": [{"machine": str(machine.pk), "quantity": 300}]})
    assert len(answer.json()["results"]) == 1, answer.content


def test_near_misses_come_when_asked_with_the_gate_its_reason_and_its_cure(stranger):
    offer = factories.offer(terms={"min_kw": 1120})
    assert "near_misses" not in ask(stranger)
    answer = ask(stranger, near="1")
    assert answer["results"] == []
    (miss,) = answer["near_misses"]
    assert (miss["offer"], miss["score"], miss["parts"]) == (str(offer.pk), None, [])
    assert miss["effective_price_usd"] == "0.060000"
    failed = [gate for gate in miss["gates"] if not gate["passed"]]
    assert [(gate["name"], gate["code"]) for gate in failed] == [("order_size", "below_minimum")]
    assert failed[0]["params"]["short_by_kw"] == 120
    assert "1.12" in failed[0]["reason"]
    assert miss["cure"]
    assert len(miss["gates"]) == 18
    assert all((gate["code"], gate["reason"]) == ("", "") for gate in miss["gates"] if gate["passed"])


def test_all_gates_of_any_one_offer_are_shown_when_asked(stranger):
    fits = factories.offer()
    fails = factories.offer(terms={"min_kw": 5000, "max_term_months": 6})
    asked = ask(stranger, offer=str(fits.pk))["asked"]
    assert (asked["offer"], {gate["passed"] for gate in asked["gates"]}) == (str(fits.pk), {True})
    assert asked["score"] is not None
    asked = ask(stranger, offer=str(fails.pk))["asked"]
    assert [gate["name"] for gate in asked["gates"] if not gate["passed"]] == ["order_size", "term"]
    assert asked["score"] is None


def test_the_answer_says_how_many_were_looked_at_and_what_excluded_them(stranger):
    factories.offer()
    factories.offer(terms={"min_kw": 5000, "max_term_months": 6})
    factories.offer(terms={"min_kw": 5000})
    answer = ask(stranger)
    assert (answer["looked_at"], answer["matched"]) == (3, 1)
    assert answer["excluded_by"] == {"order_size": 2, "term": 1}


def test_a_rule_that_begins_within_the_term_is_a_warning(stranger):
    on = factories.TODAY + timedelta(200)
    rule = factories.rule("KZ", "cap_kw", cap_kw=10, valid_from=on, title="A cap")
    factories.offer()
    (warning,) = ask(stranger)["results"][0]["warnings"]
    assert (warning["code"], warning["params"]["rule"]) == ("rule_begins_within_term", str(rule.pk))
    assert "A cap" in warning["text"]


def test_an_offer_that_is_not_mine_to_see_is_not_there(stranger, as_, mallory, steppe, hanna):
    draft = factories.offer(factories.site(steppe), status="draft")
    for client in (stranger, as_(mallory)):
        is_problem(client.post(f"{PATH}?offer={draft.pk}", NEED), 404, "not_found")
        is_problem(client.post(f"{PATH}?offer={uuid.uuid4()}", NEED), 404, "not_found")
    body = is_problem(
        as_(hanna).post(f"{PATH}?offer={draft.pk}", NEED, headers={"X-Organization": "steppe-power"}),
        409,
        "offer_not_live",
    )
    assert "not published" in body["detail"]


def test_an_expired_offer_says_that_it_is_not_matched(stranger):
    offer = factories.offer(terms={"valid_until": factories.TODAY})
    is_problem(stranger.post(f"{PATH}?offer={offer.pk}", NEED), 409, "offer_not_live")


@pytest.mark.parametrize("query", ["near=maybe", "offer=17", "limit=5"])
def test_a_parameter_that_means_nothing_is_refused_by_its_name(stranger, query):
    body = is_problem(stranger.post(f"{PATH}?{query}", NEED), 400)
    assert list(body["errors"]) == [query.partition("=")[0]]


FLEET_OF_NONE = [{"machine": str(uuid.UUID(int=1)), "quantity": 1}]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"need_kw": -1}, "need_kw"),
        ({"need_kw": 10**30}, "need_kw"),
        ({"need_kw": 1.5}, "need_kw"),
        ({"need_kw": True}, "need_kw"),
        ({"need_kw": "3,500"}, "need_kw"),
        ({"need_kw": "NaN"}, "need_kw"),
        ({"need_kw": "5 MW"}, "need_kw"),
        ({"need_kw": [1]}, "need_kw"),
        ({"need_kw": None}, "need_kw"),
        ({"need_kw": "9" * 38}, "need_kw"),
        ({"need_kw": {}}, "need_kw"),
        ({"max_price_usd": "9" * 38}, "max_price_usd"),
        ({"max_price_usd": 0}, "max_price_usd"),
        ({"max_price_usd": "0.0000001"}, "max_price_usd"),
        ({"min_uptime": "100.01"}, "min_uptime"),
        ({"min_uptime": "9" * 36}, "min_uptime"),
        ({"latest_start": "2027-01-01"}, "latest_start"),
        ({"latest_start": "2020-01-01", "earliest_start": "2019-01-01"}, "latest_start"),
        ({"earliest_start": "tomorrow"}, "earliest_start"),
        ({"earliest_start": 20270101}, "earliest_start"),
        ({"latest_start": "9999-12-31"}, "latest_start"),
        ({"term_months": 0}, "term_months"),
        (
            {"weights": dict.fromkeys(("price", "regulation", "start", "trust", "uptime", "energy"), 0)},
            "weights",
        ),
        ({"weights": {"luck": 1}}, "weights.luck"),
        ({"weights": [1]}, "weights"),
        ({"allowed_jurisdictions": ["XX"]}, "allowed_jurisdictions"),
        ({"allowed_jurisdictions": [7]}, "allowed_jurisdictions"),
        ({"allowed_jurisdictions": ["KZ"], "excluded_jurisdictions": ["KZ"]}, "excluded_jurisdictions"),
        ({"origin": {"code": "CN"}}, "origin"),
        ({"cooling": ["water"]}, "cooling"),
        ({"cooling": [["air"]]}, "cooling"),
        ({"min_legal_status": "fine"}, "min_legal_status"),
        ({"min_legal_status": ["banned"]}, "min_legal_status"),
        ({"min_predictability": 6}, "min_predictability"),
        (
            {"licences": [{"type": "a", "valid_from": "2027-01-02", "valid_to": "2027-01-01"}]},
            "licences.0.valid_to",
        ),
        ({"licences": ["a"]}, "licences.0.type"),
        ({"anonymous": True}, "anonymous"),
        (
            {"need_kw": None, "efficiency_j_th": None, "worst_j_th": None, "fleet": FLEET_OF_NONE},
            "fleet.0.machine",
        ),
        ({"need_kw": None, "efficiency_j_th": None, "worst_j_th": None, "fleet": []}, "need_kw"),
    ],
)
def test_a_need_that_cant_be_is_refused_beside_its_field(stranger, change, field):
    answer = stranger.post(PATH, {**NEED, **change})
    body = is_problem(answer, 400, "invalid")
    assert list(body["errors"]) == [field]


def test_all_that_is_wrong_is_said_at_once(stranger):
    body = is_problem(stranger.post(PATH, {"need_kw": -1, "colour": "red"}), 400)
    assert set(body["errors"]) == {
        *("need_kw", "colour", "earliest_start", "latest_start", "term_months", "max_price_usd")
    }


def test_a_scrypt_machine_mines_no_bitcoin(stranger):
    machine = factories.machine(algorithm="Scrypt")
    body = {key: value for key, value in NEED.items() if not key.endswith(("_kw", "_th"))}
    answer = stranger.post(PATH, body | {"fleet": [{"machine": str(machine.pk), "quantity": 1}]})
    assert "SHA-256" in is_problem(answer, 400)["errors"]["fleet.0.machine"][0]


def send(client, content, content_type="application/json"):
    return client.generic("POST", PATH, content, content_type=content_type)


def test_numbers_are_read_exactly_as_written(stranger):
    factories.offer(terms={"energy_price": Decimal("0.070001")})
    text = json.dumps({key: value for key, value in NEED.items() if key != "max_price_usd"})[:-1]
    # 0.070001 as a binary float is a little less than itself.
    for written, fits in (("0.070001", 1), ("0.070000", 0), ("7.0001e-2", 1), ('"0.070001"', 1)):
        answer = send(stranger, f'{text}, "max_price_usd": {written}}}')
        assert len(answer.json()["results"]) == fits, (written, answer.content)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"need_kw=5",
        b'{"need_kw": NaN}',
        b'{"need_kw": Infinity}',
        b'{"need_kw": -Infinity}',
        b'{"need_kw": 1e999999999}',
        b'{"need_kw": ' + b"9" * 5000 + b"}",
        b'{"need_kw": 1, "need_kw": 2}',
        b'{"origin": "\\ud800"}',
        b'{"allowed_jurisdictions": ["K\\u0000Z"]}',
        b"\xff\xfe{}",
        b"[" * 50_000,
    ],
)
def test_what_is_no_json_is_refused(stranger, content):
    is_problem(send(stranger, content), 400, "parse_error")


@pytest.mark.parametrize("content", [b"[]", b"1", b'"need"', b"null", b"true"])
def test_json_that_is_no_object_is_refused(stranger, content):
    assert list(is_problem(send(stranger, content), 400)["errors"]) == ["body"]


def test_a_huge_body_is_refused_before_it_is_read(stranger):
    content = b'{"origin": "' + b"x" * 300_000 + b'"}'
    is_problem(send(stranger, content), 413, "too_large")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "text/csv"])
def test_another_kind_of_body_is_refused(stranger, content_type):
    is_problem(send(stranger, b"need_kw=5", content_type), 415, "unsupported_media_type")


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_a_preview_is_only_posted(stranger, method):
    is_problem(getattr(stranger, method)(PATH), 405, "method_not_allowed")


def test_thirty_offers_take_as_many_queries_as_three(stranger, django_assert_max_num_queries):
    for _number in range(3):
        factories.offer()
    with django_assert_max_num_queries(16) as few:
        ask(stranger, near="1")
    for _number in range(27):
        factories.offer()
    with django_assert_max_num_queries(16) as many:
        assert ask(stranger, near="1")["matched"] == 30
    assert len(few) == len(many)
