"""The addresses of webhooks and of the events feed."""

from django.urls import path

from hosting.api import events, webhooks

urlpatterns = [
    path("events/", events.EventList.as_view(), name="api_events"),
    path("webhooks/", webhooks.WebhookList.as_view(), name="api_webhooks"),
    path("webhooks/<uuid:id>/", webhooks.WebhookDetail.as_view(), name="api_webhook"),
    path("webhooks/<uuid:id>/rotate/", webhooks.WebhookRotate.as_view(), name="api_webhook_rotate"),
    path("webhooks/<uuid:id>/enable/", webhooks.WebhookEnable.as_view(), name="api_webhook_enable"),
    path("webhooks/<uuid:id>/disable/", webhooks.WebhookDisable.as_view(), name="api_webhook_disable"),
    path("webhooks/<uuid:id>/deliveries/", webhooks.DeliveryList.as_view(), name="api_deliveries"),
    path(
        "webhooks/<uuid:id>/deliveries/<uuid:delivery_id>/redeliver/",
        webhooks.Redeliver.as_view(),
        name="api_redeliver",
    ),
]
