"""A guardian's session: who is here, how proven, and the answer that waits for the proof. Fifteen quiet
minutes end it.
"""

import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet
from django.http import HttpRequest

from ruangaman.rooms.families.models import ConsentRequest, Forgotten, Guardian
from ruangaman.rooms.vault import api as vault

IDLE = timedelta(minutes=15)
ATTEMPT = timedelta(minutes=15)
WHO, ASKED, ADDRESSED, ATTEMPTS, CHALLENGE = "wali", "jawaban", "surat", "upaya", "kunci"
DISOWNED, OFFERED = "bukan", "tawaran"


def enter(request: HttpRequest, guardian: Guardian, how: str, *, now: datetime) -> None:
    """Sign a guardian in; the session gets a new key, so that one fixed before is worth nothing."""
    request.session.cycle_key()
    request.session[WHO] = {"id": str(guardian.pk), "how": how, "seen": now.timestamp()}
    request.session.set_expiry(0)


def leave(request: HttpRequest) -> None:
    """Sign out and forget everything of this session."""
    request.session.flush()


def guardian(request: HttpRequest, *, now: datetime) -> Guardian | None:
    """Who is signed in, or None; a quiet quarter of an hour signs out."""
    kept = request.session.get(WHO)
    if not kept:
        return None
    if now.timestamp() - float(kept["seen"]) > IDLE.total_seconds():
        del request.session[WHO]
        request.session["ditutup"] = True
        return None
    if now.timestamp() - float(kept["seen"]) > 30:
        request.session[WHO] = {**kept, "seen": now.timestamp()}
    return (
        Guardian.objects.filter(pk=kept["id"]).exclude(family__in=Forgotten.objects.values("family")).first()
    )


def was_closed(request: HttpRequest) -> bool:
    """Whether the session has just been closed for quiet; told once."""
    return bool(request.session.pop("ditutup", False))


def ask(request: HttpRequest, row: ConsentRequest, yes: bool, *, now: datetime) -> None:
    """Keep the answer that a person pressed until the proof is done."""
    kept = dict(request.session.get(ASKED, {}))
    kept[str(row.pk)] = {"yes": yes, "at": now.timestamp()}
    request.session[ASKED] = dict(list(kept.items())[-5:])


def asked(request: HttpRequest, row: ConsentRequest, *, now: datetime) -> bool | None:
    """The answer that waits, or None."""
    kept = request.session.get(ASKED, {}).get(str(row.pk))
    if not kept or now.timestamp() - float(kept["at"]) > IDLE.total_seconds():
        return None
    return bool(kept["yes"])


def settled(request: HttpRequest, row: ConsentRequest) -> None:
    """The answer is given; nothing waits any more."""
    kept = dict(request.session.get(ASKED, {}))
    if kept.pop(str(row.pk), None) is not None:
        request.session[ASKED] = kept


def came_by_letter(request: HttpRequest, row: ConsentRequest, outgoing: UUID) -> None:
    """This browser redeemed the one-time link of a letter: it owns the letter's address."""
    kept = dict(request.session.get(ADDRESSED, {}))
    kept[str(row.pk)] = str(outgoing)
    request.session[ADDRESSED] = dict(list(kept.items())[-5:])


def letter(request: HttpRequest, row: ConsentRequest) -> UUID | None:
    """The letter by which this browser came to the request, if any."""
    kept = request.session.get(ADDRESSED, {}).get(str(row.pk))
    return UUID(kept) if kept else None


def offer(request: HttpRequest, row: ConsentRequest) -> None:
    """The page of this request offers a passkey in this session; no other page does."""
    request.session[OFFERED] = str(row.pk)


def offered(request: HttpRequest, row: ConsentRequest) -> bool:
    """Whether this page offers it."""
    return bool(request.session.get(OFFERED) == str(row.pk))


def offer_over(request: HttpRequest) -> None:
    """Taken, or not now."""
    request.session.pop(OFFERED, None)


def disown(request: HttpRequest, row: ConsentRequest) -> None:
    """Somebody in this browser said: not my child. Only here the request is over, and only until it is taken back."""
    kept = {**request.session.get(DISOWNED, {}), str(row.pk): True}
    request.session[DISOWNED] = dict(list(kept.items())[-5:])


def disowned(request: HttpRequest, row: ConsentRequest) -> bool:
    """Whether somebody in this browser said so."""
    return str(row.pk) in request.session.get(DISOWNED, {})


def own_again(request: HttpRequest, row: ConsentRequest) -> bool:
    """Take it back; False when nobody here had said so."""
    kept = dict(request.session.get(DISOWNED, {}))
    if kept.pop(str(row.pk), None) is None:
        return False
    request.session[DISOWNED] = kept
    return True


def attempt(
    request: HttpRequest, provider: str, purpose: str, subject: str, *, now: datetime
) -> tuple[str, str]:
    """Begin a visit to an office: a fresh state and nonce, bound to this session."""
    state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    kept: dict[str, Any] = dict(request.session.get(ATTEMPTS, {}))
    kept[state] = {
        "nonce": nonce,
        "provider": provider,
        "purpose": purpose,
        "subject": subject,
        "at": now.timestamp(),
    }
    request.session[ATTEMPTS] = dict(list(kept.items())[-5:])
    return state, nonce


def visited(request: HttpRequest, state: str) -> dict[str, Any] | None:
    """The visit that a return belongs to, whether it is still good or not; None when it is not this session's."""
    kept = request.session.get(ATTEMPTS, {}).get(state)
    return dict(kept) if kept else None


def attempted(request: HttpRequest, state: str, *, now: datetime) -> dict[str, Any] | None:
    """The visit that a return belongs to, or None when it is not this session's, used up or too old."""
    kept = visited(request, state)
    if not kept or kept.get("over") or now.timestamp() - float(kept["at"]) > ATTEMPT.total_seconds():
        return None
    return kept


def _hold(state: str) -> Fernet:
    return Fernet(urlsafe_b64encode(vault.lookup("families.held-verdict", state)))


def hold(request: HttpRequest, state: str, verdict: str) -> None:
    """Keep what an office sent, encrypted, so that it leaves the address bar at once."""
    kept = dict(request.session.get(ATTEMPTS, {}))
    if state in kept:
        kept[state] = {**kept[state], "verdict": _hold(state).encrypt(verdict.encode()).decode()}
        request.session[ATTEMPTS] = kept


def held(tried: dict[str, Any], state: str) -> str:
    """What the office sent, or nothing."""
    kept = tried.get("verdict")
    return _hold(state).decrypt(kept.encode()).decode() if kept else ""


def attempt_over(request: HttpRequest, state: str, *, refused: str = "") -> None:
    """A visit is used up. Its verdict goes; where it led and one sentence about a refusal stay for who comes back."""
    kept = dict(request.session.get(ATTEMPTS, {}))
    if state in kept:
        stays = {name: kept[state][name] for name in ("provider", "purpose", "subject", "at")}
        kept[state] = {**stays, "over": True, "refused": refused}
        request.session[ATTEMPTS] = kept


def challenge(request: HttpRequest, value: bytes) -> None:
    """Keep a passkey challenge for the next POST."""
    request.session[CHALLENGE] = value.hex()


def take_challenge(request: HttpRequest) -> bytes:
    """The challenge, once."""
    return bytes.fromhex(request.session.pop(CHALLENGE, ""))


def tell(request: HttpRequest, sentence: str) -> None:
    """Keep one sentence for the next page."""
    request.session["kabar"] = sentence


def told(request: HttpRequest) -> str:
    """The kept sentence, once."""
    return str(request.session.pop("kabar", ""))
