"""Jurisdiction, its dated facts, its rules, and the news about it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.rows import Versioned


class Confidence(models.TextChoices):
    LOW = "low", _("low")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")


class LegalStatus(models.TextChoices):
    """From worst to best; the order is the scale 0 to 4 of the matching."""

    BANNED = "banned", _("banned")
    RESTRICTED = "restricted", _("restricted")
    TOLERATED = "tolerated", _("tolerated")
    LEGAL_UNREGULATED = "legal_unregulated", _("legal, unregulated")
    LEGAL_LICENSED = "legal_licensed", _("legal, licensed")


class Jurisdiction(models.Model):
    """A country (ISO 3166-1) or a subdivision (ISO 3166-2) under its country."""

    code = models.CharField(_("code"), max_length=6, primary_key=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subdivisions", verbose_name=_("parent")
    )
    name = models.CharField(_("name"), max_length=80)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    updated_at = models.DateTimeField(_("changed"), editable=False)

    class Meta:
        verbose_name = _("jurisdiction")
        verbose_name_plural = _("jurisdictions")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="jurisdiction_is_not_its_own_parent", condition=~Q(parent=F("code"))),
        ]

    def __str__(self) -> str:
        return self.name


class DatedBy(models.TextChoices):
    """What the first day of a fact rests on."""

    EFFECTIVE = "effective", _("the day it took effect")
    AS_OF = "as_of", _("the day of its source")
    COMPILED = "compiled", _("the day the data was compiled; its own day is not known")


class FactQuerySet(models.QuerySet):
    def on(self, day) -> "FactQuerySet":
        """Those that had begun on the day; which one holds is resolved by the matching (latest first day
        wins)."""
        return self.filter(valid_from__lte=day)


class JurisdictionFact(models.Model):
    """A dated value of a place. What is not known has no row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    jurisdiction = models.ForeignKey(
        Jurisdiction, models.CASCADE, related_name="facts", verbose_name=_("jurisdiction")
    )
    field = models.CharField(_("field"), max_length=60)
    value = models.TextField(_("value"))
    rationale = models.TextField(_("rationale"), blank=True)
    valid_from = models.DateField(_("valid from"))
    dated_by = models.CharField(_("dated by"), max_length=10, choices=DatedBy)
    valid_from_text = models.CharField(
        _("as the source dates it"),
        max_length=80,
        blank=True,
        help_text=_("the effective date as it was found, for example 2023-11"),
    )
    as_of = models.CharField(_("as of"), max_length=80, blank=True, help_text=_("as the source says it"))
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    title = models.TextField(_("title"), blank=True)
    url = models.URLField(_("URL"), max_length=600, blank=True)
    confidence = models.CharField(_("confidence"), max_length=6, choices=Confidence)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering = ["jurisdiction", "field", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "field", "valid_from"],
                name="fact_is_one_per_place_field_and_first_day",
            ),
            models.CheckConstraint(
                name="fact_confidence_is_known", condition=Q(confidence__in=Confidence.values)
            ),
            models.CheckConstraint(name="fact_has_a_value", condition=~Q(value="")),
            models.CheckConstraint(
                name="fact_legal_status_is_on_the_scale",
                condition=~Q(field="legal_status") | Q(value__in=LegalStatus.values),
            ),
            models.CheckConstraint(
                name="fact_predictability_is_one_to_five",
                condition=~Q(field="predictability") | Q(value__in=["1", "2", "3", "4", "5"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction_id} {self.field}"


class Subject(models.TextChoices):
    HOST = "host", _("host")
    MINER = "miner", _("miner")
    IMPORT = "import", _("import")


class Effect(models.TextChoices):
    PROHIBIT = "prohibit", _("prohibits mining")
    MORATORIUM_NEW = "moratorium_new", _("pauses new sites")
    CAP_KW = "cap_kw", _("caps the size")
    REQUIRE_LICENCE = "require_licence", _("requires a licence")
    REQUIRE_REGISTRATION = "require_registration", _("requires registration")
    LEVY_PER_KWH = "levy_per_kwh", _("levy per kWh")
    CURTAIL = "curtail", _("seasonal stop")
    ALLOW = "allow", _("note")


class RuleStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    REVIEWED = "reviewed", _("reviewed")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("superseded")
    EXPIRED = "expired", _("expired")


class RuleQuerySet(models.QuerySet):
    def published(self) -> "RuleQuerySet":
        return self.filter(status=RuleStatus.PUBLISHED)

    def not_over(self, day) -> "RuleQuerySet":
        """In force on the day or still to come."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))


class RegulationRule(Versioned):
    """A dated rule of a place, in the form the matching can apply. In force on the days of [valid_from,
    valid_to)."""

    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, related_name="rules", verbose_name=_("jurisdiction")
    )
    status = models.CharField(_("status"), max_length=10, choices=RuleStatus, default=RuleStatus.DRAFT)
    subject = models.CharField(_("subject"), max_length=6, choices=Subject)
    effect = models.CharField(_("effect"), max_length=20, choices=Effect)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(
        _("valid to"), null=True, blank=True, help_text=_("the first day it no longer holds")
    )
    min_kw = models.PositiveIntegerField(_("from kW"), null=True, blank=True)
    max_kw = models.PositiveIntegerField(_("up to kW"), null=True, blank=True)
    new_only = models.BooleanField(_("new sites only"), default=False)
    licence_type = models.CharField(_("licence type"), max_length=60, blank=True)
    cap_kw = models.PositiveIntegerField(_("cap in kW"), null=True, blank=True)
    levy = models.JSONField(
        _("levy scale"),
        default=list,
        blank=True,
        help_text=_('[{"from": "0", "amount": "1"}], per kWh, decimal text'),
    )
    levy_currency = models.CharField(_("levy currency"), max_length=3, blank=True)
    title = models.TextField(_("title"))
    comment = models.TextField(_("comment"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(_("URL"), max_length=600, blank=True)
    source_as_of = models.CharField(_("source as of"), max_length=80, blank=True)
    confidence = models.CharField(_("confidence"), max_length=6, choices=Confidence)

    MOVES = {
        RuleStatus.DRAFT: frozenset({RuleStatus.REVIEWED}),
        RuleStatus.REVIEWED: frozenset({RuleStatus.PUBLISHED}),
        RuleStatus.PUBLISHED: frozenset({RuleStatus.SUPERSEDED, RuleStatus.EXPIRED}),
        RuleStatus.SUPERSEDED: frozenset(),
        RuleStatus.EXPIRED: frozenset(),
    }

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["jurisdiction", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(name="rule_status_is_known", condition=Q(status__in=RuleStatus.values)),
            models.CheckConstraint(name="rule_subject_is_known", condition=Q(subject__in=Subject.values)),
            models.CheckConstraint(name="rule_effect_is_known", condition=Q(effect__in=Effect.values)),
            models.CheckConstraint(
                name="rule_confidence_is_known", condition=Q(confidence__in=Confidence.values)
            ),
            models.CheckConstraint(
                name="rule_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="rule_sizes_are_in_order",
                condition=Q(min_kw__isnull=True) | Q(max_kw__isnull=True) | Q(max_kw__gte=F("min_kw")),
            ),
            models.CheckConstraint(
                name="rule_cap_has_its_kw", condition=~Q(effect=Effect.CAP_KW) | Q(cap_kw__isnull=False)
            ),
            models.CheckConstraint(
                name="rule_levy_has_its_currency",
                condition=~Q(effect=Effect.LEVY_PER_KWH) | ~Q(levy_currency=""),
            ),
            models.CheckConstraint(
                name="rule_licence_has_its_type",
                condition=~Q(effect__in=[Effect.REQUIRE_LICENCE, Effect.REQUIRE_REGISTRATION])
                | ~Q(licence_type=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction_id} {self.effect} {self.valid_from}"


class DatePrecision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class RegulationEvent(models.Model):
    """Dated, sourced news. Its place is text: EU and XK have no place of their own here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    date = models.DateField(_("date"), help_text=_("the first day of its period"))
    date_precision = models.CharField(_("precision"), max_length=5, choices=DatePrecision)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=6)
    kind = models.CharField(_("kind"), max_length=30)
    title = models.TextField(_("title"))
    effect_on_legal_status = models.CharField(
        _("effect on legal status"), max_length=20, choices=LegalStatus, blank=True
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    url = models.URLField(_("URL"), max_length=600, blank=True)
    confidence = models.CharField(_("confidence"), max_length=6, choices=Confidence)
    note = models.TextField(_("note"), blank=True)
    updated_at = models.DateTimeField(_("changed"), editable=False)

    class Meta:
        verbose_name = _("regulation event")
        verbose_name_plural = _("regulation events")
        ordering = ["-date", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["date", "jurisdiction", "title"],
                name="regulation_event_is_one_per_day_place_and_title",
            ),
            models.CheckConstraint(
                name="regulation_event_confidence_is_known", condition=Q(confidence__in=Confidence.values)
            ),
        ]

    def __str__(self) -> str:
        return self.title
