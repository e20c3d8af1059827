"""The miner's pages, and the host's view of what miners ask for."""

from django.urls import path

from hosting.web import compare, exports, fitting, myrequestedits, myrequests, pairs

urlpatterns = [
    path("requests/", myrequests.my_requests, name="my_requests"),
    path("requests/new/", myrequestedits.request_new, name="request_new"),
    path("requests/<uuid:pk>/", myrequests.request_page, name="request"),
    path("requests/<uuid:pk>/edit/", myrequestedits.request_edit, name="request_edit"),
    path("requests/<uuid:pk>/list/", myrequests.request_list_fragment, name="request_list_fragment"),
    path("requests/<uuid:pk>/compare/", compare.request_compare, name="request_compare"),
    path("requests/<uuid:pk>/hotels.csv", exports.request_csv, name="request_csv"),
    path("requests/<uuid:pk>/hotels/<uuid:offer_pk>/", pairs.pair, name="pair"),
    path("requests/<uuid:pk>/<slug:step>/", myrequestedits.request_step, name="request_step"),
    path("host/requests/", fitting.fitting_requests, name="fitting_requests"),
    path("host/requests/<uuid:pk>/", fitting.fitting_request, name="fitting_request"),
    path("host/requests/<uuid:pk>/offers/<uuid:offer_pk>/", fitting.interest, name="interest"),
]
