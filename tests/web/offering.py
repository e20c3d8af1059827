"""An offer as its form sends it, and what a form asks for."""

import re

ALL_IN = {
    "acting": "steppe-power",
    "title": "Firm power",
    "price_model": "all_in",
    "currency": "USD",
    "energy_price": "0.055",
    "levies_included": "no",
    "metering": "plug",
    "uptime": "97",
    "uptime_remedy": "A day’s fee for each day",
    "cooling": "air",
    "min_kw": "500",
    "valid_until": "2027-06-30",
}


def asked(page):
    """The names of the fields that can be filled in (hidden ones are carried, not asked)."""
    tags = re.findall(r"<(?:input|select|textarea)[^>]*>", page)
    return {re.search(r'name="([^"]*)"', tag)[1] for tag in tags if 'name="' in tag and "hidden" not in tag}
