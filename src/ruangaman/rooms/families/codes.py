"""
Short codes and one-time words: they find a request, and open nothing by themselves.

How far guessing gets. A code has 8 of 32 signs: 2**40 = 1.1e12 codes; it lives 15 minutes and five openings. Wrong
tries in each minute of the clock: 5 for one browser (a signed cookie), 60 for one address (of IPv6 one /64), 600 for
everybody together.

- A browser that keeps its cookie: 5 x 15 = 75 tries in a code's life, 75 / 2**40 = 7e-11 for one code.
- One that throws its cookie away each time counts as a new browser, and is held by its address: 60 x 15 = 900, 8e-10.
- Many machines are held by the house: 600 x 15 = 9,000, 8e-9 for one code; with 1,000 codes alive, 8e-6 for any.

A code that is found shows the request and no more: the answer needs a proof of the relation (docs/adr/0041). Five tries
for a whole address stood here before: a school or a carrier has one address for hundreds of people, and a single child
that mistyped made them all wait.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from ruangaman.rooms.families import limits
from ruangaman.rooms.families.errors import LinkExpired, NotFound, TooMany
from ruangaman.rooms.families.models import ConsentRequest, OneTimeWord, ShortCode
from ruangaman.rooms.vault import api as vault

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs without 0, O, 1, I: five bits each
LIFE = timedelta(minutes=15)
USES = 5
WRONG_TRIES = 5  # by one browser in a minute
ADDRESS_WRONG_TRIES = 60  # by one address in a minute: a school behind one address goes on
PAUSE = timedelta(minutes=1)
ALL_WRONG_TRIES = 600  # by everybody together in a minute: 2**40 codes stay out of reach of many machines too


def _spell(bits: bytes, signs: int) -> str:
    number = int.from_bytes(bits[:16], "big")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(signs))


def _code(request: ConsentRequest) -> str:
    return _spell(vault.lookup("families.code", f"{request.pk}:{request.code_number}"), 8)


def shown(code: str) -> str:
    """As people read it: `7K4M-2MPQ`."""
    return f"{code[:4]}-{code[4:]}"


def clean(text: str) -> str:
    """What a person typed, without spaces and dashes, in capitals."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


@transaction.atomic
def renew(request: ConsentRequest, *, now: datetime, first: bool = False) -> str:
    """A new code for 15 minutes; the one before stops working."""
    ShortCode.objects.filter(request=request, expires_at__gt=now).update(expires_at=now)
    if not first:
        ConsentRequest.objects.filter(pk=request.pk).update(code_number=F("code_number") + 1)
        request.refresh_from_db(fields=["code_number"])
    code = _code(request)
    ShortCode.objects.update_or_create(
        hash=vault.lookup("families.code.hash", code),
        defaults={
            "family": request.family,
            "request": request,
            "created_at": now,
            "expires_at": now + LIFE,
            "uses": 0,
        },
    )
    return code


def present(request: ConsentRequest, *, now: datetime) -> tuple[str | None, datetime | None]:
    """The code that works now and until when, or (None, None)."""
    code = _code(request)
    row = ShortCode.objects.filter(
        hash=vault.lookup("families.code.hash", code), expires_at__gt=now, uses__lt=USES
    ).first()
    return (shown(code), row.expires_at) if row else (None, None)


def find(text: str, *, browser: str, address: str, now: datetime) -> ConsentRequest:
    """
    The request that a code names; counts this opening.

    Args:
        browser: who types, by a cookie that the house signed; a fresh one for who brings none.
        address: from where; everybody behind one address shares a wider limit.

    Raises:
        TooMany: too many wrong tries within a minute, by this browser, this address, or all together.
        NotFound: no such code. LinkExpired: it was one, but its time or its five openings are over.
    """
    counted = (
        ("code.min", browser, WRONG_TRIES),
        ("codes-from.min", address, ADDRESS_WRONG_TRIES),
        ("codes.min", "all", ALL_WRONG_TRIES),
    )
    if any(limits.count(kind, key, length=PAUSE, now=now) >= most for kind, key, most in counted):
        raise TooMany(wait_s=int(PAUSE.total_seconds()))
    code = clean(text)
    row = (
        ShortCode.objects.select_related("request")
        .filter(hash=vault.lookup("families.code.hash", code))
        .first()
    )
    if row is None:
        for kind, key, most in counted:
            limits.within(kind, key, limit=most, length=PAUSE, now=now)
        raise NotFound
    if now >= row.expires_at or not ShortCode.objects.filter(pk=row.pk, uses__lt=USES).update(
        uses=F("uses") + 1
    ):
        raise LinkExpired
    return row.request


def word_of(request: ConsentRequest) -> str:
    """The word in the message that the guardian sends to us: ten signs, the same each time it is shown."""
    return _spell(vault.lookup("families.word", f"{request.pk}"), 10)


def put_word(request: ConsentRequest, *, now: datetime) -> None:
    """Store the word (its keyed hash) when the request is made; it works once, within a day."""
    OneTimeWord.objects.get_or_create(
        hash=vault.lookup("families.word.hash", word_of(request)),
        defaults={"family": request.family, "request": request, "expires_at": now + timedelta(days=1)},
    )


@transaction.atomic
def spend_word(text: str, *, now: datetime) -> ConsentRequest | None:
    """The request whose unused word stands somewhere in a text that somebody wrote to us; uses it up."""
    for part in text.upper().split():
        word = clean(part)
        if len(word) != 10:
            continue
        digest = vault.lookup("families.word.hash", word)
        live = OneTimeWord.objects.filter(pk=digest, used_at__isnull=True, expires_at__gt=now)
        if live.update(used_at=now):
            return OneTimeWord.objects.select_related("request").get(pk=digest).request
    return None
