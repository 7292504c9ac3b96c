"""The door of the room: what access, services and the story may call. Everything takes `now`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from ruangaman.rooms.ages import desk as contest_desk
from ruangaman.rooms.ages.apart import WAY_BACK, WayBack
from ruangaman.rooms.ages.checks import AgeDecided, Listener
from ruangaman.rooms.ages.contests import AgeReviewed
from ruangaman.rooms.ages.contests import Listener as ReviewListener
from ruangaman.rooms.ages.errors import AttemptOver, CheckOver, NotFound
from ruangaman.rooms.ages.vouching import Ask, May, Vouch

__all__ = [
    "WAY_BACK",
    "AgeDecided",
    "AgeReviewed",
    "AttemptOver",
    "CheckOver",
    "CheckView",
    "InstitutionView",
    "KeyView",
    "Listener",
    "NotFound",
    "ReviewListener",
    "Vouch",
    "WalletList",
    "ask_age",
    "card_key_request",
    "card_keys",
    "check_of",
    "close",
    "close_institution",
    "consent_entry",
    "consent_list",
    "contest_desk",
    "demand_face_error",
    "demand_wallet_certificate",
    "demand_wallet_proofs",
    "distrust_wallets",
    "estimated_in_a_browser",
    "face_standing",
    "forget_contests",
    "held",
    "host_of_checks",
    "install_face_model",
    "institutions",
    "issuer_keys",
    "listen",
    "listen_to_reviews",
    "only_estimated",
    "proved_over",
    "register_institution",
    "remove_face_model",
    "rotate_card_key",
    "set_card_chain",
    "set_consent_entries",
    "settle_due",
    "trust_wallets",
    "vouch",
    "vouch_by",
    "vouches",
    "wallet_lists",
    "ways_back_from",
    "with_way_back",
    "withdraw_key",
]


@dataclass(frozen=True, slots=True)
class CheckView:
    """An open check: the page where it is answered, and the age that is asked ("this age or over"); None while the
    person has not said yet which age decides.
    """

    url: str
    threshold: int | None


@dataclass(frozen=True, slots=True)
class InstitutionView:
    """Who may be asked about an age; public facts alone. `name`: {id, en}."""

    slug: str
    kind: str
    name: Mapping[str, str]
    ask_url: str
    assurance: str


@dataclass(frozen=True, slots=True)
class WalletList:
    """A list of issuers whose credentials count: its name, what they are worth at most, and how many there are."""

    slug: str
    assurance: str
    anchors: int


def ask_age(
    ref: UUID,
    *,
    jurisdiction: str,
    card: Mapping[str, str],
    facts: Mapping[str, Any],
    needed: bool,
    threshold: int | None,
    bounds: Sequence[int],
    language: str,
    now: datetime,
) -> None:
    """
    See to it that this account has the open check that the law needs now (`core.age_checks.Need`), or none.

    Args:
        ref: the account as the caller knows it.
        card: {slug, name, operator}, what the page says of the service. facts: the law's fact `service`.
    """
    from ruangaman.rooms.ages import checks

    checks.ask(
        ref,
        jurisdiction=jurisdiction,
        card=card,
        facts=facts,
        needed=needed,
        threshold=threshold,
        bounds=bounds,
        language=language,
        now=now,
    )


def ways_back_from(port: WayBack) -> None:
    """Hand in who knows, for an account, the platform's own address to which the page of a check leads back."""
    from ruangaman.rooms.ages import apart

    apart.ways_back_from(port)


def with_way_back(url: str, path: str) -> str:
    """
    The page of a check with the way back to a page of the platforms' host, where people come to another one.

    Where there is one host, the way back stands in the browser's session under `WAY_BACK`: {slug of the service: path}.
    """
    from ruangaman.rooms.ages import apart

    return apart.with_way_back(url, path)


def host_of_checks() -> str:
    """Where the pages of checks stand: scheme, host and port."""
    from ruangaman.rooms.ages import config

    return config.issuer_url()


def check_of(ref: UUID) -> CheckView | None:
    """The open check of this account."""
    from ruangaman.rooms.ages import checks

    row = checks.open_check(ref)
    return CheckView(checks.url_of(row), row.threshold) if row is not None else None


def proved_over(refs: Sequence[UUID], age: int) -> str | None:
    """The highest degree at which a check of these accounts proved "this age or over"; None when none did.

    A word alone is no proof. A result that was taken back or forgotten proves nothing any more.
    """
    from ruangaman.rooms.ages import checks

    return checks.proved_over(refs, age)


def close(ref: UUID, *, now: datetime) -> None:
    """The account needs no check any more."""
    from ruangaman.rooms.ages import checks

    checks.close(ref, now=now)


def listen(listener: Listener) -> None:
    """Hear of each decided age, in the transaction of the decision (docs/adr/0081)."""
    from ruangaman.rooms.ages import checks

    checks.listen(listener)


def held(ref: UUID) -> bool:
    """Whether a contest holds this account's age: it counts as unknown until a person decided (docs/adr/0090)."""
    from ruangaman.rooms.ages import holds

    return holds.held(ref)


def listen_to_reviews(listener: ReviewListener) -> None:
    """Hear what a contest means for an account, in the transaction of the act (docs/adr/0081)."""
    from ruangaman.rooms.ages import contests

    contests.listen(listener)


def forget_contests(ref: UUID, *, now: datetime) -> None:
    """The account was forgotten; what its contests still keep goes with it."""
    from ruangaman.rooms.ages import contest_desk as acts

    acts.forget_account(ref, now=now)


def only_estimated(refs: Sequence[UUID], age: int) -> bool:
    """Whether nothing but estimates that the person's own browser made proved this age or over; they can be forged."""
    from ruangaman.rooms.ages import checks

    return checks.only_estimated(refs, age)


def register_institution(slug: str, *, now: datetime, **said: Any) -> None:
    """Add an institution that answers questions about an age; raises InstitutionRefused."""
    from ruangaman.rooms.ages import institutions

    institutions.register(slug, now=now, **said)


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key of the issuer that is still taken; `key_id` in hexadecimal."""

    key_id: str
    claim: str
    assurance: str
    not_before: datetime
    not_after: datetime


def issuer_keys(now: datetime) -> list[KeyView]:
    """The keys that platforms take, the oldest first; those that are missing are made."""
    from ruangaman.rooms.ages import issuer_keys as keys

    keys.ensure(now)
    return [
        KeyView(bytes(row.key_id).hex(), row.claim, row.assurance, row.not_before, row.not_after)
        for row in keys.living(now)
    ]


def withdraw_key(key_id: str, *, now: datetime) -> None:
    """
    Take a key out at once, its tokens with it; a new one takes its place.

    Args:
        key_id: in hexadecimal, or its beginning when no other key begins so.

    Raises:
        NotFound: no living key, or more than one.
    """
    from ruangaman.rooms.ages import issuer_keys as keys

    found = [row for row in keys.living(now) if bytes(row.key_id).hex().startswith(key_id.lower())]
    if len(found) != 1 or not key_id:
        raise NotFound
    keys.withdraw(bytes(found[0].key_id), now=now)
    keys.ensure(now)


def close_institution(slug: str, *, now: datetime) -> None:
    """Ask an institution no more; what it answered before stands. Raises NotFound."""
    from ruangaman.rooms.ages import institutions

    institutions.close(slug, now=now)


def institutions() -> Sequence[InstitutionView]:
    """The institutions that may be asked."""
    from ruangaman.rooms.ages import institutions as room

    return [
        InstitutionView(one.slug, one.kind, one.name, one.ask_url, one.assurance) for one in room.living()
    ]


def vouch_by(may: May, ask: Ask) -> None:
    """Hand in what asks the proven guardians of an account (docs/adr/0088)."""
    from ruangaman.rooms.ages import vouching

    vouching.vouch_by(may, ask)


def vouches(refs: Sequence[UUID], *, now: datetime) -> Sequence[Vouch]:
    """The questions about these accounts that wait for a guardian."""
    from ruangaman.rooms.ages import vouching

    return vouching.waiting(refs, now=now)


def vouch(question: UUID, over: bool | None, *, now: datetime) -> None:
    """A proven guardian answers, None when not sure. Raises NotFound, AttemptOver, CheckOver."""
    from ruangaman.rooms.ages import vouching

    vouching.answer(question, over, now=now)


def trust_wallets(told: Mapping[str, Any], *, now: datetime) -> None:
    """Add a list of issuers whose credentials count, or replace it; raises TrustRefused."""
    from ruangaman.rooms.ages import wallet_trust

    wallet_trust.add(told, now=now)


def distrust_wallets(slug: str, *, now: datetime) -> None:
    """Take a list of issuers away; raises NotFound."""
    from ruangaman.rooms.ages import wallet_trust

    wallet_trust.remove(slug, now=now)


def demand_wallet_certificate() -> None:
    """Raises ValueError or OSError: the certificate and key of the settings cannot be used."""
    from ruangaman.rooms.ages import wallet_asking

    wallet_asking.certificate()


def demand_wallet_proofs() -> None:
    """Raises ValueError: zero-knowledge proofs are switched on, and what its text names is not there."""
    from ruangaman.rooms.ages import wallet_proofs

    if lacking := wallet_proofs.missing():
        raise ValueError(lacking)


def wallet_lists() -> list[WalletList]:
    """The lists of issuers that count, by name."""
    from ruangaman.rooms.ages import wallet_trust

    return [WalletList(one.slug, one.assurance, len(one.anchors)) for one in wallet_trust.living()]


def demand_face_error(now: datetime) -> None:
    """Raises FaceErrorRefused: nobody measured how far the model of faces errs, or the file cannot be used."""
    from ruangaman.rooms.ages import faces

    faces.demand_error(today=now.date())


def install_face_model(archive: Path, *, now: datetime) -> Path:
    """Take the model of faces out of its npm archive; its folder. Raises FacePackageRefused."""
    from ruangaman.rooms.ages import face_model

    return face_model.install(archive, now=now)


def remove_face_model(now: datetime) -> bool:
    """Take the model of faces away; whether there was any."""
    from ruangaman.rooms.ages import face_model

    return face_model.remove(now=now)


def face_standing(now: datetime) -> list[tuple[str, str]]:
    """How estimates from a face stand, line by line: what, and how it is."""
    from ruangaman.rooms.ages import faces

    return faces.told(now)


def estimated_in_a_browser(refs: Sequence[UUID]) -> bool:
    """Whether an estimate that these accounts' own browsers made stands; anybody could have forged it."""
    from ruangaman.rooms.ages import faces

    return faces.rests_here(refs)


def settle_due(now: datetime) -> int:
    """What time does in this room. Idempotent."""
    from ruangaman.rooms.ages import cards, checks, issuer_keys, wallets
    from ruangaman.rooms.ages import contest_desk as acts

    done = checks.settle_due(now) + issuer_keys.end_old(now) + acts.settle_due(now)
    return done + cards.end_old(now) + wallets.forget_over(now)


def card_keys(now: datetime, *, consents: bool = False) -> list[tuple[str, str]]:
    """The keys whose cards, or lists of consents, are good, the one that signs first: (kid, what it does)."""
    from ruangaman.rooms.ages import card_keys

    told = {(False, False): "signs", (False, True): "signs, with a certificate"}
    return [
        (row.kid, told.get((row.retired_at is not None, bool(row.chain)), "retired"))
        for row in card_keys.known(now, card_keys.CONSENTS if consents else card_keys.CARDS)
    ]


def rotate_card_key(*, lost: bool, now: datetime, consents: bool = False) -> str:
    """
    Sign cards, or the lists of consents, with a new key from now on; returns its kid (`lost`: distrust the old one and
    all that it signed).
    """
    from ruangaman.rooms.ages import card_keys

    return card_keys.rotate(lost=lost, now=now, purpose=card_keys.CONSENTS if consents else card_keys.CARDS)


def card_key_request(now: datetime) -> str:
    """A request for a certificate for the key that signs cards, PEM."""
    from ruangaman.rooms.ages import card_keys

    return card_keys.request(now)


def set_card_chain(pem: bytes, *, now: datetime) -> None:
    """Put certificates beside the key that signs cards; raises ChainRefused."""
    from ruangaman.rooms.ages import card_keys

    card_keys.set_chain(pem, now=now)


def consent_entry(*, sandbox: bool, now: datetime) -> tuple[int, int]:
    """
    An entry of a status list of consents that nobody had, chosen by chance: (list, index), VALID from now on.

    Call inside a transaction that has lined up at the ledger. Whose it is stands with the caller, sealed.
    """
    from ruangaman.rooms.ages import status_lists

    purpose = status_lists.SANDBOX if sandbox else status_lists.CONSENTS
    number, (index,) = status_lists.take(1, now=now, purpose=purpose)
    return number, index


def consent_list(number: int) -> str:
    """The address of a status list of consents, which is also its name."""
    from ruangaman.rooms.ages import status_lists

    return status_lists.uri(number, status_lists.CONSENTS)


def set_consent_entries(entries: Mapping[int, Sequence[int]], status: int, *, now: datetime) -> None:
    """
    Set entries (list -> indexes) VALID (0), INVALID (1) or SUSPENDED (2); INVALID stays so. Call inside the transaction
    of what ends, holds or frees them, lined up at the ledger.
    """
    from ruangaman.rooms.ages import status_lists

    status_lists.change(entries, status, now=now)
