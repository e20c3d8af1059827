"""Imports over the API: a file is its organization's alone."""

from hosting.models import Site
from tests.services.importing import offers_csv, receive
from tests.web.access import DONE, Row, World, everyone, everyone_of_ours, only


def an_import(world: World) -> dict:
    Site.objects.filter(pk=world.site.pk).update(name="Hall")
    return {"id": receive(world.organization, offers_csv({}), by=world.owner).pk}


def a_page(world: World) -> dict:
    return {"pk": an_import(world)["id"]}


ours = everyone(404, stranger=401, viewer=200, trader=200, owner=200, staff=200)

ROWS = [
    Row("api_imports", everyone(200, stranger=401)),
    # The rows are sent as JSON, and a file is not: with a form, tests/api/test_imports.py asks who may.
    Row("api_imports", everyone(415, stranger=401), method="POST", note="no form"),
    Row("api_import", ours, where=an_import),
    Row(
        "api_import_commit",
        everyone(404, stranger=401, viewer=403, trader=200, owner=200),
        where=an_import,
        method="POST",
        data=lambda world: {"If-Match": 2},
    ),
    Row("imports", everyone_of_ours(200, foreign=200)),
    Row("imports", only(viewer=403, trader=400, owner=400, foreign=400), method="POST", note="no file"),
    Row("import", everyone_of_ours(200), where=a_page),
    Row(
        "import_commit",
        only(viewer=403, trader=DONE, owner=DONE),
        where=a_page,
        method="POST",
        data=lambda world: {"version": 2},
    ),
]
