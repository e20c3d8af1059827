"""The map: an outline that joins to our places, and what each place looks like and is called on it."""

import csv
import importlib.util
import math
import re
from datetime import date

import pycountry
import pytest
from django.conf import settings

from hosting.models import Jurisdiction, JurisdictionFact
from hosting.services.atlas import HIGHEST_POWER, LOWEST_POWER, Entry
from hosting.services.placefigures import PlaceFigures
from hosting.services.places import Held
from hosting.web import maplooks, worldmap

FOLDER = settings.BASE_DIR / "hosting" / "reference"
WORLD = FOLDER / "world"


def entry(code="KZ", *, figures=None, inherited_from=None, confidence="high", dated_by="effective", **values):
    """A place with these facts, none of it saved."""
    held = {
        field: Held(
            JurisdictionFact(
                field=field,
                value=value,
                confidence=confidence,
                valid_from=date(2023, 4, 1),
                valid_from_text="2023-04",
                dated_by=dated_by,
                as_of="2023-04",
            ),
            inherited_from,
        )
        for field, value in values.items()
    }
    place = Jurisdiction(code=code, name=f"Place {code}")
    return Entry(place, held, None, figures or PlaceFigures(hotels=0, organizations=0))


def shipped():
    with (FOLDER / "jurisdictions.csv").open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


def rings(path):
    """The rings of a path as lists of (x, y), walked from its first points."""
    for ring in re.findall(r"M[^z]+z", path):
        numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        points = [pairs[0]]
        for right, down in pairs[1:]:
            points.append((points[-1][0] + right, points[-1][1] + down))
        yield points


def test_every_shipped_place_has_a_shape_or_a_dot_but_not_both():
    drawn = worldmap.outline()
    assert [code for code in shipped() if code not in drawn.paths and code not in drawn.points] == []
    assert drawn.paths.keys() & drawn.points.keys() == set()
    assert all("-" in code or code in drawn.points or code in drawn.paths for code in shipped())


def test_shapes_are_countries_and_their_codes_are_those_of_iso():
    drawn = worldmap.outline()
    countries = {one.alpha_2 for one in pycountry.countries}
    parts = {one.code for one in pycountry.subdivisions}
    assert set(drawn.paths) - countries == {"XK"}
    assert set(drawn.points) <= countries | parts
    assert {"FR", "NO", "CY", "SO", "RU", "FJ", "UA"} <= set(drawn.paths)
    assert {"HK", "SG", "BH"} <= set(drawn.points)
    assert "AQ" not in drawn.paths


def test_every_country_of_iso_has_a_place_on_the_map_but_some_islands_without_people():
    drawn = worldmap.outline()
    missing = {one.alpha_2 for one in pycountry.countries} - set(drawn.paths) - set(drawn.points)
    assert missing == {"AQ", "BV", "HM", "UM"}


def test_no_ring_is_smeared_across_the_map():
    drawn = worldmap.outline()
    widest = {
        code: max(max(x for x, _y in ring) - min(x for x, _y in ring) for ring in rings(path))
        for code, path in drawn.paths.items()
    }
    assert max(widest, key=widest.get) == "RU"
    assert widest["RU"] < 0.45 * drawn.width
    assert widest["FJ"] < 0.02 * drawn.width


def test_all_that_is_drawn_lies_within_the_frame():
    drawn = worldmap.outline()
    at = [point for path in drawn.paths.values() for ring in rings(path) for point in ring]
    at += drawn.points.values()
    assert all(
        0 <= x <= drawn.width and -worldmap.MARGIN <= y <= drawn.height + worldmap.MARGIN for x, y in at
    )


def test_the_outline_is_light():
    assert worldmap.FILE.stat().st_size < 120_000


def test_the_dots_are_where_their_file_says():
    spec = importlib.util.spec_from_file_location("draw_outline", WORLD / "draw_outline.py")
    drawing = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(drawing)
    drawn = worldmap.outline()
    assert {code: f"{x} {y}" for code, (x, y) in drawn.points.items()} == drawing.dots()
    assert (drawn.width, drawn.height) == (drawing.WIDTH, drawing.HEIGHT)


@pytest.mark.parametrize(
    ("code", "longitude", "latitude"), [("KZ", 71.4, 51.1), ("BR", -47.9, -15.8), ("AU", 149.1, -35.3)]
)
def test_a_capital_lies_in_its_country(code, longitude, latitude):
    spec = importlib.util.spec_from_file_location("draw_outline", WORLD / "draw_outline.py")
    drawing = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(drawing)
    x, y = drawing.placed(longitude, latitude)
    assert any(is_inside(x, y, ring) for ring in rings(worldmap.outline().paths[code]))


def is_inside(x, y, ring):
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def test_no_dot_hides_another_and_each_stays_near_its_place():
    entries = [entry(code) for code in shipped()]
    dots = worldmap.of_places(entries, by="legal_status").dots
    assert len(dots) == 26
    at = {spot.entry.place.code: (spot.x, spot.y) for spot in dots}
    apart = [math.dist(at[one], at[other]) for one in at for other in at if one < other]
    assert min(apart) > worldmap.GAP - 4
    moved = [math.dist(at[code], worldmap.outline().points[code]) for code in at]
    assert max(moved) < 130


def test_two_dots_on_one_point_part():
    found = worldmap.apart((("XA", (500, 500)), ("XB", (500, 500))))
    assert math.dist(found["XA"], found["XB"]) >= worldmap.GAP - 2


def test_a_place_without_shape_or_dot_is_named_and_not_lost():
    found = worldmap.of_places([entry("ZZ"), entry("KZ")], by="legal_status")
    assert [one.place.code for one in found.missing] == ["ZZ"]
    assert [spot.entry.place.code for spot in found.shapes] == ["KZ"]


def test_what_is_not_in_our_list_is_drawn_without_a_link():
    drawn = worldmap.outline()
    found = worldmap.of_places([entry("KZ")], by="legal_status")
    assert drawn.paths["FR"] in found.land
    assert drawn.paths["KZ"] not in found.land


def test_the_legend_counts_every_place_once():
    entries = [
        entry("KZ", legal_status="legal_licensed"),
        entry("NO", legal_status="tolerated", confidence="low"),
        entry("CN", legal_status="banned"),
        entry("US-TX", legal_status="legal_licensed"),
        entry("SE"),
    ]
    found = worldmap.of_places(entries, by="legal_status")
    assert {line.key: line.count for line in found.legend} == {
        "legal_licensed": 2,
        "legal_unregulated": 0,
        "tolerated": 1,
        "restricted": 0,
        "banned": 1,
        "unknown": 1,
    }
    assert found.unverified == 1


@pytest.mark.parametrize("by", maplooks.WAYS)
def test_every_look_has_its_line_in_the_legend_and_its_fill(by):
    look_of, lines = maplooks.WAYS[by]
    statuses = ["banned", "restricted", "tolerated", "legal_unregulated", "legal_licensed"]
    samples = [entry()]
    samples += [entry(legal_status=status) for status in statuses]
    samples += [entry(predictability=str(rating)) for rating in range(1, 6)]
    samples += [entry(**{LOWEST_POWER: price}) for price in ("0", "0.04", "0.05", "0.06", "0.1", "0.4")]
    for free_kw in (None, 0, 1, 5_000, 20_000, 100_000):
        samples.append(entry(figures=PlaceFigures(hotels=3, organizations=3, free_kw=free_kw)))
    assert {look_of(sample).key for sample in samples} == set(lines)
    styles = (settings.BASE_DIR / "hosting/static/hosting/worldmap.css").read_text()
    # Unknown is filled by a pattern, so that it can be told without colour.
    assert [key for key in lines if key != "unknown" and f".look-{key}" not in styles] == []


@pytest.mark.parametrize(
    ("by", "place", "words", "is_unverified"),
    [
        (
            "legal_status",
            entry(legal_status="legal_licensed"),
            "legal, licensed (high confidence, since Apr 2023)",
            False,
        ),
        (
            "legal_status",
            entry(legal_status="tolerated", confidence="low", inherited_from="US", dated_by="compiled"),
            "tolerated (unverified, from US, the source gives no date)",
            True,
        ),
        ("legal_status", entry(), "legal status unknown", False),
        ("predictability", entry(predictability="2"), "predictability 2 of 5, our own rating", False),
        ("predictability", entry(), "predictability not rated", False),
        (
            "power_price",
            entry(**{LOWEST_POWER: "0.054", HIGHEST_POWER: "0.098"}, confidence="medium"),
            "industrial power 0.054 to 0.098 USD/kWh (medium confidence, as of 2023-04)",
            False,
        ),
        (
            "power_price",
            entry(**{HIGHEST_POWER: "0.098"}, confidence="low"),
            "industrial power 0.098 USD/kWh (unverified, as of 2023-04)",
            True,
        ),
        ("power_price", entry(), "price of industrial power unknown", False),
        ("free_kw", entry(), "no hotel", False),
        (
            "free_kw",
            entry(figures=PlaceFigures(hotels=2, organizations=2)),
            "free capacity not shown, fewer than three hosts (hotels: 2)",
            False,
        ),
        (
            "free_kw",
            entry(figures=PlaceFigures(hotels=4, organizations=3, free_kw=7_500)),
            "7.5\u00a0MW free (hotels: 4)",
            False,
        ),
    ],
)
def test_a_place_says_in_words_all_that_its_colour_says(by, place, words, is_unverified):
    look = maplooks.WAYS[by][0](place)
    assert (look.words, look.is_unverified) == (words, is_unverified)


def test_our_own_rating_is_never_hatched():
    assert not maplooks.of_rating(entry(predictability="2", confidence="low")).is_unverified
