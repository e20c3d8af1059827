"""The admin of this project: Django's, with our own site."""

from django.contrib.admin import apps


class Admin(apps.AdminConfig):
    """Django's admin with the site that asks for a second factor."""

    default_site = "accounts.web.staffsite.StaffSite"
