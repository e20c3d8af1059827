"""The pages of a host: its sites, photos, offers and phases."""

import io

from PIL import Image

from hosting.models import CapacityPhase, Offer, Site
from hosting.services import photos
from tests import factories
from tests.web.access import DONE, Row, World, everyone, everyone_of_ours, new_id, only

WRITES = only(viewer=403, trader=DONE, owner=DONE)


def picture() -> bytes:
    stored = io.BytesIO()
    Image.new("RGB", (240, 240), "teal").save(stored, "PNG")
    return stored.getvalue()


def a_site(world: World) -> dict:
    return {"pk": world.site.pk}


def an_offer(world: World) -> dict:
    return {"pk": world.offer("draft").pk}


def a_phase(world: World) -> dict:
    return {"pk": world.offer("draft").phases.get().pk}


def a_photo(world: World) -> dict:
    photo = photos.add(site=world.offer().site, file=io.BytesIO(picture()), by=world.owner, now=factories.NOW)
    return {"pk": photo.pk}


def a_hidden_photo(world: World) -> dict:
    site = factories.site(world.organization)
    return {"pk": photos.add(site=site, file=io.BytesIO(picture()), by=world.owner, now=factories.NOW).pk}


def site_fields(world: World) -> dict:
    factories.jurisdiction("KZ")
    return {
        "id": new_id(world),
        "name": f"Hall {next(factories.numbers)}",
        "jurisdiction": "KZ",
        "region": "North",
        "total_kw": "9000",
    }


def offer_fields(world: World) -> dict:
    return {
        "id": new_id(world),
        "version": "1",
        "title": f"Offer {next(factories.numbers)}",
        "price_model": "all_in",
        "currency": "USD",
        "energy_price": "0.055",
        "levies_included": "no",
        "metering": "plug",
        "uptime": "97",
        "cooling": "air",
    }


def phase_fields(world: World) -> dict:
    return {"id": new_id(world), "available_kw": "100", "starts_on": "2027-02-01", "state": "planned"}


def site_again(world: World) -> dict:
    return {**site_fields(world), "version": Site.objects.get(pk=world.site.pk).version}


def offer_seen(world: World) -> dict:
    return {"version": Offer.objects.get(site=world.site).version}


def phase_again(world: World) -> dict:
    return {**phase_fields(world), "version": CapacityPhase.objects.get().version}


def a_complete_draft(world: World) -> dict:
    return {**an_offer(world), "step": "submit"}


def a_published_one(world: World) -> dict:
    return {"pk": world.offer().pk, "step": "pause"}


def no_such_step(world: World) -> dict:
    return {**an_offer(world), "step": "publish"}


ROWS = [
    Row("my_hotels", everyone_of_ours(200, foreign=200)),
    Row("site_new", everyone_of_ours(200, foreign=200)),
    Row(
        "site_new",
        only(viewer=403, trader=DONE, owner=DONE, foreign=DONE),
        method="POST",
        data=site_fields,
    ),
    Row("site_edit", everyone_of_ours(200), where=a_site),
    Row("site_edit", WRITES, where=a_site, method="POST", data=site_again),
    Row(
        "site_edit",
        only(viewer=403, trader=400, owner=400),
        where=a_site,
        method="POST",
        data=lambda world: {**site_again(world), "total_kw": "3,500"},
        note="bad input",
    ),
    Row("photo_add", only(viewer=403, trader=400, owner=400), where=a_site, method="POST"),
    Row("photo_remove", WRITES, where=a_hidden_photo, method="POST"),
    Row("site_photo", everyone(200), where=a_photo),
    Row(
        "site_photo",
        everyone(404, viewer=200, trader=200, owner=200, staff=200),
        where=a_hidden_photo,
        note="of a site that is not listed",
    ),
    Row("offer_new", everyone_of_ours(200), where=a_site),
    Row("offer_new", everyone_of_ours(200), where=a_site, query="price_model=tiered"),
    Row("offer_new", WRITES, where=a_site, method="POST", data=offer_fields),
    Row("offer_prices", everyone_of_ours(200), where=a_site, query="price_model=all_in"),
    Row("offer_edit", everyone_of_ours(200), where=an_offer),
    Row("offer_edit", WRITES, where=an_offer, method="POST", data=offer_fields),
    Row("offer_step", WRITES, where=a_complete_draft, method="POST", data=offer_seen),
    Row("offer_step", WRITES, where=a_published_one, method="POST", data=offer_seen, note="live"),
    Row(
        "offer_step",
        only(viewer=403, trader=404, owner=404),
        where=no_such_step,
        method="POST",
        data=offer_seen,
        note="a host does not publish",
    ),
    Row(
        "offer_step",
        only(viewer=403, trader=409, owner=409),
        where=a_complete_draft,
        method="POST",
        data=lambda world: {"version": 1},
        note="stale",
    ),
    Row("offer_copy", WRITES, where=an_offer, method="POST", data=lambda world: {"id": new_id(world)}),
    Row("phase_new", everyone_of_ours(200), where=an_offer),
    Row("phase_new", WRITES, where=an_offer, method="POST", data=phase_fields),
    Row("phase_edit", everyone_of_ours(200), where=a_phase),
    Row("phase_edit", WRITES, where=a_phase, method="POST", data=phase_again),
    Row("phase_remove", WRITES, where=a_phase, method="POST", data=phase_again),
]
