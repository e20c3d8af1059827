"""One question to hotels, places and machines, answered from what the asker may see and from nothing else.

Hotels are found by what is public of them: the site's name, the offer's title, the region, the host's handle.
Never by an address or a legal name, not even for who may see these: a match would tell.
"""

import gettext
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pycountry
from django.conf import settings
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext as _
from django.utils.translation import to_locale

from accounts.services.acting import Viewer
from accounts.services.errors import Invalid
from hosting.models import Jurisdiction, MachineModel, Offer, OfferStatus

SHORTEST, LONGEST = 2, 80
MOST = 10
MOST_WORDS = 8
PUBLIC_OF_A_HOTEL = ("site__name", "title", "site__region", "site__host__handle")
# What people call places besides what the ISO calls them.
OTHER_NAMES = {
    "AE": ("UAE", "Emirates"),
    "US": ("America",),
    "RU": ("Russia",),
    "VE": ("Venezuela",),
    "LA": ("Laos",),
    "IR": ("Iran",),
    "CN-NM": ("Nei Mongol",),
    "RU-IRK": ("Irkutsk",),
}


@dataclass(frozen=True)
class Group:
    """The first of what was found of a kind, and how many there are altogether."""

    rows: list[Any]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True)
class Answer:
    places: Group
    hotels: Group
    machines: Group

    @property
    def count(self) -> int:
        return self.places.count + self.hotels.count + self.machines.count


def search(*, words: str, viewer: Viewer) -> Answer:
    """What the viewer may see of hotels, places and machines that the words speak of; at most MOST of each.

    Five queries. Raises Invalid for words that are too short, too long or no text.
    """
    words = " ".join(words.split())
    if "\x00" in words:
        raise Invalid({"q": [_("Write what you look for in letters and digits.")]})
    if len(words) > LONGEST:
        raise Invalid({"q": [_("Use at most %(most)s characters.") % {"most": LONGEST}]})
    if sum(map(str.isalnum, words)) < SHORTEST:
        raise Invalid({"q": [_("Use at least %(least)s letters or digits.") % {"least": SHORTEST}]})
    return Answer(
        places=_places(words),
        hotels=_first(_hotels(words, viewer)),
        machines=_first(MachineModel.objects.called(words).order_by("maker", "model")),
    )


def _first(rows: QuerySet) -> Group:
    return Group(list(rows[:MOST]), rows.order_by().count())


# -- hotels ------------------------------------------------------------------------------------------------


def _hotels(words: str, viewer: Viewer) -> QuerySet:
    """Offers that hold each of the words, those on the market first. A regular expression is the one
    comparison that knows the two cases of Cyrillic on SQLite, too."""
    parts = [part for name in PUBLIC_OF_A_HOTEL for part in (name, Value(" "))]
    rows = Offer.objects.visible_to(viewer).alias(public=Concat(*parts))
    for word in words.split()[:MOST_WORDS]:
        rows = rows.filter(public__iregex=re.escape(word))
    is_there = Case(When(status=OfferStatus.PUBLISHED, then=0), default=1, output_field=IntegerField())
    return rows.select_related("site__host", "site__jurisdiction").order_by(is_there, "site__name", "pk")


# -- places ------------------------------------------------------------------------------------------------


def _places(words: str) -> Group:
    """Places by code, by a name in any of the site's languages, and those of a country that is meant; the
    code itself first. There are a few hundred at most: they are compared here, alike on every database."""
    wanted = _folded(words)
    rows = list(Jurisdiction.objects.select_related("parent"))
    ranks = {row.code: _rank(row, wanted) for row in rows}
    found = [(rank, row) for row in rows if (rank := _with_parent(row, ranks)) is not None]
    found.sort(key=lambda one: (one[0], one[1].name))
    return Group([row for _rank, row in found[:MOST]], len(found))


def _with_parent(row: Jurisdiction, ranks: dict[str, int | None]) -> int | None:
    own = ranks[row.code]
    parents = ranks.get(row.parent_id or "")
    # Parts of a place that was named whole: after everything that was named itself.
    return 5 if own is None and parents is not None and parents <= 1 else own


def _rank(row: Jurisdiction, wanted: str) -> int | None:
    """0 the code, 1 a name, 2 the beginning of a name, 3 the beginning of a word, 4 a part; None: not it."""
    if wanted == row.code.casefold():
        return 0
    names = {_folded(row.name), *names_of(row.code)}
    if wanted in names or wanted == row.code.partition("-")[2].casefold():
        return 1
    if any(name.startswith(wanted) for name in names):
        return 2
    if any(f" {wanted}" in name for name in names):
        return 3
    # Two letters stand in nearly every name.
    return 4 if len(wanted) > 2 and any(wanted in name for name in names) else None


@cache
def names_of(code: str) -> frozenset[str]:
    """What ISO 3166 calls a place in each language of the site, its three letters and other names; folded."""
    entry = pycountry.subdivisions.get(code=code) if "-" in code else pycountry.countries.get(alpha_2=code)
    names = set(OTHER_NAMES.get(code, ()))
    if entry is not None:
        names |= {
            getattr(entry, field)
            for field in ("name", "common_name", "official_name", "alpha_3")
            if hasattr(entry, field)
        }
    domain = "iso3166-2" if "-" in code else "iso3166-1"
    spoken = {_in_language(name, domain, language) for name in names for language in _languages()}
    return frozenset(_folded(name) for name in names | spoken)


def _languages() -> Iterable[str]:
    return (code for code, _name in settings.LANGUAGES if code != "en")


def _in_language(name: str, domain: str, language: str) -> str:
    # pycountry calls the Chinese of the mainland zh_CN.
    locale = {"zh_Hans": "zh_CN"}.get(to_locale(language), to_locale(language))
    catalogue = gettext.translation(domain, pycountry.LOCALES_DIR, languages=[locale], fallback=True)
    return catalogue.gettext(name)


def _folded(text: str) -> str:
    """Text for comparing: one case, no accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in plain if not unicodedata.combining(one))
