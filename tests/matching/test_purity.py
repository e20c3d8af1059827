"""The engine is pure: it loads nothing of the site, holds no float, and answers without one."""

import ast
import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hosting import matching
from hosting.matching import match
from tests.matching.scene import book, need, offer, phase, rule, scale, taken

FILES = sorted(Path(matching.__file__).parent.glob("*.py"))
MODULES = [f"hosting.matching.{path.stem}" for path in FILES if path.stem != "__init__"]
PROGRAM = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
tops = {name.partition(".")[0] for name in sys.modules}
print(" ".join(sorted(tops - set(sys.stdlib_module_names))))
"""


def test_in_a_fresh_interpreter_it_loads_numba_numpy_and_nothing_else():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *MODULES], capture_output=True, text=True, check=True
    )
    loaded = {name for name in done.stdout.split() if not name.startswith("_")}
    assert "django" not in loaded
    assert {"hosting", "numpy"} <= loaded
    # What an interpreter brings by itself (site customisation), and what numba does, is there without the
    # engine too.
    others = subprocess.run(
        [sys.executable, "-c", PROGRAM, "numba", "numba.extending"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded - set(others.stdout.split()) == {"hosting"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_source_imports_numpy_the_standard_library_and_itself(path):
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module)
    allowed = {"numpy", *sys.stdlib_module_names} | ({"numba"} if path.stem == "kernel" else set())
    strangers = [
        name
        for name in names
        if name.partition(".")[0] not in allowed and not name.startswith("hosting.matching")
    ]
    assert [name for name in strangers if name != "hosting"] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_source_knows_no_float(path):
    for node in ast.walk(ast.parse(path.read_text())):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), ast.dump(node)
        assert not isinstance(node, ast.Div), f"a true division in {path.name}"
        assert not (isinstance(node, ast.Name) and node.id in ("float", "round")), f"{node.id} in {path.name}"
        assert not (isinstance(node, ast.Attribute) and node.attr in ("mean", "average", "float64", "divide"))


def market():
    """Something of everything: rules, seasons, levies, fees, tiers, commitments, near misses."""
    offers = [
        offer(1, setup_fee_kw=20, base_fee_kw_month=10, revenue_share_bp=500),
        offer(2, price_model="tiered", tiers=((1, 0), (1000, 0)), commitments=(taken(5000, "2026-12-01"),)),
        offer(3, currency="KZT", energy_price=20, metering="site", pue_e4=11_500),
        offer(4, energy_price=None),
        offer(5, phases=(phase(1200, "2026-12-24"),), min_kw=1200),
    ]
    laws = [rule("curtail", "2027-06-01", "2027-07-01", number=1), scale(("0", "1"), number=2)]
    return book(*offers, rules=laws)


def arrays(thing):
    """Every array reachable from a dataclass, a mapping or a sequence."""
    if isinstance(thing, np.ndarray):
        yield thing
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from arrays(getattr(thing, field.name))
    elif isinstance(thing, dict):
        for each in thing.values():
            yield from arrays(each)
    elif isinstance(thing, tuple | list):
        for each in thing:
            yield from arrays(each)


def leaves(thing):
    """Every plain value of an answer."""
    if dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from leaves(getattr(thing, field.name))
    elif isinstance(thing, dict):
        for key, each in thing.items():
            yield from leaves(key)
            yield from leaves(each)
    elif isinstance(thing, tuple | list):
        for each in thing:
            yield from leaves(each)
    else:
        yield thing


def test_no_column_and_no_answer_holds_a_float():
    columns = market()
    verdict = match.evaluate(columns, need())
    kinds = {array.dtype.kind for array in arrays(verdict)}
    # "V" are rows of int64 by name, "u" halves of ids.
    assert kinds == {"i", "b", "u", "V"}
    for array in arrays(verdict):
        assert array.dtype.names is None or {array.dtype[name].kind for name in array.dtype.names} == {"i"}
    answers = [verdict.ranked(), verdict.near_misses(), [verdict.explain(one.id) for one in columns.offers]]
    assert len(answers[0]) >= 1
    assert len(answers[1]) >= 1
    types = {
        type(leaf).__name__
        for leaf in leaves([*answers, match.list_prices(columns), match.free_kw(columns, columns.as_of)])
    }
    assert types == {"UUID", "int", "str", "bool", "date", "NoneType"}


def test_parameters_of_gates_and_warnings_can_be_stored_as_json():
    verdict = match.evaluate(market(), need(latest_start=market().as_of))
    for one in verdict.book.offers:
        found = verdict.explain(one.id)
        params = [gate.params for gate in found.gates] + [warning.params for warning in found.warnings]
        assert {type(leaf) for leaf in leaves(params)} <= {int, str, bool, type(None)}


def test_a_float_is_refused_where_money_is_meant():
    with pytest.raises(TypeError, match="float"):
        book(offer(energy_price=0.05))
