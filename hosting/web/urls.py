"""The pages of the market. Their addresses are public: change none."""

from django.urls import path

from hosting.web import (
    find,
    home,
    hosturls,
    hotels,
    imports,
    mandates,
    minerurls,
    notices,
    placecompare,
    placelists,
    places,
)
from hosting.web.catalogueurls import urlpatterns as catalogue_urls
from hosting.web.eventurls import urlpatterns as event_urls
from hosting.web.marketurls import urlpatterns as market_urls
from hosting.web.webhookurls import urlpatterns as webhook_urls

urlpatterns = [
    *webhook_urls,
    *catalogue_urls,
    *market_urls,
    path("organizations/<slug:handle>/mandates/", mandates.overview, name="mandates"),
    path("organizations/<slug:handle>/mandates/<uuid:pk>/end/", mandates.end, name="mandate_end"),
    path("", home.home, name="home"),
    path("find/", find.find, name="find"),
    path("hotels/", hotels.hotels, name="hotels"),
    path("hotels/<uuid:pk>/", hotels.hotel, name="hotel"),
    path("places/", placelists.places, name="places"),
    path("places/compare/", placecompare.compare, name="places_compare"),
    *event_urls,
    path("places/<str:code>/", places.place, name="place"),
    path("imports/", imports.overview, name="imports"),
    path("imports/<uuid:pk>/", imports.detail, name="import"),
    path("imports/<uuid:pk>/commit/", imports.commit, name="import_commit"),
    *hosturls.urlpatterns,
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="notices_read"),
    path("notices/settings/", notices.settings, name="notice_settings"),
    path("notices/<uuid:pk>/", notices.open_notice, name="notice"),
    *minerurls.urlpatterns,
]
