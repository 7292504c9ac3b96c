"""
A contest of an age: made in two steps without an account, decided by a person within the law's clock.

Who holds a link may make an account more protected, and nothing else: "I am younger" and "I never checked" count at
once, "I am older" waits for an officer (docs/adr/0090). What is told and shown stands sealed under a key of its own and
is destroyed in the transaction of the decision.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from ruangaman.adapters import ids, packs
from ruangaman.core import due_times, shown_files
from ruangaman.core.age_checks import BY_NAME
from ruangaman.core.due_times import UNKNOWN_TIME, DueTime
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.shown_files import ShownFile
from ruangaman.core.tegel import ALPHABET, mark
from ruangaman.rooms.ages import checks, config, counting, holders
from ruangaman.rooms.ages.checks import AgeDecided
from ruangaman.rooms.ages.errors import ContestRefused
from ruangaman.rooms.ages.models import AgeCheck, Attempt, Contest, ContestFile, Holder
from ruangaman.rooms.ages.models.contests import KINDS
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

NUMBER_SIGNS: Final = 8
PART: Final = 45_000
"""Bytes of a file in one sealed field: 60,000 in base64, below the vault's 64 KiB."""
AN_HOUR: Final = 30
A_DAY: Final = 100
"""Contests from one address: a school has one address for hundreds of people."""
OPEN_EACH: Final = 5
"""Contests of one account that may wait at once."""
WRONG_HERE: Final = 60
WRONG_OF_ONE: Final = 20
WRONG_OF_ALL: Final = 3000
"""
Wrong secret words within an hour: from one address, for one number, by everybody together.

A number has 8 of 32 signs (40 bits) and is told to nobody but its own person and the officers; the word 24 bits. Who
knows a number and tries for all of its time (30 days, 20 an hour) finds the word with a chance of 1 in 1,100.
"""


@dataclass(frozen=True, slots=True)
class AgeReviewed:
    """
    Told to the room above in the transaction of the act.

    `what`: `held`, the age counts as unknown from now on; `released`, it counts again; `dropped`, what was known is not
    true of this person; `corrected`, an officer found `age` right, by this evidence.
    """

    ref: UUID
    what: str
    age: Mapping[str, int]
    evidence: str
    at: datetime


Listener = Callable[[AgeReviewed], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Add a listener once; a second time changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(what: AgeReviewed) -> None:
    """Let the room above know."""
    for listener in _listeners:
        listener(what)


def due_of(jurisdiction: str, start: datetime) -> DueTime:
    """By when a contest that was made at `start` must be decided."""
    try:
        return due_times.told(packs.load(jurisdiction).due(config.CONTEST_CLOCK, start, facts=None))
    except (RuangAmanError, KeyError):
        return UNKNOWN_TIME


def younger_ranges(row: AgeCheck) -> list[int]:
    """The bounds below which somebody may say to be, the lowest first: those of the check, and the age it asks."""
    top = row.threshold
    found = {bound for bound in row.bounds if top is None or bound < top}
    return sorted(found | ({top} if top is not None else set()))


def files_of(sent: Iterable[bytes]) -> list[ShownFile]:
    """The files that came with a contest, each told by its content; raises ContestRefused, FileRefused."""
    found = [shown_files.read(one) for one in sent]
    if len(found) > config.CONTEST_FILES or sum(len(one.data) for one in found) > config.CONTEST_BYTES:
        raise ContestRefused(why="files")
    return found


@transaction.atomic
def make(
    kind: str,
    *,
    words: str,
    files: Sequence[ShownFile],
    question: AgeCheck | None,
    below: int | None = None,
    wallet: Holder | None,
    once: bytes,
    address: str,
    now: datetime,
) -> Contest:
    """
    Keep a contest for a person to decide; what makes an account more protected takes effect with it.

    Args:
        question: the check whose result is contested; None from the public page.
        below: for "younger": in completed years, under this age. One of `younger_ranges`.
        wallet: what this browser holds; nothing is issued to it any more after "younger" and "never".
        once: SHA-256 of the form's own word. The same form sent twice is one contest.

    Raises:
        ContestRefused: no kind, nothing told, no such range, too many files, or too much waits already.
        TooMany: from this address, or of this account.
    """
    ledger.line_up()
    before = Contest.objects.filter(once=once).first()
    if before is not None:
        return before
    words = words.strip()[: config.CONTEST_WORDS]
    if kind not in KINDS:
        raise ContestRefused(why="kind")
    if kind == "older" and not words and not files:
        raise ContestRefused(why="nothing")
    if kind == "younger" and question is not None:
        _check_range(question, below)
    counting.check("made", address, AN_HOUR, now=now)
    counting.check("made", address, A_DAY, hours=counting.DAY, now=now)
    if question is not None and _waiting(question.ref) >= OPEN_EACH:
        raise ContestRefused(why="waiting")
    if files and _stored() + sum(len(one.data) for one in files) > config.CONTEST_STORE:
        raise ContestRefused(why="full")
    counting.count("made", address, now=now)
    row = _keep(kind, words, files, question, once, now)
    if kind != "older":
        _protect(row, below, wallet, now)
    return row


def _check_range(question: AgeCheck, below: int | None) -> None:
    if below is None and question.threshold is None:
        raise ContestRefused(why="range")
    if below is not None and below not in younger_ranges(question):
        raise ContestRefused(why="range")


def _waiting(ref: UUID) -> int:
    return Contest.objects.filter(ref=ref, decided_at__isnull=True, forgotten_at__isnull=True).count()


def _stored() -> int:
    return ContestFile.objects.filter(family__isnull=False).aggregate(n=Sum("size"))["n"] or 0


def _keep(
    kind: str, words: str, files: Sequence[ShownFile], question: AgeCheck | None, once: bytes, now: datetime
) -> Contest:
    identity = ids.new(now)
    family = vault.open_family(now=now)
    salt, name = ledger.salted(identity.bytes)
    jurisdiction = question.jurisdiction if question else config.JURISDICTION
    due = due_of(jurisdiction, now)
    row = Contest.objects.create(
        id=identity,
        number=_number(),
        once=once,
        kind=kind,
        question=question,
        ref=question.ref if question else None,
        jurisdiction=jurisdiction,
        raised_at=now,
        due_at=due.due_at,
        safe_at=due.safe_at,
        articles=list(due.articles),
        doubt=dict(due.doubt),
        forget_at=(due.due_at or now) + config.contest_forgets_after(),
        evidence=family,
        words=vault.seal(family, "ages.contest-words", words, now=now) if words else None,
        files_shown=len(files),
        salt=salt,
        ledger_name=name,
    )
    for place, one in enumerate(files, 1):
        _keep_file(row, place, one, now)
    facts: dict[str, str | int | bool | None] = {
        "contest": name,
        "kind": kind,
        "bound": question is not None,
        "files": len(files),
    }
    ledger.append("contest.made", facts, at=now)
    return row


def _keep_file(row: Contest, place: int, file: ShownFile, now: datetime) -> None:
    family = vault.open_family(now=now)
    parts = [
        str(vault.seal(family, "ages.contest-file", b64encode(file.data[at : at + PART]).decode(), now=now))
        for at in range(0, len(file.data), PART)
    ]
    ContestFile.objects.create(
        contest=row,
        place=place,
        kind=file.kind,
        media_type=file.media_type,
        size=len(file.data),
        family=family,
        parts=parts,
    )


def _number() -> str:
    while True:
        found = "".join(secrets.choice(ALPHABET) for _ in range(NUMBER_SIGNS))
        if not Contest.objects.filter(number=found).exists():
            return found


def _protect(row: Contest, below: int | None, wallet: Holder | None, now: datetime) -> None:
    """What counts at once. Each of it makes an account more protected, whoever said it."""
    if wallet is not None:
        holders.stop(wallet, now=now)
    question = row.question
    if question is None:
        return
    if row.kind == "never":
        # What another person began is not finished meanwhile.
        running = Attempt.objects.filter(question__ref=question.ref, ended_at__isnull=True)
        running.update(ended_at=now, why="contested")
        ledger.append("contest.age-held", {"contest": row.ledger_name}, at=now)
        tell(AgeReviewed(question.ref, "held", {}, "", now))
        return
    way = BY_NAME["declared"]
    under = below if below is not None else question.threshold
    assert under is not None
    ledger.append("contest.younger-taken", {"contest": row.ledger_name}, at=now)
    checks.tell(AgeDecided(question.ref, {"at_most": under - 1}, way.evidence, way.assurance, way.name, now))


def shown_number(row: Contest) -> str:
    """As people read it: `7K4M-2MPQ`."""
    return f"{row.number[:4]}-{row.number[4:]}"


def secret_words(row: Contest) -> Mapping[str, str]:
    """The secret word, three spoken ones, in each language; made again from the house's own key, never stored."""
    found = mark(_word_digest(row.number)).words
    return {language: " ".join(three) for language, three in found.items()}


def _word_digest(number: str) -> bytes:
    return vault.lookup("ages.contest-word", number)


def _clean(text: str) -> str:
    return " ".join("".join(sign if sign.isalpha() else " " for sign in text.lower()).split())[:100]


def find(number: str, word: str, *, address: str, now: datetime) -> Contest | None:
    """
    The contest of this number and secret word, in either language; None for both kinds of wrong, alike in time.

    Raises:
        TooMany: too many wrong words within the hour.
    """
    number = "".join(sign for sign in number.upper() if sign.isalnum())[:20]
    limits = (("here", address, WRONG_HERE), ("number", number, WRONG_OF_ONE), ("all", "", WRONG_OF_ALL))
    for kind, name, most in limits:
        counting.check(f"wrong-{kind}", name, most, now=now)
    said = _clean(word).encode()
    wanted = mark(_word_digest(number)).words
    fits = [hmac.compare_digest(said, " ".join(three).encode()) for three in wanted.values()]
    row = Contest.objects.filter(number=number).first()
    if row is None or not any(fits) or not readable(row, now):
        for kind, name, _ in limits:
            counting.count(f"wrong-{kind}", name, now=now)
        return None
    return row


def readable(row: Contest, now: datetime) -> bool:
    """Whether its person may still read where it stands."""
    return row.forgotten_at is None and now < row.forget_at


def stage(row: Contest) -> str:
    """received, seen, answered."""
    if row.decided_at is not None:
        return "answered"
    return "seen" if row.opened_at is not None else "received"


def reason_of(row: Contest) -> dict[str, str]:
    """The officer's reason in both languages; empty once it is forgotten."""
    if row.reason is None:
        return {"id": "", "en": ""}
    try:
        found: Any = vault.reveal(vault.SealedRef(row.reason), purpose="tell who contested an age the answer")
    except vault.Forgotten:
        return {"id": "", "en": ""}
    return {"id": str(found.get("id", "")), "en": str(found.get("en", ""))}


def words_of(row: Contest) -> str:
    """What was told; empty when nothing was, or it is gone."""
    if row.words is None:
        return ""
    try:
        return str(
            vault.reveal(vault.SealedRef(row.words), purpose="let one officer decide a contest of an age")
        )
    except vault.Forgotten:
        return ""


def data_of(file: ContestFile) -> list[bytes]:
    """The parts of a file in order; raises vault.Forgotten."""
    return [
        b64decode(vault.reveal(vault.SealedRef(UUID(one)), purpose="show an officer a document once"))
        for one in file.parts
    ]
