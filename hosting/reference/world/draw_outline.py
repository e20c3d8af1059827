"""Draws outline.json, the map of the world, from Natural Earth's countries and from dots.csv.

    pip download --no-deps geopandas==0.14.4
    python hosting/reference/world/draw_outline.py geopandas-0.14.4-py3-none-any.whl

Without a wheel only the dots are placed anew. The same input gives the same file.
"""

import csv
import json
import math
import struct
import sys
import zipfile
from pathlib import Path

import pycountry

HERE = Path(__file__).parent
SHAPES = "geopandas/datasets/naturalearth_lowres/naturalearth_lowres"
# Names of the table whose code is none of ISO's. The first two are drawn with the country that ISO's code
# covers, Kosovo under the code that ISO leaves to its users. Antarctica has no place on this map.
MENDED = {"Somaliland": "SO", "N. Cyprus": "CY", "Kosovo": "XK"}
LEFT_OUT = {"Antarctica"}
# The map is cut at 170 degrees west, in the Bering Strait, so that Russia and Fiji stay whole.
CENTRE = 10.0
CUT = CENTRE - 180
NORTH, SOUTH = 83.7, -56.0
# Whole units; the page scales them. 5 units are a pixel on a page 960 pixels wide.
WIDTH = 4800
Point = tuple[float, float]


def equal_earth(longitude: float, latitude: float) -> Point:
    """Degrees to the plane, x to the right and y upwards (Savric, Patterson and Jenny, 2018)."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    half = math.sqrt(3) / 2
    theta = math.asin(half * math.sin(math.radians(latitude)))
    square, sixth = theta**2, theta**6
    steep = a1 + 3 * a2 * square + sixth * (7 * a3 + 9 * a4 * square)
    x = math.radians(longitude - CENTRE) * math.cos(theta) / (half * steep)
    return x, theta * (a1 + a2 * square + sixth * (a3 + a4 * square))


# Half the width of the map: the equator is the widest parallel.
REACH = equal_earth(CENTRE + 180, 0)[0]
TOP = equal_earth(CENTRE, NORTH)[1]
SCALE = WIDTH / (2 * REACH)
HEIGHT = round((TOP - equal_earth(CENTRE, SOUTH)[1]) * SCALE)


def placed(longitude: float, latitude: float) -> tuple[int, int]:
    """Degrees to whole units from the map's upper left corner."""
    x, y = equal_earth(longitude, latitude)
    return round((x + REACH) * SCALE), round((TOP - y) * SCALE)


def rings_of(data: bytes) -> list[list[list[Point]]]:
    """The polygons of a .shp file: per record its rings, each without the repeated last point."""
    records, at = [], 100
    while at < len(data):
        words = struct.unpack(">i", data[at + 4 : at + 8])[0]
        body = data[at + 8 : at + 8 + 2 * words]
        at += 8 + 2 * words
        parts, points = struct.unpack("<ii", body[36:44])
        starts = [*struct.unpack(f"<{parts}i", body[44 : 44 + 4 * parts]), points]
        flat = struct.unpack(f"<{2 * points}d", body[44 + 4 * parts :])
        pairs = list(zip(flat[::2], flat[1::2], strict=True))
        records.append([pairs[a : b - 1] for a, b in zip(starts, starts[1:], strict=False)])
    return records


def rows_of(data: bytes) -> list[dict[str, str]]:
    """The rows of a .dbf file."""
    count, head, size = struct.unpack("<IHH", data[4:12])
    fields = []
    for at in range(32, head - 1, 32):
        fields.append((data[at : at + 11].split(b"\0")[0].decode(), data[at + 16]))
    rows = []
    for number in range(count):
        at, row = head + number * size + 1, {}
        for name, length in fields:
            row[name] = data[at : at + length].decode("latin-1").strip()
            at += length
        rows.append(row)
    return rows


def whole(rings: list[list[Point]]) -> list[list[Point]]:
    """The rings beyond the cut moved to the other side of the map, and sewn where 180 degrees parted them."""
    moved = []
    for ring in rings:
        is_beyond = sum(x for x, _y in ring) / len(ring) < CUT
        moved.append([(x + 360 if is_beyond else x, y) for x, y in ring])
    for ring in list(moved):
        for other in list(moved):
            if ring in moved and other in moved and ring is not other:
                sewn = _sewn(ring, other)
                if sewn:
                    moved.remove(ring)
                    moved.remove(other)
                    moved.append(sewn)
    return moved


def _sewn(ring: list[Point], other: list[Point]) -> list[Point] | None:
    """Two rings that share an edge on the 180th meridian as one; None when they do not."""
    for i, (start, end) in enumerate(zip(ring, [*ring[1:], ring[0]], strict=True)):
        if abs(start[0] - 180) > 1e-6 or abs(end[0] - 180) > 1e-6:
            continue
        for j, (back, forth) in enumerate(zip(other, [*other[1:], other[0]], strict=True)):
            if math.dist(start, forth) < 1e-6 and math.dist(end, back) < 1e-6:
                around = ring[i + 1 :] + ring[: i + 1]
                beyond = other[j + 1 :] + other[: j + 1]
                return around + beyond[1:-1]
    return None


def path_of(rings: list[list[Point]]) -> str:
    """An SVG path in whole units, relative after the first point of each ring; points that add nothing left
    out."""
    drawn = []
    for ring in rings:
        points: list[tuple[int, int]] = []
        for point in (placed(*one) for one in ring):
            if not points or points[-1] != point:
                points.append(point)
        bent = [
            here
            for before, here, after in zip(
                [points[-1], *points[:-1]], points, [*points[1:], points[0]], strict=True
            )
            if (here[0] - before[0]) * (after[1] - here[1]) != (here[1] - before[1]) * (after[0] - here[0])
        ]
        if len(bent) < 3:
            continue
        (x, y), steps = bent[0], []
        for right, down in bent[1:]:
            steps.append(f"{right - x} {down - y}")
            x, y = right, down
        drawn.append(f"M{bent[0][0]} {bent[0][1]}l{' '.join(steps)}z".replace(" -", "-"))
    return "".join(drawn)


def shapes(wheel: Path, codes: dict[str, str]) -> dict[str, str]:
    """code -> path of every country; `codes` is alpha-3 to alpha-2."""
    with zipfile.ZipFile(wheel) as packed:
        rings, rows = rings_of(packed.read(f"{SHAPES}.shp")), rows_of(packed.read(f"{SHAPES}.dbf"))
    found: dict[str, list[list[Point]]] = {}
    for row, ring in zip(rows, rings, strict=True):
        if row["name"] not in LEFT_OUT:
            found.setdefault(MENDED.get(row["name"]) or codes[row["iso_a3"]], []).extend(ring)
    return {code: path_of(whole(found[code])) for code in sorted(found)}


def dots() -> dict[str, str]:
    """code -> "x y" of the places that are too small to be drawn, or parts of a country."""
    found = {}
    with (HERE / "dots.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            x, y = placed(_uncut(float(row["longitude"])), float(row["latitude"]))
            found[row["code"]] = f"{x} {y}"
    return dict(sorted(found.items()))


def _uncut(longitude: float) -> float:
    return longitude + 360 if longitude < CUT else longitude


def alpha_2() -> dict[str, str]:
    """alpha-3 -> alpha-2, from the package that the project pins."""
    return {one.alpha_3: one.alpha_2 for one in pycountry.countries}


def main(arguments: list[str]) -> None:
    target = HERE / "outline.json"
    drawn = shapes(Path(arguments[0]), alpha_2()) if arguments else json.loads(target.read_text())["shapes"]
    outline = {"width": WIDTH, "height": HEIGHT, "dots": dots(), "shapes": drawn}
    target.write_text(json.dumps(outline, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
