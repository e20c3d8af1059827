"""What ties an organization to the market: whether it can be left without an owner."""

from accounts.models import Organization
from hosting.models import CapacityRequest, Offer


def has_open_business(organization: Organization) -> bool:
    """Whether a request of it is open or awarded, or an offer of it is listed or may be again."""
    requests = CapacityRequest.objects.filter(owner=organization)
    offers = Offer.objects.filter(site__host=organization)
    return (
        requests.filter(status__in=("open", "awarded", "suspended")).exists()
        or offers.filter(status__in=("in_review", "published", "paused", "suspended")).exists()
    )
