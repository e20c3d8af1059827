"""The events of the law, and the places a person follows."""

from django.urls import path

from hosting.web import eventfeeds, events, follows

urlpatterns = [
    path("events/", events.events, name="events"),
    path("events/feed.atom", eventfeeds.feed, name="events_feed"),
    path("events/<uuid:pk>/", events.event, name="event"),
    path("places/following/", follows.followed_places, name="followed_places"),
    path("places/<str:code>/follow/", follows.follow, name="follow_place"),
    path("places/<str:code>/unfollow/", follows.unfollow, name="unfollow_place"),
]
