"""Import: a file is received, checked as a whole, and then written as a whole or not at all.

Small files are done while the sender waits; large ones by a task, which whoever asks can watch. The row is
the job: whoever works on one holds a lease, so that the work of a worker that died is done again.
"""

import json
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization, User
from accounts.services import events, lifecycle
from accounts.services.errors import Conflict, Invalid, Refused
from hosting.models import CapacityRequest, Import, ImportFormat, ImportKind, ImportStatus, RequestStatus
from hosting.services import (
    fleets,
    importfleets,
    importreading,
    importrows,
    importwriting,
    needs,
    requests,
    sites,
)
from hosting.services.importreading import Record, Report

# Up to so many rows the sender waits for the answer.
AT_ONCE = 300
LEASE = timedelta(minutes=10)
KEPT_DAYS = 7
MOST_ERRORS = 500
WATCHED_SECONDS = 3600


class NotChecked(Conflict):
    """Only an import that was checked, and in which nothing was wrong, is written."""

    code = "import_not_checked"
    message = gettext_lazy("This import is %(status)s, so it can't be written.")


class NoRequest(Conflict):
    """A fleet is written into a request, and none was named, or it can't be changed any more."""

    code = "import_without_request"
    message = gettext_lazy("Name a draft or an open request of yours that the machines go into.")


def receive(
    *,
    organization: Organization,
    kind: str,
    format: str,
    content: bytes,
    encoding: str = "",
    request: CapacityRequest | None = None,
    is_wanted: bool = False,
    by: User | None,
    now: datetime,
) -> Import:
    """Take a file in. `is_wanted`: write it as soon as it is found right. Small ones are done on return.

    Of pyasic's export only what a machine is stays. Raises Invalid, sites.NotAHost or requests.NotAMiner.
    """
    _check_kind(organization, kind, format)
    if is_wanted and kind == ImportKind.FLEET:
        _check_request(request)
    text = importreading.text_of(content, encoding=encoding)
    rows = len(text.splitlines())
    if format == ImportFormat.PYASIC:
        machines = importreading.machines(text)
        text, rows = json.dumps(machines), len(machines)
    with transaction.atomic():
        made = Import.objects.create(
            organization=organization,
            by=by,
            kind=kind,
            format=format,
            request=request,
            is_wanted=is_wanted,
            language=translation.get_language() or "en",
            content=text,
            created_at=now,
            updated_at=now,
        )
        events.changed(made, code="received", at=now, by=by, on_behalf_of=organization.pk)
    if rows <= AT_ONCE:
        work(id=made.pk, now=now)
        made.refresh_from_db()
    return made


def commit(*, found: Import, by: User | None, now: datetime, version: int | None = None) -> Import:
    """Write what was checked: at once if it is small, else by a task. Raises NotChecked, NoRequest or
    lifecycle.Stale."""
    with transaction.atomic():
        held = Import.objects.select_for_update(of=("self",), no_key=True).get(pk=found.pk)
        if version is not None:
            lifecycle.check_version(held, version)
        if held.status != ImportStatus.CHECKED:
            raise NotChecked(status=held.get_status_display())
        if held.kind == ImportKind.FLEET:
            _check_request(held.request)
        lifecycle.move(held, to=ImportStatus.ACCEPTED, at=now, by=by, on_behalf_of=held.organization_id)
    if held.rows <= AT_ONCE:
        work(id=held.pk, now=now)
    found.refresh_from_db()
    return found


def run_due(*, now: datetime) -> int:
    """Check and write what waits. Gives how many imports were taken in hand."""
    waiting = list(Import.objects.due(now).order_by("created_at").values_list("pk", flat=True))
    return sum(work(id=pk, now=now) for pk in waiting)


def work(*, id: uuid.UUID, now: datetime) -> bool:
    """Check the import, or write it. False when it is somebody else's or there is nothing to do."""
    claimed = Import.objects.due(now).filter(pk=id).update(claimed_until=now + LEASE)
    if not claimed:
        return False
    this = Import.objects.select_related("organization", "by", "request__owner").get(pk=id)
    with translation.override(this.language):
        if this.status == ImportStatus.WAITING:
            _check(this, now)
        if this.status == ImportStatus.ACCEPTED:
            _write(this, now)
    return True


def done_rows(found: Import) -> int:
    """How many rows have been read so far: all of them once it is checked."""
    if found.status != ImportStatus.WAITING:
        return found.rows
    return cache.get(_progress(found), 0)


def forget(*, now: datetime) -> int:
    """Delete files that were never written, a week after they came. Gives how many."""
    old = Import.objects.filter(created_at__lt=now - timedelta(days=KEPT_DAYS))
    return old.filter(status__in=(ImportStatus.CHECKED, ImportStatus.REFUSED)).delete()[0]


def _check(this: Import, now: datetime) -> None:
    report = Report()
    drafted, values = _read(this, report, now)
    if report.found:
        return _refuse(this, report, now)
    if this.kind == ImportKind.OFFERS:
        values["results"] = [
            {"line": one.line, "title": one.title, "site": str(one.site.pk)} for one in drafted
        ]
    lifecycle.move(
        this,
        to=ImportStatus.CHECKED,
        at=now,
        by=this.by,
        on_behalf_of=this.organization_id,
        claimed_until=None,
        **values,
    )
    if this.is_wanted:
        lease = now + LEASE
        lifecycle.move(
            this,
            to=ImportStatus.ACCEPTED,
            at=now,
            by=this.by,
            on_behalf_of=this.organization_id,
            claimed_until=lease,
        )
    return None


def _write(this: Import, now: datetime) -> None:
    """All or nothing. The file is read once more: what was right when it was checked may not be now."""
    report = Report()
    drafted, values = _read(this, report, now)
    if report.found:
        return _refuse(this, report, now)
    try:
        with transaction.atomic():
            # First of all, so that a second worker with the same import finds itself late.
            lifecycle.move(
                this,
                to=ImportStatus.COMMITTED,
                at=now,
                by=this.by,
                on_behalf_of=this.organization_id,
                claimed_until=None,
                content="",
                **values,
            )
            if this.kind == ImportKind.OFFERS:
                results = importwriting.write(drafted=drafted, of=this.pk, by=this.by, now=now)
                Import.objects.filter(pk=this.pk).update(results=results)
            else:
                _put_into_request(this, now)
    except lifecycle.SomebodyWasFirst:
        raise
    except Refused as refused:
        this.refresh_from_db()
        report.add(1, "", refused)
        return _refuse(this, report, now)
    return None


def _put_into_request(this: Import, now: datetime) -> None:
    request = this.request
    if request is None:
        raise NoRequest
    fleet = tuple(importfleets.stored(this.results))
    need_kw, efficiency, worst = fleets.measure(list(fleet))
    need = replace(
        needs.of_request(request), fleet=fleet, need_kw=need_kw, efficiency_j_th=efficiency, worst_j_th=worst
    )
    requests.change(request=request, need=need, version=request.version, by=this.by, now=now)  # type: ignore[arg-type]


def _read(this: Import, report: Report, now: datetime) -> tuple[list[importrows.Drafted], dict[str, Any]]:
    """What the file says: drafted offers, and columns of the import."""
    if this.kind == ImportKind.FLEET:
        rows = _records(this, importfleets.COLUMNS, importfleets.REQUIRED, report)
        fleet = importfleets.read(rows, report=report)
        found = {"results": importfleets.results(fleet), "summary": importfleets.summary(fleet)}
        return [], {"rows": len(rows), **found}
    rows = _records(this, importrows.COLUMNS, importrows.REQUIRED, report)
    tell = partial(cache.set, _progress(this), timeout=WATCHED_SECONDS)
    Import.objects.filter(pk=this.pk).update(rows=len(rows))
    drafted = importrows.read(rows, host=this.organization, today=now.date(), report=report, tell=tell)
    kw = sum(one.phase["available_kw"] for one in drafted)
    return drafted, {"rows": len(rows), "summary": {"offers": len(drafted), "available_kw": kw}}


def _records(this: Import, columns: tuple, required: tuple, report: Report) -> list[Record]:
    if this.format == ImportFormat.PYASIC:
        return importfleets.of_pyasic(json.loads(this.content), report=report)
    return importreading.records(this.content, columns=columns, required=required, report=report)


def _refuse(this: Import, report: Report, now: datetime) -> None:
    found = sorted(report.found, key=lambda one: one["line"])
    lifecycle.move(
        this,
        to=ImportStatus.REFUSED,
        at=now,
        by=this.by,
        on_behalf_of=this.organization_id,
        claimed_until=None,
        content="",
        results=[],
        error_count=len(found),
        errors=found[:MOST_ERRORS],
    )


def _check_kind(organization: Organization, kind: str, format: str) -> None:
    wrong: dict[str, list[Any]] = {}
    if kind not in ImportKind.values:
        wrong["kind"] = [_("Choose one of: %(words)s.") % {"words": ", ".join(ImportKind.values)}]
    elif kind == ImportKind.OFFERS and format != ImportFormat.CSV:
        wrong["kind"] = [_("Offers come as CSV.")]
    if wrong:
        raise Invalid(wrong)
    if kind == ImportKind.OFFERS and not organization.is_host:
        raise sites.NotAHost(handle=organization.handle)
    if kind == ImportKind.FLEET:
        requests.check_owner(organization)


def _check_request(request: CapacityRequest | None) -> None:
    if request is None or request.status not in (RequestStatus.DRAFT, RequestStatus.OPEN):
        raise NoRequest


def _progress(found: Import) -> str:
    return f"import-rows-{found.pk}"
