"""The oracle's section 4: which dated facts and rules hold, and what they do to a start on a given day."""

from tests.matching.oracle_terms import covers, day, days, months_later

LEGAL_STATUS = ("banned", "restricted", "tolerated", "legal_unregulated", "legal_licensed")


def in_force(dated, on):
    return covers(dated, on, "valid_from", "valid_to")


def chain(places, code):
    """The place, its parent and so on."""
    found = []
    while code:
        found.append(places[code])
        code = places[code]["parent"]
    return found


def resolved(place_and_parents, field):
    """The value of the place, else the nearest parent's, else None."""
    return next((place[field] for place in place_and_parents if place[field]), None)


def touches(rule, offer, need):
    """Whether the rule acts on this pair at all, whatever the day."""
    if rule["confidence"] == "low":
        return False
    if rule["min_kw"] is not None and need.kw < rule["min_kw"]:
        return False
    if rule["max_kw"] is not None and need.kw > rule["max_kw"]:
        return False
    connected, begins = day(offer["site"]["connected_on"]), day(rule["valid_from"])
    new_sites_only = rule["new_only"] or rule["effect"] == "moratorium_new"
    if new_sites_only and connected and begins and connected < begins:
        return False
    if rule["subject"] == "import":
        origin, country = need.body.get("origin"), offer["site"]["jurisdiction"].split("-")[0]
        return rule["effect"] == "prohibit" and bool(origin) and origin.split("-")[0] != country
    return True


def forbids(rule, start, offer, need):
    """Whether a start on this day breaks a rule that touches the pair."""
    effect = rule["effect"]
    if effect == "prohibit" and rule["subject"] != "import":
        end = months_later(start, need.term)
        first_in_both = max(start, day(rule["valid_from"]) or start)
        return first_in_both < end and in_force(rule, first_in_both)
    if not in_force(rule, start):
        return False
    if effect == "cap_kw":
        return need.kw > rule["cap_kw"]
    if effect in ("require_licence", "require_registration"):
        held = offer["host"]["licences"]
        if rule["subject"] == "miner":
            held = need.body.get("licences") or []
        return not any(
            licence["type"] == rule["licence_type"] and in_force(licence, start) for licence in held
        )
    return effect in ("prohibit", "moratorium_new", "curtail")


def seasonal_stops(rules, start, need):
    """The share of the term's days that lie in seasons of law, in basis points; each day counts once."""
    seasons = [rule for rule in rules if rule["effect"] == "curtail"]
    term = days(start, months_later(start, need.term)) if seasons else []
    stopped = [on for on in term if any(in_force(rule, on) for rule in seasons)]
    return len(stopped) * 10000 // len(term) if term else 0
