"""The pages of webhooks."""

from django.urls import path

from hosting.web import webhooks

ALL = "organizations/<slug:handle>/webhooks/"
ONE = f"{ALL}<uuid:pk>/"

urlpatterns = [
    path(ALL, webhooks.listing, name="webhooks"),
    path(ONE, webhooks.show, name="webhook"),
    path(f"{ONE}deliveries/<uuid:delivery_pk>/redeliver/", webhooks.redeliver, name="webhook_redeliver"),
    path(f"{ONE}<slug:step>/", webhooks.step, name="webhook_step"),
]
