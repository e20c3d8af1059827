"""Places, their dated facts, their rules, and the news about them."""

from django.contrib import admin

from accounts.admin.looking import LookingAdmin, LookingInline
from hosting.models import Jurisdiction, JurisdictionFact, RegulationEvent, RegulationRule


class FactInline(LookingInline):
    model = JurisdictionFact
    fields = ("field", "value", "valid_from", "dated_by", "as_of", "publisher", "confidence")


class RuleInline(LookingInline):
    model = RegulationRule
    fields = ("subject", "effect", "valid_from", "valid_to", "title", "status", "confidence")


@admin.register(Jurisdiction)
class JurisdictionAdmin(LookingAdmin):
    list_display = ("code", "name", "parent", "updated_at")
    list_select_related = ("parent",)
    search_fields = ("code", "name")
    inlines = (FactInline, RuleInline)


@admin.register(JurisdictionFact)
class JurisdictionFactAdmin(LookingAdmin):
    list_display = (
        *("jurisdiction", "field", "value", "valid_from", "dated_by", "as_of", "publisher", "confidence"),
    )
    list_filter = ("confidence", "dated_by", "field", "jurisdiction")
    list_select_related = ("jurisdiction",)
    search_fields = ("=jurisdiction__code", "field", "value", "publisher")


@admin.register(RegulationRule)
class RegulationRuleAdmin(LookingAdmin):
    list_display = (
        *("jurisdiction", "effect", "subject", "valid_from", "valid_to", "title", "status", "confidence"),
    )
    list_filter = ("status", "effect", "subject", "confidence", "jurisdiction")
    list_select_related = ("jurisdiction",)
    search_fields = ("=jurisdiction__code", "title", "comment", "licence_type")
    date_hierarchy = "valid_from"


@admin.register(RegulationEvent)
class RegulationEventAdmin(LookingAdmin):
    list_display = ("date", "date_precision", "jurisdiction", "kind", "title", "source", "confidence")
    list_filter = ("kind", "confidence", "effect_on_legal_status")
    search_fields = ("=jurisdiction", "title", "source")
    date_hierarchy = "date"
