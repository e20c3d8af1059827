import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_consents_invitations_and_documents"),
        ("hosting", "0005_webhooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="changed")),
                (
                    "kind",
                    models.CharField(
                        choices=[("offers", "offers"), ("fleet", "fleet")], max_length=6, verbose_name="kind"
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("csv", "CSV"), ("pyasic", "export of pyasic")],
                        max_length=6,
                        verbose_name="format",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting to be checked"),
                            ("checked", "checked: nothing is written yet"),
                            ("refused", "refused: nothing was written"),
                            ("accepted", "being written"),
                            ("committed", "written"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("is_wanted", models.BooleanField(default=False, verbose_name="to be written at once")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("content", models.TextField(blank=True, verbose_name="content")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("error_count", models.PositiveIntegerField(default=0, verbose_name="errors")),
                ("errors", models.JSONField(blank=True, default=list, verbose_name="first errors")),
                ("results", models.JSONField(blank=True, default=list, verbose_name="results")),
                ("summary", models.JSONField(blank=True, default=dict, verbose_name="summary")),
                ("claimed_until", models.DateTimeField(blank=True, null=True, verbose_name="in work until")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="accounts.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="hosting.capacityrequest",
                        verbose_name="request the machines go into",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-created_at", "id"],
                "indexes": [models.Index(fields=["status", "claimed_until"], name="import_by_status")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["offers", "fleet"])), name="import_kind_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["csv", "pyasic"])), name="import_format_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["waiting", "checked", "refused", "accepted", "committed"])
                        ),
                        name="import_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "refused"), _negated=True),
                            ("error_count__gt", 0),
                            _connector="OR",
                        ),
                        name="import_refused_has_errors",
                    ),
                ],
            },
        ),
    ]
