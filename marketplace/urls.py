"""Every address of the site, by area."""

from django.contrib import admin
from django.urls import include, path

from accounts.web import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("hosting.api.urls")),
    path("", include("accounts.web.urls")),
    # Behind our own: addresses that both have are ours.
    path("account/", include("allauth.urls")),
    path("", include("hosting.web.urls")),
]
