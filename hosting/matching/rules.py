"""What dated rules do to one need at one kind of site: days it may not start, stops, levies, warnings.

The functions on rows of tables are compiled by the kernel, too.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hosting.matching import law
from hosting.matching.records import EFFECTS, SUBJECTS, Need, Rule
from hosting.matching.windows import FAR, PAST, date_of, day_of, first_start_past, span

PROHIBIT, CAP = EFFECTS.index("prohibit"), EFFECTS.index("cap_kw")
LICENCE, REGISTRATION = EFFECTS.index("require_licence"), EFFECTS.index("require_registration")
MINER, IMPORT = SUBJECTS.index("miner"), SUBJECTS.index("import")
ALL = 10_000


def touches(need, rule):
    """Whether a rule reaches a fleet of that size; both bounds are inclusive."""
    return rule.kw_min <= need.kw <= rule.kw_max


def put(blocks, at, low, high, rule, first, stop):
    """Note a block that covers a day of [first, stop); the place of the next one."""
    if low < stop and high > first and low < high:
        blocks[at, 0] = low
        blocks[at, 1] = high
        blocks[at, 2] = rule
        return at + 1
    return at


def unlicensed(rule, number, kinds, lows, highs, begin, end, wanted, blocks, at, first, stop):
    """Note the days of a rule on which no licence of its type is valid, licences sorted by first day."""
    day = rule.low
    for held in range(begin, end):
        kind = kinds[held]
        # A need's licences are numbered in its own vocabulary.
        if (kind if len(wanted) == 0 else wanted[kind]) != rule.licence:
            continue
        if lows[held] > day:
            at = put(blocks, at, day, min(lows[held], rule.high), number, first, stop)
        day = max(day, highs[held])
        if day >= rule.high:
            return at
    return put(blocks, at, day, rule.high, number, first, stop)


def find_blocks(need, group, law, wants, blocks, at, first, stop):
    """Note from `at` on each stretch [low, high) of [first, stop) on which a start breaks a group's rule.

    The third column is the rule's position in law.rules. Returns the place after the last.
    """
    country = law.places[group.place].country
    is_imported = need.country >= 0 and wants.country[need.country] != country
    for listed in range(group.ban_first, group.ban_first + group.bans):
        number = law.group_rules[listed]
        rule = law.rules[number]
        if rule.low >= rule.high or rule.high <= first or not touches(need, rule):
            continue
        if rule.subject == IMPORT:
            if is_imported:
                at = put(blocks, at, rule.low, rule.high, number, first, stop)
        elif rule.effect == PROHIBIT:
            low = PAST if rule.low == PAST else first_start_past(rule.low, need.term)
            at = put(blocks, at, low, rule.high, number, first, stop)
        elif rule.effect == CAP:
            if need.kw > rule.cap_kw:
                at = put(blocks, at, rule.low, rule.high, number, first, stop)
        elif rule.effect == LICENCE or rule.effect == REGISTRATION:
            if rule.subject == MINER:
                begin, end = need.licence_first, need.licence_first + need.licences
                held, lows, highs, wanted = wants.held, wants.held_low, wants.held_high, wants.licence
                begin, end = need.licence_first, need.licence_first + need.licences
            else:
                held, lows, highs, wanted = law.licence, law.licence_low, law.licence_high, wants.licence[:0]
                begin, end = group.licence_first, group.licence_first + group.licences
            at = unlicensed(rule, number, held, lows, highs, begin, end, wanted, blocks, at, first, stop)
        else:
            at = put(blocks, at, rule.low, rule.high, number, first, stop)
    return at


def stopped_share(need, group, law, start, end):
    """Basis points of the days of a term [start, end) in seasonal stops, each day counted once; down."""
    covered, days = start, 0
    for listed in range(group.stop_first, group.stop_first + group.stops):
        rule = law.rules[law.group_rules[listed]]
        if touches(need, rule):
            low, high = max(rule.low, covered), min(rule.high, end)
            if low < high:
                days += high - low
                covered = high
    return days * ALL // (end - start)


def levies_on(need, group, law, day, compared):
    """(sum of the levies in force on a day, whether each could be converted) for rate plus estimate."""
    total, is_priced = 0, True
    for listed in range(group.levy_first, group.levy_first + group.levies):
        rule = law.rules[law.group_rules[listed]]
        if rule.low <= day < rule.high and touches(need, rule):
            if law.scale_is_priced[rule.scale] == 0:
                is_priced = False
            else:
                amount = 0
                for at in range(law.scale_first[rule.scale], law.scale_first[rule.scale + 1]):
                    if law.scale_from[at] > compared:
                        break
                    amount = law.scale_amount[at]
                total += amount
    return total, is_priced


@dataclass(frozen=True, slots=True)
class Reach:
    """The rules of one group of sites that touch one need, in words.

    `blocks` are the rules that forbid a start, with the stretches [low, high) of S on which they do;
    `levies` are the levy rules, `rules` all rules but imports.
    """

    rules: tuple[Rule, ...]
    blocks: tuple[tuple[Rule, int, int], ...]
    levies: tuple[Rule, ...]

    @classmethod
    def of(cls, rules: Iterable[Rule], need: Need, blocks: Iterable[tuple[Rule, int, int]]) -> "Reach":
        """Of a group's rules those that reach the need."""
        touching = tuple(
            rule for rule in rules if law.touches_size(rule, need.need_kw) and rule.subject != "import"
        )
        levies = tuple(rule for rule in touching if rule.effect == "levy_per_kwh")
        return cls(touching, tuple(blocks), levies)


def warnings(reach: Reach, start: int, end: int) -> list[tuple[str, dict]]:
    """Dated warnings of a term [start, end): rules that begin within it, and a season not yet known."""
    found: list[tuple[str, dict]] = []
    for rule in reach.rules:
        if rule.effect in ("prohibit", "curtail") or rule.valid_from is None:
            continue
        if start < day_of(rule.valid_from) < end:
            on = rule.valid_from.isoformat()
            found.append(("rule_begins_within_term", {"rule": rule.id, "title": rule.title, "on": on}))
    found.sort(key=lambda warning: (warning[1]["on"], warning[1]["rule"]))
    seasons = [rule for rule in reach.rules if rule.effect == "curtail"]
    if seasons:
        last = max(seasons, key=lambda rule: (span(rule)[1], rule.id))
        until = span(last)[1]
        if until != FAR and end > until:
            stop = date_of(until).isoformat()
            params = {"rule": last.id, "title": last.title, "last_day_exclusive": stop}
            found.append(("term_outlasts_season", params))
    return found
