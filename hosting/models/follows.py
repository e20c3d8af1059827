"""FollowedPlace: whose law a person wants to hear of. It is the person's own and nobody else's to see."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from hosting.models.places import Jurisdiction


class FollowedPlace(models.Model):
    """A person follows a place: a country with all that lies in it, a subdivision with its country."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, models.CASCADE, related_name="followed_places", verbose_name=_("person"))
    place = models.ForeignKey(Jurisdiction, models.CASCADE, related_name="+", verbose_name=_("place"))
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("followed place")
        verbose_name_plural = _("followed places")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "place"], name="followed_place_is_one_per_person_and_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.place_id}"
