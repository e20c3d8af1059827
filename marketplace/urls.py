"""Every address of the site, by area."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from accounts.web import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("accounts.web.urls")),
]
if find_spec("hosting.api.urls"):
    urlpatterns.append(path("api/v1/", include("hosting.api.urls")))
if find_spec("hosting.web.urls"):
    urlpatterns.append(path("", include("hosting.web.urls")))
