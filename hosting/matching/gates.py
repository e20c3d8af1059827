"""The gates: eighteen yes-or-no questions about a pair, all of them answered, as a mask of those that fail.

The functions on rows of tables are compiled by the kernel, too.
"""

import numpy as np

from hosting.matching.places import PlaceLaw
from hosting.matching.records import Need

GATES = (
    "jurisdiction",
    "legal_status",
    "predictability",
    "rules",
    "cooling",
    "machine_age",
    "order_size",
    "capacity",
    "window",
    "term",
    "price_model",
    "price_comparable",
    "price_ceiling",
    "deposit",
    "uptime",
    "curtailment",
    "renewable",
    "evidence",
)

# Near misses, the easiest to cure first.
CURE_ORDER = (
    "order_size",
    "price_ceiling",
    "window",
    "capacity",
    "term",
    "deposit",
    "price_model",
    "uptime",
    "curtailment",
    "renewable",
    "evidence",
    "cooling",
    "machine_age",
    "predictability",
    "price_comparable",
    "rules",
    "legal_status",
    "jurisdiction",
)
# At the position of a gate in GATES, its place in CURE_ORDER.
CURE_RANK = np.array([CURE_ORDER.index(gate) for gate in GATES], dtype=np.int64)


def barred_by(need: Need, place: PlaceLaw) -> str | None:
    """The excluded code the place lies within, if any. A country covers its subdivisions; excluded wins."""
    return next((code for code in place.chain if code in (need.excluded or ())), None)


def is_allowed(need: Need, place: PlaceLaw) -> bool:
    """Whether the place lies within an allowed code; with none named, every place does."""
    return not need.allowed or any(code in need.allowed for code in place.chain)


def bit(gate: str) -> int:
    """The bit of a gate in a mask of failures: bit k is GATES[k]."""
    return 1 << GATES.index(gate)


JURISDICTION, LEGAL, PREDICTABILITY = bit("jurisdiction"), bit("legal_status"), bit("predictability")
RULES, COOLING, MACHINE_AGE, ORDER_SIZE = bit("rules"), bit("cooling"), bit("machine_age"), bit("order_size")
CAPACITY, WINDOW, TERM, PRICE_MODEL = bit("capacity"), bit("window"), bit("term"), bit("price_model")
COMPARABLE, CEILING, DEPOSIT = bit("price_comparable"), bit("price_ceiling"), bit("deposit")
UPTIME, CURTAILMENT, RENEWABLE = bit("uptime"), bit("curtailment"), bit("renewable")
EVIDENCE_GATE = bit("evidence")
# The numbers that stand for "no limit" in the tables.
NONE, NO_LIMIT = -1, 2**62


def terms_fail(offer, need):
    """The mask of the gates that only compare what an offer's terms say with what a need says."""
    mask = 0
    if (need.coolings >> offer.cooling) & 1 == 0:
        mask |= COOLING
    if need.worst_j_th > offer.max_j_th or (need.worst_j_th == NONE and offer.max_j_th != NO_LIMIT):
        mask |= MACHINE_AGE
    if need.kw < offer.kw_min or need.kw > offer.kw_max:
        mask |= ORDER_SIZE
    if need.term < offer.term_min or need.term > offer.term_max:
        mask |= TERM
    if (need.models >> offer.model) & 1 == 0:
        mask |= PRICE_MODEL
    if offer.deposit > need.max_deposit:
        mask |= DEPOSIT
    if offer.uptime < need.min_uptime:
        mask |= UPTIME
    if offer.renewable < need.min_renewable:
        mask |= RENEWABLE
    if offer.evidence < need.min_evidence:
        mask |= EVIDENCE_GATE
    return mask


def place_fails(need, number, law, wants):
    """The mask of the gates that ask about the place alone."""
    place = law.places[number]
    places = len(law.places)
    is_within = need.allowed == 0
    for at in range(need.allowed_first, need.allowed_first + need.allowed):
        if wants.within[wants.codes[at] * places + number] != 0:
            is_within = True
    for at in range(need.excluded_first, need.excluded_first + need.excluded):
        if wants.within[wants.codes[at] * places + number] != 0:
            is_within = False
    mask = 0 if is_within else JURISDICTION
    if (
        place.is_banned != 0
        or need.min_status >= 0
        and (place.is_unsure != 0 or place.status < need.min_status)
    ):
        mask |= LEGAL
    if place.rating < need.min_rating:
        mask |= PREDICTABILITY
    return mask
