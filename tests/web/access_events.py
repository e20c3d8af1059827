"""The events of the law, which everybody reads, and the places a person follows."""

from tests import factories
from tests.web.access import DONE, Row, World, everyone, signed_in
from tests.web.access_market import a_place


def an_event(world: World) -> dict:
    return {"pk": factories.event().pk}


ROWS = [
    Row("events", everyone(200)),
    Row("events", everyone(400), query="year=soon", note="no year"),
    Row("events_feed", everyone(200)),
    Row("events_feed", everyone(404), query="place=XX", note="no place"),
    Row("event", everyone(200), where=an_event),
    Row("followed_places", signed_in(200)),
    Row("follow_place", signed_in(DONE), method="POST", where=a_place),
    Row("follow_place", everyone(405), where=a_place, note="by a link"),
    Row("unfollow_place", signed_in(DONE), method="POST", where=a_place),
    Row("unfollow_place", everyone(405), where=a_place, note="by a link"),
]
