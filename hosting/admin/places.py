"""Places, their dated facts, their rules, and the news about them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.looking import LookingInline
from accounts.admin.saving import SavingAdmin
from accounts.admin.steps import Reason, Step, SteppingAdmin
from accounts.services import lifecycle
from hosting.admin.references import FactForm, NewsForm, RuleForm
from hosting.admin.timelines import MarketAdmin
from hosting.models import Jurisdiction, JurisdictionFact, RegulationEvent, RegulationRule, RuleStatus
from hosting.services import rulebook


class FactInline(LookingInline):
    model = JurisdictionFact
    fields = ("field", "value", "valid_from", "dated_by", "as_of", "publisher", "confidence")
    show_change_link = True


class RuleInline(LookingInline):
    model = RegulationRule
    fields = ("subject", "effect", "valid_from", "valid_to", "title", "status", "confidence")
    show_change_link = True


@admin.register(Jurisdiction)
class JurisdictionAdmin(MarketAdmin):
    """Which places there are is shipped with the code; what is known of them is entered here."""

    list_display = ("code", "name", "parent", "version", "updated_at")
    list_select_related = ("parent",)
    list_filter = (("parent", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("code", "name")
    date_hierarchy = "updated_at"
    inlines = (FactInline, RuleInline)


@admin.register(JurisdictionFact)
class JurisdictionFactAdmin(SavingAdmin):
    form = FactForm
    key = rulebook.FACT_KEY
    autocomplete_fields = ("jurisdiction",)
    list_display = (
        *("jurisdiction", "field", "value", "valid_from", "dated_by", "as_of", "publisher", "confidence"),
    )
    list_filter = ("confidence", "dated_by", "field", ("jurisdiction", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("jurisdiction",)
    search_fields = ("=jurisdiction__code", "jurisdiction__name", "field", "value", "publisher", "title")
    date_hierarchy = "valid_from"


def becomes(status: str) -> Any:
    return lambda rule: lifecycle.can_move(rule, to=status)


RULE = (
    Step("review", _("Reviewed: it says what its source says"), rulebook.review, becomes("reviewed"), Reason),
    Step("publish", _("Publish, as the second"), rulebook.publish, becomes("published"), Reason),
    Step("supersede", _("Supersede: it counts no more"), rulebook.supersede, becomes("superseded"), Reason),
)


@admin.register(RegulationRule)
class RegulationRuleAdmin(SavingAdmin, SteppingAdmin):
    """A draft is written here; two of the staff bring it on the market. What was reviewed stays as it is."""

    form = RuleForm
    subject = "rule"
    steps = RULE
    autocomplete_fields = ("jurisdiction",)
    list_display = (
        *("title", "jurisdiction", "effect", "subject", "valid_from", "valid_to", "status", "confidence"),
        "updated_at",
    )
    list_filter = (
        *("status", "effect", "subject", "confidence"),
        ("jurisdiction", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("jurisdiction",)
    search_fields = ("=jurisdiction__code", "jurisdiction__name", "title", "comment", "licence_type")
    date_hierarchy = "valid_from"

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self.may_step(request) and request.user.has_perm("hosting.add_regulationrule")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_step(request) and (obj is None or obj.status == RuleStatus.DRAFT)


@admin.register(RegulationEvent)
class RegulationEventAdmin(SavingAdmin):
    form = NewsForm
    key = rulebook.NEWS_KEY
    list_display = ("date", "date_precision", "jurisdiction", "kind", "title", "source", "confidence")
    list_filter = ("kind", "confidence", "effect_on_legal_status", "jurisdiction")
    search_fields = ("=jurisdiction", "title", "source")
    date_hierarchy = "date"
