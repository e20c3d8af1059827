"""Every address of the API."""

from django.urls import path, re_path

from accounts.api import docs, me
from hosting.api import imports, machines, matches, offers, organizations, places, rates, sites
from hosting.api.stepurls import urlpatterns as step_urls
from hosting.api.webhookurls import urlpatterns as webhook_urls

urlpatterns = [
    *webhook_urls,
    *step_urls,
    path("me/", me.Me.as_view(), name="api_me"),
    path("organizations/<slug:handle>/", organizations.OrganizationDetail.as_view(), name="api_organization"),
    path("jurisdictions/", places.JurisdictionList.as_view(), name="api_jurisdictions"),
    path("jurisdictions/<str:code>/", places.JurisdictionDetail.as_view(), name="api_jurisdiction"),
    path("regulation-events/", places.RegulationEventList.as_view(), name="api_regulation_events"),
    path("machines/", machines.MachineList.as_view(), name="api_machines"),
    path("rates/", rates.RateList.as_view(), name="api_rates"),
    path("sites/", sites.SiteList.as_view(), name="api_sites"),
    path("sites/<uuid:id>/", sites.SiteDetail.as_view(), name="api_site"),
    path("offers/", offers.OfferList.as_view(), name="api_offers"),
    path("offers/<uuid:id>/", offers.OfferDetail.as_view(), name="api_offer"),
    path("imports/", imports.ImportList.as_view(), name="api_imports"),
    path("imports/<uuid:id>/", imports.ImportDetail.as_view(), name="api_import"),
    path("imports/<uuid:id>/commit/", imports.ImportCommit.as_view(), name="api_import_commit"),
    path("matches/preview/", matches.MatchPreview.as_view(), name="api_matches_preview"),
    path("schema/", docs.Schema.as_view(), name="api_schema"),
    path("docs/", docs.Docs.as_view(url_name="api_schema"), name="api_docs"),
    # Whatever else is asked for here is a problem in the API's own shape, not a page.
    re_path(r"", docs.Nowhere.as_view()),
]
