"""The kernel: the same answers compiled and not, a cache that changes with the code, nothing kept besides."""

import os
import subprocess
import sys

import pytest

from hosting.matching import kernel
from hosting.matching.asked import Asked
from hosting.matching.book import Book
from hosting.matching.match import evaluate
from hosting.matching.ranking import Holders, best, best_of_all, reached, update_place
from tests.bench import industry

# Lists, gates and reach of one seeded market, as text: run twice, compiled and not.
PROGRAM = """
from tests.matching.test_kernel import report
import sys
sys.stdout.write(report())
"""


def market():
    return industry.market(90, 30, seed=66)


def report():
    """Everything the kernel's three loops say of a small market, and whether they were compiled."""
    drawn = market()
    book, asked = Book.build(**drawn.for_book()), Asked.build(drawn.needs)
    lists = best_of_all(book, asked)
    lines = [repr(lists.of(row)) for row in range(len(asked.keys))]
    for _key, need in drawn.needs[:8]:
        verdict = evaluate(book, need)
        lines += [repr(verdict.explain(offer.id)) for offer in book.offers]
    held = lists.at
    last = [column[:, -1].copy() for column in (lists.score, lists.price)]
    for at in range(len(book.offers)):
        found = reached(book, asked, held=held, last_score=last[0], last_price=last[1], offers=[at])
        lines.append(repr(found.tolist()))
    again = update_place(book, asked, lists, range(40))
    lines.append(repr(again.at.tolist() == lists.at.tolist()))
    return "\n".join(lines)


def test_not_compiled_it_says_the_same_to_the_last_digit():
    assert kernel.IS_COMPILED
    without = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, env=without
    )
    said = report()
    assert done.stdout == said
    assert said.count("Ranked(") > 50


def test_without_numba_it_says_the_same_too():
    missing = "import sys; sys.modules['numba'] = None\n"
    check = "from hosting.matching import kernel; assert not kernel.IS_COMPILED\n"
    done = subprocess.run(
        [sys.executable, "-c", missing + check + PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout == report()


def test_compiled_code_is_kept_in_a_folder_named_by_what_it_was_made_of(tmp_path):
    program = "from hosting.matching.kernel import _made_of, compiler;"
    program += "print(compiler.config.CACHE_DIR); print(_made_of())"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)},
    )
    folder, name = done.stdout.split()
    assert folder == str(tmp_path / f"matching-{name}")


def test_without_a_folder_nothing_is_kept():
    program = "from hosting.matching import kernel; print(type(kernel.rank._cache).__name__)"
    env = {key: value for key, value in os.environ.items() if key != "NUMBA_CACHE_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=env
    )
    assert done.stdout.strip() == "NullCache"


def test_an_index_of_holders_reaches_the_same_lists():
    drawn = market()
    book, asked = Book.build(**drawn.for_book()), Asked.build(drawn.needs)
    lists = best_of_all(book, asked)
    index = Holders.of(lists.at, len(book.offers))
    last = {"last_score": lists.score[:, -1].copy(), "last_price": lists.price[:, -1].copy()}
    holds = 0
    for at in range(len(book.offers)):
        plainly = reached(book, asked, held=lists.at, offers=[at], **last).tolist()
        assert reached(book, asked, held=index, offers=[at], **last).tolist() == plainly
        holders = {row for row in range(len(asked.keys)) if at in lists.at[row]}
        assert holders <= set(plainly)
        holds += len(holders)
    assert holds > 50


@pytest.mark.parametrize("limit", [1, 7, 200])
def test_a_list_can_have_any_length(limit):
    drawn = market()
    book = Book.build(**drawn.for_book())
    for _key, need in drawn.needs[:10]:
        lines = [(one.offer, one.score) for one in evaluate(book, need).ranked(limit)]
        assert [(one.offer, one.score) for one in best(book, need, limit)] == lines
