"""The market in figures: everybody reads it."""

from tests.web.access import Row, everyone

ROWS = [
    Row("market", everyone(200)),
    Row("market_csv", everyone(200), where=lambda world: {"name": "supply"}),
    Row("market_csv", everyone(404), where=lambda world: {"name": "no-such-sheet"}, note="unknown"),
]
