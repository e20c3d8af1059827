"""The kernel: the engine's loops, compiled by numba where it is installed, the same functions where not.

This is the only module that knows numba. Whatever decides anything stands in its room (windows, rules,
pricing, gates, scoring, pairs, search) as plain Python on whole numbers; here it is registered, and the loops
compiled. Serial: a parallel kernel that ran before a fork kills the child. Compiled code is kept in a folder
below NUMBA_CACHE_DIR, named by what it was made of; without that variable each process compiles anew.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from hosting.matching import gates, money, pairs, pricing, rules, scoring, search, shortlist, sieve, windows

try:
    import numba
    from numba.extending import register_jitable

    # What the types of numba's own stubs leave out: config's fields, and the option _nrt.
    compiler: Any = numba
except ImportError:  # the same functions run as plain Python
    compiler = None

IS_COMPILED = compiler is not None and not compiler.config.DISABLE_JIT
INNER = (
    *(money.half_up, windows.month_of, windows.first_of, windows.term_end, windows.first_start_past),
    *(windows.is_own, windows.most_free, windows.first_run, windows.past_blocks, windows.first_start),
    *(rules.touches, rules.put, rules.unlicensed, rules.find_blocks, rules.stopped_share, rules.levies_on),
    *(pricing.metered, pricing.fee_at, pricing.tier_of, pricing.price, gates.terms_fail, gates.place_fails),
    *(scoring.price_value, scoring.start_value, scoring.uptime_value, scoring.score_of),
    *(pairs.key_of, pairs.curtailed, pairs.score_pair, pairs.fit),
    *(search.scales_of, search.insert, search.lowest_price),
    *(sieve.map_of, sieve.sift, sieve.bound_blocks, sieve.sort_blocks, sieve.lane_of),
    *(shortlist.know_bans, shortlist.try_offer),
)


def _made_of() -> str:
    """A name for everything compiled code depends on: numba looks at one file only."""
    digest = hashlib.sha256(f"{compiler.__version__} {np.__version__}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _compiled(loop: Callable[..., None]) -> Callable[..., None]:
    folder = os.environ.get("NUMBA_CACHE_DIR")
    if not IS_COMPILED:
        return loop
    if folder:
        compiler.config.CACHE_DIR = os.path.join(folder, f"matching-{_made_of()}")
    # Nothing is allocated inside: without counting references the loops are three times as fast.
    options = {"nogil": True, "boundscheck": False, "error_model": "numpy", "_nrt": False}
    return compiler.njit(loop, cache=bool(folder), **options)


if IS_COMPILED:
    for inner in INNER:
        register_jitable(inner)
judge = _compiled(pairs.judge)
rank = _compiled(shortlist.rank)
reach = _compiled(search.reach)


def room(statute: Any, wants: Any) -> int:
    """How many stretches the rules can forbid one need, for all groups together."""
    held = int(wants.needs["licences"].max(initial=0))
    groups = statute.table.groups
    return int((groups["bans"] * (1 + np.maximum(groups["licences"], held))).sum()) + 1
