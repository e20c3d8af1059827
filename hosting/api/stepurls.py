"""Addresses of what people and programs do: steps of offers, requests and their matches, interests."""

from django.urls import path

from hosting.api import interests, intereststeps, offersteps, requestmatches, requests

OFFER, REQUEST, INTEREST = "offers/<uuid:id>", "requests/<uuid:id>", "interests/<uuid:id>"

urlpatterns = [
    path(f"{OFFER}/submit/", offersteps.OfferSubmit.as_view(), name="api_offer_submit"),
    path(f"{OFFER}/draft/", offersteps.OfferDraft.as_view(), name="api_offer_draft"),
    path(f"{OFFER}/pause/", offersteps.OfferPause.as_view(), name="api_offer_pause"),
    path(f"{OFFER}/resume/", offersteps.OfferResume.as_view(), name="api_offer_resume"),
    path(f"{OFFER}/withdraw/", offersteps.OfferWithdraw.as_view(), name="api_offer_withdraw"),
    path("requests/", requests.RequestList.as_view(), name="api_requests"),
    path(f"{REQUEST}/", requests.RequestDetail.as_view(), name="api_request"),
    path(f"{REQUEST}/publish/", requests.RequestPublish.as_view(), name="api_request_publish"),
    path(f"{REQUEST}/withdraw/", requests.RequestWithdraw.as_view(), name="api_request_withdraw"),
    path(f"{REQUEST}/matches/", requestmatches.RequestMatches.as_view(), name="api_request_matches"),
    path("interests/", interests.InterestList.as_view(), name="api_interests"),
    path(f"{INTEREST}/", interests.InterestDetail.as_view(), name="api_interest"),
    path(f"{INTEREST}/shortlist/", intereststeps.InterestShortlist.as_view(), name="api_interest_shortlist"),
    path(f"{INTEREST}/unlist/", intereststeps.InterestUnlist.as_view(), name="api_interest_unlist"),
    path(f"{INTEREST}/express/", intereststeps.InterestExpress.as_view(), name="api_interest_express"),
    path(f"{INTEREST}/take-back/", intereststeps.InterestTakeBack.as_view(), name="api_interest_take_back"),
    path(f"{INTEREST}/decline/", intereststeps.InterestDecline.as_view(), name="api_interest_decline"),
    path(
        f"{INTEREST}/undo-decline/",
        intereststeps.InterestUndoDecline.as_view(),
        name="api_interest_undo_decline",
    ),
]
