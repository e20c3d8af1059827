"""What the tests of following have in common: staff writes the law down, people follow, and are told."""

from datetime import date, timedelta

from accounts.models import Notice
from hosting.services import follows, news, newswords, rulebook
from tests import factories
from tests.factories import NOW

LATER = NOW + timedelta(hours=1)


def follow(person, code="KZ", now=NOW):
    return follows.follow(person=person, place=factories.jurisdiction(code), now=now)


def report(by, code="KZ", now=LATER, **fields):
    """News of a place, entered by staff."""
    values = {
        "date": date(2027, 1, 10),
        "date_precision": "day",
        "jurisdiction": code,
        "kind": "draft_ban",
        "title": "A ban is drafted",
        "source": "The Gazette",
        "confidence": "high",
        **fields,
    }
    return rulebook.save_news(values=values, by=by, now=now)


def drafted(by, code="KZ", **fields):
    values = {
        "jurisdiction": factories.jurisdiction(code),
        "subject": "host",
        "effect": "prohibit",
        "valid_from": date(2027, 7, 1),
        "title": "No mining",
        "source": "The Gazette",
        "confidence": "high",
        **fields,
    }
    return rulebook.draft(values=values, by=by, now=LATER)


def state(by, value, code="KZ", field="legal_status", **fields):
    """A fact of a place, entered by staff."""
    values = {
        "jurisdiction": factories.jurisdiction(code),
        "field": field,
        "value": value,
        "valid_from": date(2027, 1, 1),
        "dated_by": "effective",
        "publisher": "The Gazette",
        "confidence": "high",
        **fields,
    }
    return rulebook.save_fact(values=values, by=by, now=LATER)


def tell():
    news.tell_due(now=LATER)


def told(person):
    """What the person was told, in words."""
    rows = Notice.objects.filter(recipient=person).order_by("created_at", "pk")
    return [" ".join([one.title, *one.lines]) for one in newswords.say(rows)]
