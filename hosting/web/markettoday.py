"""What the market page and its files are made of: read once for an answer, each part when it is asked for."""

from datetime import date, datetime, timedelta
from functools import cached_property

from django_countries import countries

from hosting.models import Rate, RateKind, RegulationEvent
from hosting.services import exodus, marketfigures, publishedprices
from hosting.services.exodus import Figure
from hosting.services.marketfigures import BreakEven, Demand, PlaceRow
from hosting.services.placefigures import WORLD, PlaceFigures
from hosting.services.publishedprices import PublishedPrice

# The page shows a year of the world; the file holds every day of every place.
SHOWN_DAYS = timedelta(days=365)
MOST_LEADING = 3


class Today:
    """The market as of `now`. Reading everything takes a fixed number of queries, whatever its size."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.day: date = now.date()

    @cached_property
    def names(self) -> dict[str, str]:
        return marketfigures.names_of_places()

    @cached_property
    def supply(self) -> list[PlaceRow]:
        return marketfigures.supply(as_of=self.day)

    @cached_property
    def demand(self) -> Demand:
        return marketfigures.demand(now=self.now)

    @cached_property
    def leading(self) -> list[str]:
        """The places with most hotels among those whose price may be shown."""
        shown = [row.code for row in self.supply if row.figures.median_price_micros is not None]
        return [code for code in shown if code != WORLD][:MOST_LEADING]

    @cached_property
    def lately(self) -> list[tuple[date, str, PlaceFigures]]:
        """The last year of the world and of those places."""
        days = marketfigures.history(WORLD, *self.leading, until=self.day)
        return [row for row in days if row[0] > self.day - SHOWN_DAYS]

    @cached_property
    def world(self) -> list[tuple[date, str, PlaceFigures]]:
        """The last year of the world."""
        return [row for row in self.lately if row[1] == WORLD]

    @cached_property
    def history(self) -> list[tuple[date, str, PlaceFigures]]:
        return marketfigures.history(until=self.day)

    @cached_property
    def hashprices(self) -> list[Rate]:
        return marketfigures.rates(RateKind.HASHPRICE, until=self.day)

    @cached_property
    def exchange(self) -> list[Rate]:
        return marketfigures.rates(RateKind.FX, until=self.day)

    @cached_property
    def break_even(self) -> list[BreakEven]:
        return marketfigures.break_even(self.hashprices)

    @cached_property
    def published(self) -> tuple[PublishedPrice, ...]:
        return publishedprices.rows()

    @cached_property
    def events(self) -> list[RegulationEvent]:
        return list(exodus.events())

    def figures(self, *series: exodus.Series) -> list[Figure]:
        return exodus.figures(*series)

    def place(self, code: str) -> str:
        """Its name; its country and the code where we have no such place."""
        first = code.partition("-")[0]
        country = self.names.get(first) or dict(countries).get(first, "")
        if code in self.names or not country:
            return self.names.get(code, code)
        return f"{country} ({code})" if code != first else country
