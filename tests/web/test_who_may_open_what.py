"""Every page of ours x every role: the outcome is the table's, and a page without a row fails.

The rows stand in access_<area>.py; access.py says how they are written.
"""

import json
import uuid

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, resolve, reverse

from accounts.models import Event
from tests.web import access_accounts, access_catalogue, access_host, access_market, access_miner
from tests.web.access import CHOOSE, DONE, LOGIN, ROLES, Row, World
from tests.web.access_events import ROWS as EVENT_ROWS
from tests.web.access_figures import ROWS as FIGURE_ROWS
from tests.web.access_imports import ROWS as IMPORT_ROWS
from tests.web.access_partners import ROWS as PARTNER_ROWS
from tests.web.access_places import ROWS as PLACE_ROWS
from tests.web.access_webhooks import ROWS as WEBHOOK_ROWS

TABLE: list[Row] = [*access_market.ROWS, *access_accounts.ROWS, *access_host.ROWS, *access_miner.ROWS]
TABLE += [*access_catalogue.ROWS, *WEBHOOK_ROWS, *PARTNER_ROWS, *IMPORT_ROWS, *EVENT_ROWS, *FIGURE_ROWS]
TABLE += PLACE_ROWS
OURS = ("accounts.", "hosting.")
UNSAFE = [row for row in TABLE if row.method != "GET" and not row.name.startswith(("api_", "/api/"))]


def pages(resolver=None):
    """(name, callback) of every address of ours. allauth's and Django's own are theirs; the admin has a test
    of its own below."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from pages(pattern) if pattern.namespace != "admin" else ()
        elif pattern.callback.__module__.startswith(OURS):
            yield pattern.name, pattern.callback


def address(row, where):
    return row.name if row.name.startswith("/") else reverse(row.name, kwargs=where)


def knock(row, world, role, url, data, **options):
    """The answer that this role gets."""
    client = Client(**options)
    person = world.person(role)
    if person is not None:
        client.force_login(person)
    if row.name.startswith("api_") and row.method != "GET":
        seen = {"If-Match": str(data["If-Match"])} if "If-Match" in data else {}
        sent = json.dumps({name: value for name, value in data.items() if name != "If-Match"})
        return client.generic(row.method, url, sent, content_type="application/json", headers=seen)
    posted = {"acting": world.handle(role), **data} if row.method == "POST" else None
    return client.generic(row.method, url) if posted is None else client.post(url, posted)


def outcome(answer):
    """The answer in the table's words."""
    if answer.status_code not in (301, 302, 303):
        return answer.status_code
    target = answer.headers["Location"]
    if target.startswith(reverse("login")):
        return LOGIN
    return CHOOSE if target == reverse("organizations") else DONE


@pytest.mark.django_db
@pytest.mark.parametrize("row", TABLE, ids=str)
def test_each_role_gets_what_the_table_says_and_who_is_refused_changes_nothing(row):
    world = World()
    where, data = row.where(world), row.data(world)
    url = address(row, where) + (f"?{row.query}" if row.query else "")
    found = {}
    for role in ROLES:
        events = Event.objects.count()
        with transaction.atomic():
            found[role] = outcome(knock(row, world, role, url, data))
            if found[role] not in (DONE, 200, 201, 202):
                assert Event.objects.count() == events, f"{role} was refused and yet changed something"
            transaction.set_rollback(True)
    assert found == row.expects
    if row in UNSAFE:
        answer = knock(row, world, "owner", url, data, enforce_csrf_checks=True)
        assert answer.status_code == 403, "a form of another site could do this"


def test_every_page_of_ours_has_a_row():
    with_a_row = {row.name for row in TABLE}
    with_a_row |= {resolve(row.name).func for row in TABLE if row.name.startswith("/")}
    without = {name or callback for name, callback in pages() if (name or callback) not in with_a_row}
    assert without == set()


ADMIN_OPEN_TO_ALL = {"login", "logout", "jsi18n"}
FILLED = {"object_id": "1", "app_label": "hosting", "content_type_id": 1, "url": "x"}


def admin_addresses():
    """Every address of the admin, with something in the place of its arguments."""
    (admin,) = (one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "admin")
    for name, (possible, *_rest) in admin.reverse_dict.items():
        if isinstance(name, str) and name not in ADMIN_OPEN_TO_ALL:
            names = possible[0][1]
            yield name, {key: FILLED.get(key, uuid.UUID(int=1)) for key in names}


@pytest.mark.django_db
def test_the_admin_is_closed_to_everybody_but_staff():
    world = World()
    addresses = list(admin_addresses())
    assert len(addresses) > 100
    for role in ROLES[:-1]:
        client = Client()
        if world.person(role) is not None:
            client.force_login(world.person(role))
        for name, where in addresses:
            url = reverse(f"admin:{name}", kwargs=where)
            for answer in (client.get(url), client.post(url)):
                assert answer.status_code in (302, 403, 404), (role, name)
                if answer.status_code == 302:
                    assert "login" in answer.headers["Location"], (role, name)


def test_every_row_is_of_a_page_that_there_is():
    names = {name for name, _callback in pages()}
    assert {row.name for row in TABLE if not row.name.startswith("/")} <= names


def test_every_row_names_every_role():
    assert {str(row): set(row.expects) ^ set(ROLES) for row in TABLE if set(row.expects) != set(ROLES)} == {}
