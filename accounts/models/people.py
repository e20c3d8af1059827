"""User, Organization, Membership: who acts, and for whom."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models.rows import Versioned


class UserManager(BaseUserManager):
    """Makes people; an e-mail address is kept in lower case, because mail boxes are."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(email=username.strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Signs in by e-mail."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_is_unique_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Verification(models.TextChoices):
    UNVERIFIED = "unverified", _("unverified")
    SUBMITTED = "submitted", _("submitted")
    IN_REVIEW = "in_review", _("in review")
    INFO_NEEDED = "info_needed", _("information needed")
    REJECTED = "rejected", _("rejected")
    VERIFIED = "verified", _("verified")
    EXPIRED = "expired", _("expired")
    SUSPENDED = "suspended", _("suspended")


VERIFICATION_MOVES: dict[str, frozenset[str]] = {
    Verification.UNVERIFIED: frozenset({Verification.SUBMITTED, Verification.SUSPENDED}),
    Verification.SUBMITTED: frozenset({Verification.IN_REVIEW, Verification.SUSPENDED}),
    Verification.IN_REVIEW: frozenset(
        {Verification.VERIFIED, Verification.REJECTED, Verification.INFO_NEEDED, Verification.SUSPENDED}
    ),
    Verification.INFO_NEEDED: frozenset({Verification.SUBMITTED, Verification.SUSPENDED}),
    Verification.REJECTED: frozenset({Verification.SUBMITTED, Verification.SUSPENDED}),
    Verification.VERIFIED: frozenset({Verification.EXPIRED, Verification.SUSPENDED}),
    Verification.EXPIRED: frozenset({Verification.SUBMITTED, Verification.SUSPENDED}),
    Verification.SUSPENDED: frozenset({Verification.VERIFIED}),
}


class SanctionsResult(models.TextChoices):
    NOT_CHECKED = "not_checked", _("not checked")
    CLEAR = "clear", _("clear")
    HIT = "hit", _("hit")


handle_rule = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])$",
    _("Use 3 to 40 lower-case letters, digits and hyphens."),
)


class Organization(Versioned):
    """A host, miner, broker or partner, or several of these at once."""

    handle = models.CharField(_("handle"), max_length=40, unique=True, validators=[handle_rule])
    legal_name = models.CharField(_("legal name"), max_length=200)
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166-1, two letters"))
    registration_number = models.CharField(_("registration number"), max_length=80, blank=True)
    is_host = models.BooleanField(_("host"), default=False)
    is_miner = models.BooleanField(_("miner"), default=False)
    is_broker = models.BooleanField(_("broker"), default=False)
    is_partner = models.BooleanField(_("partner"), default=False)
    verification = models.CharField(
        _("verification"), max_length=12, choices=Verification, default=Verification.UNVERIFIED
    )
    verified_at = models.DateTimeField(_("verified since"), null=True, blank=True)
    sanctions_result = models.CharField(
        _("sanctions check"), max_length=12, choices=SanctionsResult, default=SanctionsResult.NOT_CHECKED
    )
    sanctions_checked_on = models.DateField(_("sanctions checked on"), null=True, blank=True)
    sanctions_reference = models.CharField(_("sanctions reference"), max_length=200, blank=True)
    lift_proposed_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("lifting proposed by"),
        help_text=_("a suspension is lifted by two of the staff: this one was the first"),
    )
    reputation = models.PositiveSmallIntegerField(
        _("reputation"), null=True, blank=True, help_text=_("0 to 10000, from reviews; empty with no review")
    )

    STATUS_FIELD = "verification"
    MOVES = VERIFICATION_MOVES

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["handle"]
        constraints = [
            models.CheckConstraint(
                name="organization_is_of_some_kind",
                condition=Q(is_host=True) | Q(is_miner=True) | Q(is_broker=True) | Q(is_partner=True),
            ),
            models.CheckConstraint(
                name="organization_reputation_is_at_most_10000",
                condition=Q(reputation__isnull=True) | Q(reputation__lte=10000),
            ),
            models.CheckConstraint(
                name="organization_verification_is_known", condition=Q(verification__in=Verification.values)
            ),
            models.CheckConstraint(
                name="organization_verified_has_its_time",
                condition=~Q(verification=Verification.VERIFIED) | Q(verified_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    @property
    def kinds(self) -> list[str]:
        """What it is, in the trade's order: host, miner, broker, partner."""
        return [kind for kind in ("host", "miner", "broker", "partner") if getattr(self, f"is_{kind}")]

    @property
    def is_verified(self) -> bool:
        return self.verification == Verification.VERIFIED


class Role(models.TextChoices):
    VIEWER = "viewer", _("viewer")
    TRADER = "trader", _("trader")
    OWNER = "owner", _("owner")


class Membership(models.Model):
    """A user in an organization, with the rights of the role."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="memberships", verbose_name=_("organization")
    )
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.VIEWER)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"], name="membership_is_one_per_person_and_organization"
            ),
            models.CheckConstraint(name="membership_role_is_known", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization} · {self.get_role_display()}"
