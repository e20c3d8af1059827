"""The pages of a host. Their addresses are public: change none."""

from django.urls import path

from hosting.web import myhotels, myoffers, myphases, mysites, photos

urlpatterns = [
    path("host/", myhotels.my_hotels, name="my_hotels"),
    path("host/sites/new/", mysites.site_new, name="site_new"),
    path("host/sites/<uuid:pk>/", mysites.site_edit, name="site_edit"),
    path("host/sites/<uuid:pk>/photos/", mysites.photo_add, name="photo_add"),
    path("host/photos/<uuid:pk>/remove/", mysites.photo_remove, name="photo_remove"),
    path("photos/<uuid:pk>.jpg", photos.site_photo, name="site_photo"),
    path("host/sites/<uuid:pk>/offers/new/", myoffers.offer_new, name="offer_new"),
    path("host/sites/<uuid:pk>/prices/", myoffers.offer_prices, name="offer_prices"),
    path("host/offers/<uuid:pk>/", myoffers.offer_edit, name="offer_edit"),
    path("host/offers/<uuid:pk>/copy/", myoffers.offer_copy, name="offer_copy"),
    path("host/offers/<uuid:pk>/phases/new/", myphases.phase_new, name="phase_new"),
    path("host/offers/<uuid:pk>/<slug:step>/", myoffers.offer_step, name="offer_step"),
    path("host/phases/<uuid:pk>/", myphases.phase_edit, name="phase_edit"),
    path("host/phases/<uuid:pk>/remove/", myphases.phase_remove, name="phase_remove"),
]
