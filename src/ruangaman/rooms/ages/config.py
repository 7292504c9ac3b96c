"""The settings of this room, read when they are needed; safe when nothing is set."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

JURISDICTION: Final = "ID"
"""Whose bounds the claims of the house's own tokens have."""
EPOCH: Final = timedelta(days=7)
OVERLAP: Final = timedelta(days=1)
AHEAD: Final = timedelta(days=1)
"""How long before its epoch a key stands in the directory, so that every platform has fetched it."""
QUOTA: Final = 30
"""Tokens a wallet may take of one key: the profile of the notes, RFC 9576 section 6.1."""
ATTEMPT: Final = timedelta(minutes=10)
ATTEMPTS_KEPT: Final = timedelta(days=2)
"""How long a try that proved nothing is kept: guardians are asked so often a day, and a page says what came of it."""
MOST_ATTEMPTS: Final = 20
"""Tries that may be open for one check at once."""
SKEW: Final = timedelta(seconds=300)
PAUSE: Final = (timedelta(seconds=2), timedelta(seconds=12))
"""Between a challenge and the request for its token a wallet waits so long, by chance (RFC 9577 section 5.5)."""
ISSUED_ASSURANCES: Final = ("standard", "strict")
"""Each further degree splits the crowd of a key in two."""
BATCH: Final = 30
"""Cards in a batch, each for one showing."""
CARDS_VALID: Final = timedelta(days=30)
CODE: Final = timedelta(minutes=5)
"""How long an offer of cards may be taken, the token that it gives, and a nonce."""
DIGITS: Final = 6
DIGIT_TRIES: Final = 5
BATCHES: Final = 10
"""Batches of one wallet that are good at the same time: a status list is not one wallet's to fill."""
STATUS_ENTRIES: Final = 131_072
STATUS_DECOYS: Final = 8_192
CONSENT_ENTRIES: Final = 262_144
CONSENT_FIRST: Final = 100_000
"""The entries of consents begin here, so that every index has six digits: an ID token has one length for everybody."""
CONSENT_DECOYS: Final = 10_240


def base_url() -> str:
    """The address of this house, without a slash at the end."""
    return str(getattr(settings, "BASE_URL", "http://localhost:8000")).rstrip("/")


def issuer_url() -> str:
    """The address where ages are proved and tokens issued; where it is set, another host than what platforms call."""
    return str(getattr(settings, "ISSUER_URL", "") or base_url()).rstrip("/")


def story_wallet() -> str:
    """Where the wallet of the story is opened, on this machine; empty in every real house."""
    return str(getattr(settings, "STORY_WALLET", "")) if getattr(settings, "STORY", False) else ""


def apart() -> bool:
    """Whether people and platforms come to different hosts."""
    return issuer_url() != base_url()


def ways() -> tuple[str, ...]:
    """The ways of proving that are switched on, by name."""
    return tuple(getattr(settings, "AGE_WAYS", ("declared", "token", "guardian", "institution", "wallet")))


def result_kept() -> timedelta:
    """How long the answer of a decided check can be read at this house."""
    return timedelta(days=float(getattr(settings, "AGE_RESULT_DAYS", 30)))


def under_ages() -> tuple[int, ...]:
    """The ages for which "under this age" is issued; none unless a child-only room wants it."""
    return tuple(int(one) for one in getattr(settings, "AGE_UNDER", ()))


CONTEST_CLOCK: Final = "data_correction"
"""The pack's clock of a contest: an age is personal data that somebody asks to have corrected."""
CONTEST_FILES: Final = 3
CONTEST_BYTES: Final = 3_000_000
"""Of all files of one contest together; a photo that the browser makes smaller is a tenth of it."""
CONTEST_STORE: Final = 1_000_000_000
"""Bytes that files may take while they wait for an officer; above it words alone are taken."""
CONTEST_WORDS: Final = 2000


def contest_forgets_after() -> timedelta:
    """How long an answer can be read, and an unanswered contest waits on after its clock."""
    return timedelta(days=float(getattr(settings, "CONTEST_FORGET_AFTER_DAYS", 30)))


def behind_proxy() -> bool:
    """Whether a proxy of the house stands in front of it."""
    return bool(getattr(settings, "SECURE_PROXY_SSL_HEADER", None))


def status_ttl() -> timedelta:
    """For how long whoever checks a card may keep the list of statuses."""
    return timedelta(seconds=int(getattr(settings, "STATUS_TTL_S", 900)))


def consent_ttl() -> timedelta:
    """For how long whoever relies on a consent may keep the list: never above what the profile allows for consents."""
    from ruangaman.core.credentials.status_token import CONSENT_TTL_SECONDS  # commands start without it

    return min(status_ttl(), timedelta(seconds=CONSENT_TTL_SECONDS))


def face_folder() -> Path:
    """Where the model of faces stands once an operator installed it."""
    return Path(settings.DATA_DIR) / "face"


def face_error_file() -> str:
    """The file that says how far somebody measured that model to err; empty where nobody did."""
    return str(getattr(settings, "FACE_ERROR_FILE", ""))
