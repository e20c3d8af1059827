"""The forms of an organization: its particulars, its members, its papers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.models import DocumentKind, Organization, Review, Role
from accounts.web.forms import Ask, Once, Taken, TakesFiles, date_field

KINDS = (
    ("host", _("host: rents out power and floor")),
    ("miner", _("miner: places machines")),
    ("broker", _("broker: acts for miners")),
    ("partner", _("partner: carrier, insurer, data")),
)


def country_choices() -> list[tuple[str, str]]:
    return [("", _("choose")), *countries]


class Particulars(forms.Form):
    """What founding and changing have in common."""

    kinds = forms.MultipleChoiceField(
        label=_("What it does"), choices=KINDS, widget=forms.CheckboxSelectMultiple,
        help_text=_("Several at once are fine."), error_messages={"required": _("Choose at least one.")},
    )  # fmt: skip
    legal_name = forms.CharField(
        label=_("Legal name"), max_length=200, help_text=_("Shown to parties of a contract and staff only.")
    )
    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    registration_number = forms.CharField(
        label=_("Registration number"), max_length=80, required=False,
        help_text=_("In the company register. Needed to be verified."),
    )  # fmt: skip


class Found(Once, Particulars):
    """A new organization."""

    handle = forms.CharField(
        label=_("Handle"),
        max_length=40,
        help_text=_("Its public name: 3 to 40 lower-case letters, digits and hyphens. It can't change."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ("handle", "kinds", "legal_name", "country", "registration_number", "id")


class Describe(Ask, Particulars):
    """Changed particulars, and the version of the row that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, organization: Organization) -> "Describe":
        """The form as the row stands."""
        names = ("kinds", "legal_name", "country", "registration_number", "version")
        return cls(initial={name: getattr(organization, name) for name in names})

    def meanwhile(self, organization: Organization) -> list[tuple[str, Any]]:
        """What is different now from what was typed, as (label, value now). What was typed stays in the
        form, which from here on is about the version now."""
        data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict: the form was posted
        data["version"] = organization.version
        self.data = data
        names = ("kinds", "legal_name", "country", "registration_number")
        return [
            (str(self.fields[name].label or name), getattr(organization, name))
            for name in names
            if self.cleaned_data.get(name) != getattr(organization, name)
        ]


class Invite(Ask):
    """Whom to let in, and what they may do."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role, initial=Role.VIEWER)


class HandIn(TakesFiles):
    """A paper for the dossier."""

    kind = forms.ChoiceField(label=_("What it is"), choices=[("", _("choose")), *DocumentKind.choices])
    file = Taken(label=_("File"), help_text=_("PDF, PNG or JPEG, up to 10 MB."))
    expires_on = date_field(_("Expires on"), hint=_("The first day it no longer holds, if there is one."))


class EnterLicence(Once):
    """A licence, permit or registration."""

    jurisdiction_code = forms.CharField(
        label=_("Place"), max_length=6, help_text=_("Its code, for example KZ or US-TX.")
    )
    type = forms.CharField(
        label=_("Type"), max_length=60,
        help_text=_("As the page of the place names it, for example kz-digital-mining-1."),
    )  # fmt: skip
    number = forms.CharField(label=_("Number"), max_length=80, required=False)
    valid_from = date_field(_("Valid from"))
    valid_to = date_field(_("Valid to"), hint=_("The first day it no longer holds."))
    document: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Paper"), queryset=None, required=False, help_text=_("Hand it in with the dossier first.")
    )

    def __init__(self, *args: Any, organization: Organization, **more: Any) -> None:
        super().__init__(*args, **more)
        papers = organization.documents.exclude(review=Review.REJECTED)
        self.fields["document"].queryset = papers  # type: ignore[attr-defined]
        self.fields["document"].empty_label = _("none yet")  # type: ignore[attr-defined]

    def clean_jurisdiction_code(self) -> str:
        return self.cleaned_data["jurisdiction_code"].strip().upper()
