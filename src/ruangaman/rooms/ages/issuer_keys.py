"""
The issuer's keys: one for each claim, assurance and epoch, made ahead, withdrawn in need, destroyed when over.

No clock depends on a process: whoever asks for the directory or a token makes what is missing. A private part stands
sealed in the vault under a key of its own, and destroying that key is how it ends.
"""

import hashlib
import json
import secrets
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import IntegrityError, transaction

from ruangaman.adapters import ids, packs
from ruangaman.core import age_checks
from ruangaman.core.credentials import epochs, token_directory, token_keys
from ruangaman.core.credentials.blind_rsa import SigningKey
from ruangaman.core.credentials.epochs import Calendar, Slot
from ruangaman.core.credentials.token_directory import DirectoryKey
from ruangaman.rooms.ages import config
from ruangaman.rooms.ages.errors import NotFound
from ruangaman.rooms.ages.models import DirectoryVersion, IssuerKey, SpentToken
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

CALENDAR: Final = Calendar(
    length=int(config.EPOCH.total_seconds()), overlap=int(config.OVERLAP.total_seconds())
)
KIND: Final = "ages.issuer-key"
TRIES: Final = 3


def claims(now: datetime) -> tuple[str, ...]:
    """The claims that are issued now, by the house's own law: each bound from below, and the configured ones above."""
    pack = packs.load(config.JURISDICTION)
    over = age_checks.claim_ages(pack, age_checks.local_day(pack, now))
    return (
        *(f"{age_checks.OVER}{age}" for age in over),
        *(f"{age_checks.UNDER}{age}" for age in config.under_ages()),
    )


def ensure(now: datetime) -> None:
    """Make the keys that are missing for this epoch and, shortly before it, for the next; publish what changed."""
    for _ in range(TRIES):
        wanted = _missing(now)
        if not wanted and _up_to_date(now):
            return
        made = _fresh(wanted, now)  # outside of any transaction: a key takes a tenth of a second
        try:
            with transaction.atomic():
                ledger.line_up()  # nobody makes, names or withdraws a key between the looks below and the commit
                for slot, key in made:
                    _keep(slot, key, now)
                publish(now)
        except IntegrityError:  # another process made them in this moment
            continue
        return


def _up_to_date(now: datetime) -> bool:
    """Whether a directory is published, no key of it is over, and it names this house where it stands now."""
    last = DirectoryVersion.objects.order_by("-number").first()
    if last is None or json.loads(last.body)["issuer-request-uri"] != _request_uri():
        return False
    over = IssuerKey.objects.filter(
        withdrawn_at__isnull=True, not_after__gt=last.published_at, not_after__lte=now
    )
    return not over.exists()


def _request_uri() -> str:
    return f"{config.issuer_url()}/age-tokens"


def _missing(now: datetime) -> tuple[Slot, ...]:
    at = int(now.timestamp())
    rows = IssuerKey.objects.filter(withdrawn_at__isnull=True, not_after__gt=now)
    held = {Slot(row.claim, row.assurance, row.epoch) for row in rows}
    ahead = int(config.AHEAD.total_seconds())
    return epochs.missing(CALENDAR, claims(now), config.ISSUED_ASSURANCES, held, at, ahead)


def _fresh(wanted: tuple[Slot, ...], now: datetime) -> list[tuple[Slot, SigningKey]]:
    """A key for each slot whose last byte no living key has, and none of the others; raises KeyByteNotFound."""
    living = IssuerKey.objects.filter(not_after__gt=now).values_list("key_id", flat=True)
    taken = [bytes(one) for one in living]
    made = []
    for slot in wanted:
        key = epochs.with_a_free_byte(_generate, token_keys.id_of, taken)
        taken.append(token_keys.id_of(key))
        made.append((slot, key))
    return made


def _generate() -> SigningKey:
    numbers = rsa.generate_private_key(token_keys.EXPONENT, token_keys.BITS).private_numbers()
    return SigningKey.of(numbers.p, numbers.q, numbers.public_numbers.e)


def _keep(slot: Slot, key: SigningKey, now: datetime) -> None:
    told = token_keys.spki(key.public)
    key_id = token_keys.token_key_id(told)
    begins, ends = CALENDAR.window(slot.epoch)
    family = vault.open_family(now=now)
    sealed = vault.seal(family, KIND, {"p": _text(key.p), "q": _text(key.q), "e": key.public.e}, now=now)
    living = IssuerKey.objects.filter(last_byte=token_keys.key_byte(key_id), not_after__gt=now)
    if living.exists():  # made side by side with another; the next try finds another one
        raise IntegrityError("the last byte of a key is taken")
    IssuerKey.objects.create(
        id=ids.new(now),
        claim=slot.claim,
        assurance=slot.assurance,
        epoch=slot.epoch,
        key_id=key_id,
        last_byte=token_keys.key_byte(key_id),
        spki=told,
        not_before=datetime.fromtimestamp(begins, UTC),
        not_after=datetime.fromtimestamp(ends, UTC),
        family=family,
        sealed=sealed,
        created_at=now,
    )


def publish(now: datetime) -> DirectoryVersion:
    """
    Write the directory as it is now, when it differs from the last one; its digest goes to the ledger, so that nobody
    can be shown a directory of his own unnoticed (RFC 9576 section 6.2). Call inside a transaction that has lined up at
    the ledger.
    """
    body = token_directory.write_directory(_request_uri(), [_entry(row) for row in _listed(now)]).decode(
        "ascii"
    )
    last = DirectoryVersion.objects.order_by("-number").first()
    if last is not None and last.body == body:
        return last
    digest = hashlib.sha256(body.encode()).digest()
    entry = ledger.append("age.directory", {"sha256": digest.hex()}, at=now)
    ledger.root(entry.index + 1)  # what its proofs need is kept with it
    return DirectoryVersion.objects.create(
        body=body, digest=digest, published_at=now, ledger_index=entry.index
    )


def _listed(now: datetime) -> list[IssuerKey]:
    rows = IssuerKey.objects.filter(withdrawn_at__isnull=True, not_after__gt=now)
    return sorted(rows, key=lambda row: (row.not_before > now, -row.epoch, row.claim, row.assurance))


def _entry(row: IssuerKey) -> DirectoryKey:
    return DirectoryKey(
        token_key=bytes(row.spki),
        claim=row.claim,
        assurance=row.assurance,
        not_before=int(row.not_before.timestamp()),
        not_after=int(row.not_after.timestamp()),
    )


def directory(now: datetime) -> DirectoryVersion:
    """The directory that is published now."""
    ensure(now)
    found = DirectoryVersion.objects.order_by("-number").first()
    assert found is not None  # `ensure` published one
    return found


def signing(last_byte: int, now: datetime) -> IssuerKey | None:
    """The key of this epoch that a request names by its last byte; None when there is none."""
    epoch = CALENDAR.epoch(int(now.timestamp()))  # and so not before its window and not after it
    found = IssuerKey.objects.filter(last_byte=last_byte, epoch=epoch, withdrawn_at__isnull=True)
    return next(iter(found.order_by()[:1]), None)


def private(row: IssuerKey) -> SigningKey:
    """
    The private part. It stays in this process's memory, from which those that were destroyed anywhere go when another
    key is read. Raises vault.Forgotten once it was destroyed.
    """
    found = _KEPT.get(bytes(row.key_id))
    if found is None:
        told = vault.reveal(vault.SealedRef(row.sealed), purpose="sign a token blindly")
        found = SigningKey.of(_number(told["p"]), _number(told["q"]), int(told["e"]))
        over = IssuerKey.objects.filter(key_id__in=list(_KEPT), destroyed_at__isnull=False)
        for gone in over.values_list("key_id", flat=True):
            _KEPT.pop(bytes(gone), None)
        _KEPT[bytes(row.key_id)] = found
    return found


def _text(number: int) -> str:
    return number.to_bytes(token_keys.MODULUS_BYTES, "big").hex()


def _number(text: str) -> int:
    return int.from_bytes(bytes.fromhex(text), "big")


_KEPT: dict[bytes, SigningKey] = {}


@transaction.atomic
def withdraw(key_id: bytes, *, now: datetime) -> None:
    """
    Take a key out at once: nothing is signed with it any more, the directory no longer names it, its private part is
    destroyed. Platforms fetch the directory within the hour. Raises NotFound.
    """
    row = IssuerKey.objects.select_for_update().filter(key_id=key_id, withdrawn_at__isnull=True).first()
    if row is None:
        raise NotFound
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    if row.destroyed_at is None:
        _destroy(row, now)
    ledger.append("age.key-withdrawn", {"key": bytes(row.key_id).hex(), "claim": row.claim}, at=now)
    publish(now)


def living(now: datetime) -> list[IssuerKey]:
    """The keys that somebody still takes, the oldest first."""
    return list(IssuerKey.objects.filter(withdrawn_at__isnull=True, not_after__gt=now))


def _destroy(row: IssuerKey, now: datetime) -> None:
    vault.forget_family(vault.FamilyRef(row.family), now=now)
    _KEPT.pop(bytes(row.key_id), None)
    row.destroyed_at = now
    row.save(update_fields=["destroyed_at"])


@transaction.atomic
def end_old(now: datetime) -> int:
    """Destroy the private parts of keys that sign no more, and what was spent under keys that nobody takes any more."""
    done = 0
    signs_until = CALENDAR.epoch(int(now.timestamp()))
    for row in IssuerKey.objects.select_for_update().filter(destroyed_at__isnull=True, epoch__lt=signs_until):
        _destroy(row, now)
        done += 1
    over = IssuerKey.objects.filter(not_after__lt=now - config.SKEW)
    SpentToken.objects.filter(key__in=over).delete()
    return done


def draw(count: int) -> bytes:
    """Random bytes of the system."""
    return secrets.token_bytes(count)
