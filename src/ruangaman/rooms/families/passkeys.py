"""Passkeys (WebAuthn level 2): a guardian who comes back proves with the screen lock to be the one who came
before.
"""

import json
from datetime import datetime
from typing import Any

import webauthn
from django.db import transaction
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ruangaman.adapters import ids
from ruangaman.rooms.families import config
from ruangaman.rooms.families.errors import PasskeyRefused
from ruangaman.rooms.families.models import Guardian, Passkey
from ruangaman.rooms.ledger import api as ledger


def registration(guardian: Guardian) -> tuple[str, bytes]:
    """Options for the browser as JSON, and the challenge that the session keeps. No name of the person is
    in it.
    """
    options = webauthn.generate_registration_options(
        rp_id=config.host(),
        rp_name="Ruang Aman",
        user_id=guardian.pk.bytes,
        user_name="Ruang Aman",
        user_display_name="Orang tua / wali",
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=bytes(key.credential_id))
            for key in guardian.passkeys.filter(revoked_at__isnull=True)
        ],
    )
    return webauthn.options_to_json(options), options.challenge


@transaction.atomic
def keep(guardian: Guardian, credential: str, challenge: bytes, *, now: datetime) -> Passkey:
    """Verify a new passkey and keep its public key. Raises PasskeyRefused whatever is wrong with it."""
    try:
        found = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=config.host(),
            expected_origin=config.origin(),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise PasskeyRefused from None
    if Passkey.objects.filter(credential_id=found.credential_id).exists():
        raise PasskeyRefused
    row = Passkey.objects.create(
        id=ids.new(now),
        family=guardian.family,
        guardian=guardian,
        credential_id=found.credential_id,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        created_at=now,
    )
    ledger.append("guardian.passkey-kept", {}, at=now)
    return row


def login_options() -> tuple[str, bytes]:
    """Options for signing in with whatever passkey this phone holds for us, and the challenge."""
    options = webauthn.generate_authentication_options(
        rp_id=config.host(), user_verification=UserVerificationRequirement.REQUIRED
    )
    return webauthn.options_to_json(options), options.challenge


@transaction.atomic
def verify(credential: str, challenge: bytes, *, now: datetime) -> Guardian:
    """The guardian whose passkey signed this challenge. Raises PasskeyRefused."""
    try:
        said: Any = json.loads(credential)
        identity = base64url_to_bytes(said["id"])
    except (ValueError, KeyError, TypeError):
        raise PasskeyRefused from None
    row = (
        Passkey.objects.select_for_update(of=("self",))
        .select_related("guardian")
        .filter(credential_id=identity, revoked_at__isnull=True)
        .first()
    )
    if row is None:
        raise PasskeyRefused
    try:
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=config.host(),
            expected_origin=config.origin(),
            credential_public_key=bytes(row.public_key),
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise PasskeyRefused from None
    Passkey.objects.filter(pk=row.pk).update(sign_count=found.new_sign_count, last_used_at=now)
    return row.guardian


@transaction.atomic
def revoke(guardian: Guardian, key: Passkey, *, now: datetime) -> None:
    """A phone is lost: its passkey opens nothing any more."""
    if Passkey.objects.filter(pk=key.pk, guardian=guardian, revoked_at__isnull=True).update(revoked_at=now):
        ledger.append("guardian.passkey-revoked", {}, at=now)
