"""The addresses of the catalogue and of what leads to pages: search, sitemap, robots."""

from django.urls import path

from hosting.web import machines, search, sitemaps

urlpatterns = [
    path("machines/", machines.machines, name="machines"),
    path("machines/<uuid:pk>/", machines.machine, name="machine"),
    path("search/", search.search, name="search"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap_section"),
    path("robots.txt", sitemaps.robots, name="robots"),
]
