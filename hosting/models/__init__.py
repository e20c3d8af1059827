"""What is stored, by stage."""

from hosting.models.capacity import Commitment, CommitmentState, free_kw_on
from hosting.models.follows import FollowedPlace
from hosting.models.imports import Import, ImportFormat, ImportKind, ImportStatus
from hosting.models.machines import Algorithm, Cooling, MachineModel
from hosting.models.mandates import Mandate
from hosting.models.matches import Decliner, Interest, MatchList, MatchRun, RequestSeen, RunState
from hosting.models.offers import CapacityPhase, Evidence, Offer, OfferStatus, PhaseState
from hosting.models.partners import (
    DeliveryStatus,
    EndpointStatus,
    EventType,
    PartnerEvent,
    WebhookDelivery,
    WebhookEndpoint,
)
from hosting.models.placedays import PlaceDay
from hosting.models.places import (
    Confidence,
    DatedBy,
    DatePrecision,
    Effect,
    Jurisdiction,
    JurisdictionFact,
    LegalStatus,
    RegulationEvent,
    RegulationRule,
    RuleStatus,
    Subject,
)
from hosting.models.rates import FxRate, HashPrice, Rate, RateKind
from hosting.models.requests import CapacityRequest, FleetLine, RequestStatus
from hosting.models.reviews import ReviewState, SiteReview, TermsReview
from hosting.models.sites import Site, SitePhoto
from hosting.models.terms import Firmware, Metering, OfferTerms, OfferTier, PriceModel, Side, TermsInForce
from hosting.models.trust import Claim, ClaimField

__all__ = [
    "Algorithm",
    "CapacityPhase",
    "CapacityRequest",
    "Claim",
    "ClaimField",
    "Commitment",
    "CommitmentState",
    "Confidence",
    "Cooling",
    "DatePrecision",
    "DatedBy",
    "Decliner",
    "DeliveryStatus",
    "Effect",
    "EndpointStatus",
    "EventType",
    "Evidence",
    "Firmware",
    "FleetLine",
    "FollowedPlace",
    "FxRate",
    "HashPrice",
    "Import",
    "ImportFormat",
    "ImportKind",
    "ImportStatus",
    "Interest",
    "Jurisdiction",
    "JurisdictionFact",
    "LegalStatus",
    "MachineModel",
    "Mandate",
    "MatchList",
    "MatchRun",
    "Metering",
    "Offer",
    "OfferStatus",
    "OfferTerms",
    "OfferTier",
    "PartnerEvent",
    "PhaseState",
    "PlaceDay",
    "PriceModel",
    "Rate",
    "RateKind",
    "RegulationEvent",
    "RegulationRule",
    "RequestSeen",
    "RequestStatus",
    "ReviewState",
    "RuleStatus",
    "RunState",
    "Side",
    "Site",
    "SitePhoto",
    "SiteReview",
    "Subject",
    "TermsInForce",
    "TermsReview",
    "WebhookDelivery",
    "WebhookEndpoint",
    "free_kw_on",
]
