"""What staff decides about organizations, their licences and their papers: as forms and steps."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.admin.steps import Plain, Step
from accounts.models import Review, SanctionsResult, Verification
from accounts.services import documents, licences, lifecycle, organizations


class Sanctions(Plain):
    """What the lists say, and where the search can be found again."""

    result = forms.ChoiceField(
        label=_("Result"),
        choices=[("", "—")] + [one for one in SanctionsResult.choices if one[0] != "not_checked"],
    )
    reference = forms.CharField(label=_("Reference"), max_length=200)


def moves_to(status: str) -> Callable[[Model], bool]:
    return lambda row: lifecycle.can_move(row, to=status)


def is_suspended(row: Any) -> bool:
    return row.verification == Verification.SUSPENDED


ORGANIZATION = (
    Step("take-up", _("Take up"), organizations.take_up, moves_to(Verification.IN_REVIEW), Plain),
    Step("sanctions", _("Record a sanctions check"), organizations.check_sanctions, bool, Sanctions),
    Step(
        "approve",
        _("Approve"),
        organizations.approve,
        lambda row: moves_to(Verification.VERIFIED)(row) and not is_suspended(row),
    ),
    Step("ask-more", _("Ask for more"), organizations.ask_more, moves_to(Verification.INFO_NEEDED)),
    Step("reject", _("Reject"), organizations.reject, moves_to(Verification.REJECTED)),
    Step("suspend", _("Suspend"), organizations.suspend, moves_to(Verification.SUSPENDED)),
    Step(
        "propose-lift",
        _("Propose to lift the suspension"),
        organizations.propose_lift,
        lambda row: is_suspended(row) and row.lift_proposed_by_id is None,
    ),
    Step(
        "lift",
        _("Lift the suspension, as the second"),
        organizations.lift,
        lambda row: is_suspended(row) and row.lift_proposed_by_id is not None,
    ),
)
LICENCE = (
    Step("accept", _("Accept"), licences.review, moves_to(Review.REVIEWED)),
    Step("reject", _("Reject"), licences.reject, moves_to(Review.REJECTED)),
)
DOCUMENT = (
    Step("accept", _("Accept"), partial(documents.review, to=Review.REVIEWED), moves_to(Review.REVIEWED)),
    Step("reject", _("Reject"), partial(documents.review, to=Review.REJECTED), moves_to(Review.REJECTED)),
)
