"""The OpenID Provider: keys, clients of services, pushed requests, visits."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_one_sender_for_each_endpoint"),
        ("allauth_idp_oidc", "0003_client_allow_uri_wildcards"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpenIdKey",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "kid",
                    models.CharField(help_text="SHA-256 thumbprint (RFC 7638)", max_length=43, unique=True),
                ),
                ("jwk", models.JSONField()),
                ("family", models.UUIDField(help_text="vault: the key that seals the private part")),
                ("sealed", models.UUIDField(help_text="vault: the private part")),
                ("created_at", models.DateTimeField()),
                ("not_before", models.DateTimeField(help_text="signs from then on; published before")),
                ("ends_at", models.DateTimeField(help_text="not published any more", null=True)),
            ],
            options={
                "ordering": ["not_before"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("not_before__gte", models.F("created_at"))),
                        name="access_openid_key_begins_once_made",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenIdPlatform",
            fields=[
                (
                    "client",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="platform",
                        serialize=False,
                        to="allauth_idp_oidc.client",
                    ),
                ),
                (
                    "age",
                    models.PositiveSmallIntegerField(
                        help_text="the one `age_over:N` that it may ask", null=True
                    ),
                ),
                (
                    "pushed_only",
                    models.BooleanField(default=False, help_text="only requests that were pushed (RFC 9126)"),
                ),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openid_clients",
                        to="access.service",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OpenIdFlow",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("asked", models.JSONField(help_text="the request as it was checked")),
                (
                    "check_ref",
                    models.UUIDField(
                        db_index=True, help_text="in ages: the check for the client's own age", null=True
                    ),
                ),
                (
                    "without_age",
                    models.BooleanField(default=False, help_text="the person goes on without a proof"),
                ),
                (
                    "grant",
                    models.CharField(
                        db_index=True, default="", help_text="which code it ended in", max_length=64
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(db_index=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "session",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="openid_flows",
                        to="access.accesssession",
                    ),
                ),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flows",
                        to="access.openidplatform",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PushedRequest",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("asked", models.JSONField()),
                ("ends_at", models.DateTimeField(db_index=True)),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pushed",
                        to="access.openidplatform",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
    ]
