"""What the schema says of every call without each view having to: who may, which headers, which refusals."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import SAFE_METHODS

from accounts.api import idempotency, problems

# Refusals that any call can meet (of tokens, scopes, formats and limits), and those of bodies and keys.
ANYWHERE = (401, 403, 406, 429)
WHILE_WRITING = (400, 413, 415)
WITH_A_KEY = (409, 422)


class Described(AutoSchema):
    """The framework's description, with what holds for all."""

    def get_auth(self) -> list[dict[str, list]]:
        """A call that a stranger may make says so."""
        found = super().get_auth()
        admits = [getattr(one, "admits_strangers", None) for one in self.view.get_permissions()]
        if all(one is not None and one(self.method) for one in admits) and {} not in found:
            found.append({})
        return found

    def get_override_parameters(self) -> list[Any]:
        """Idempotency-Key on every call that takes one."""
        found = super().get_override_parameters()
        return [*found, idempotency.IDEMPOTENCY_KEY] if self._takes_key() else found

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        """The answers, with the refusals that no view has to name."""
        found = super()._get_response_bodies(direction)
        more = ANYWHERE if self.method in SAFE_METHODS else ANYWHERE + WHILE_WRITING
        for status in more + WITH_A_KEY * self._takes_key():
            if str(status) not in found:
                found[str(status)] = self._get_response_for_code(
                    problems.ProblemSerializer, str(status), media_types=[problems.MEDIA_TYPE]
                )
        return dict(sorted(found.items()))

    def _takes_key(self) -> bool:
        call = getattr(self.view, self.method.lower(), None)
        return getattr(call, "takes_idempotency_key", False)
