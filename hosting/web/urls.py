"""The pages of the market. Their addresses are public: change none."""

from django.urls import path

from hosting.web import find, home, hotels, places

urlpatterns = [
    path("", home.home, name="home"),
    path("find/", find.find, name="find"),
    path("hotels/", hotels.hotels, name="hotels"),
    path("hotels/<uuid:pk>/", hotels.hotel, name="hotel"),
    path("places/", places.places, name="places"),
    path("places/<str:code>/", places.place, name="place"),
]
