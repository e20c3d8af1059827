"""Keyset pages: equal values are walked once each, empty ones come last, and bad cursors are refused."""

import base64
import json
from decimal import Decimal

import pytest

from accounts.services import pages
from accounts.services.errors import Invalid
from accounts.services.pages import Order
from hosting.models import MachineModel
from tests import factories

pytestmark = pytest.mark.django_db
BY_WEIGHT = Order("weight", "weight_kg")
HEAVIEST_FIRST = Order("-weight", "weight_kg", descending=True)


def machines(weights):
    return MachineModel.objects.bulk_create(
        MachineModel(
            maker="Maker",
            model=f"M{number}",
            algorithm="SHA-256",
            hashrate_th_s=Decimal(100),
            power_w=3000,
            efficiency_j_th=Decimal(30),
            cooling="air",
            weight_kg=weight,
            source="test",
            confidence="high",
            updated_at=factories.NOW,
        )
        for number, weight in enumerate(weights)
    )


def walked(order, size):
    """The rows of all pages forwards, the pages themselves, and the last page."""
    page = pages.page(MachineModel.objects.all(), order=order, size=size)
    found = [page]
    while page.next:
        page = pages.page(MachineModel.objects.all(), order=order, cursor=page.next, size=size)
        found.append(page)
    return found


def test_three_thousand_equal_values_are_walked_once_each():
    machines([Decimal(14)] * 3000)
    rows = [row.pk for page in walked(BY_WEIGHT, 100) for row in page.rows]
    assert len(rows) == len(set(rows)) == 3000
    assert rows == sorted(rows)


@pytest.mark.parametrize("order", [BY_WEIGHT, HEAVIEST_FIRST])
def test_empty_values_come_last_and_are_walked_too(order):
    machines([None, Decimal(2), None, Decimal(1), Decimal(2), None, Decimal(3)])
    weights = [row.weight_kg for page in walked(order, 2) for row in page.rows]
    filled = sorted([1, 2, 2, 3], reverse=order.descending)
    assert weights == [*filled, None, None, None]


@pytest.mark.parametrize("order", [BY_WEIGHT, HEAVIEST_FIRST])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_walking_back_shows_the_same_pages(order, size):
    machines([None, Decimal(2), None, Decimal(1), Decimal(2), None, Decimal(3)])
    forwards = walked(order, size)
    page, backwards = forwards[-1], [forwards[-1]]
    while page.previous:
        page = pages.page(MachineModel.objects.all(), order=order, cursor=page.previous, size=size)
        backwards.append(page)
    assert [[row.pk for row in page.rows] for page in reversed(backwards)] == [
        [row.pk for row in page.rows] for page in forwards
    ]
    assert backwards[-1].previous is None
    assert len(forwards) == -(-7 // size)


def test_a_row_that_is_gone_does_not_break_its_cursor():
    made = machines([Decimal(n) for n in range(6)])
    first = pages.page(MachineModel.objects.all(), order=BY_WEIGHT, size=3)
    MachineModel.objects.filter(pk=made[2].pk).delete()
    second = pages.page(MachineModel.objects.all(), order=BY_WEIGHT, size=3, cursor=first.next)
    assert [row.weight_kg for row in second.rows] == [3, 4, 5]


def test_a_list_with_nothing_in_it_has_one_empty_page():
    assert pages.page(MachineModel.objects.all(), order=BY_WEIGHT) == pages.Page([], None, None)


def test_a_cursor_holds_no_counter():
    machines([Decimal(1), Decimal(2)])
    cursor = pages.page(MachineModel.objects.all(), order=BY_WEIGHT, size=1).next
    name, direction, value, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    assert (name, direction, Decimal(value)) == ("hosting.machinemodel weight", 0, 1)
    assert key == str(MachineModel.objects.get(weight_kg=1).pk)


def packed(*content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


KEY = "00000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%%%",
        "Zm9v",
        "ü",
        "A" * 5000,
        packed(),
        packed("hosting.machinemodel weight", 0, "1"),
        packed("hosting.machinemodel weight", 0, "1", KEY, 1),
        packed("hosting.machinemodel -weight", 0, "1", KEY),
        packed("hosting.rate weight", 0, "1", KEY),
        packed("hosting.machinemodel weight", 2, "1", KEY),
        packed("hosting.machinemodel weight", 0, "one", KEY),
        packed("hosting.machinemodel weight", 0, "NaN", KEY),
        packed("hosting.machinemodel weight", 0, "1e999999", KEY),
        packed("hosting.machinemodel weight", 0, 1, KEY),
        packed("hosting.machinemodel weight", 0, "1", "17"),
        packed("hosting.machinemodel weight", 0, "1", None),
        packed("hosting.machinemodel weight", 0, ["1"], KEY),
        packed({"a": 1}, 0, "1", KEY),
        base64.urlsafe_b64encode(b"[" * 900).decode(),
    ],
)
def test_a_broken_or_foreign_cursor_is_refused(cursor):
    with pytest.raises(Invalid) as refused:
        pages.page(MachineModel.objects.all(), order=BY_WEIGHT, cursor=cursor)
    assert list(refused.value.fields) == ["cursor"]


@pytest.mark.parametrize("text", ["0", "101", "-1", "1.5", "ten", "", "٣", "9" * 50])
def test_a_page_has_between_1_and_100_rows(text):
    with pytest.raises(Invalid) as refused:
        pages.size_of(text)
    assert list(refused.value.fields) == ["page_size"]


def test_the_size_of_a_page_is_50_unless_asked():
    assert [pages.size_of(text) for text in (None, "1", "100")] == [50, 1, 100]
