"""What the house answers, as frozen values. `raw` keeps the whole document, also what this version does not know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = Mapping[str, Any]


def moment(text: str | None) -> datetime | None:
    """An instant of the API."""
    return datetime.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the law says. Open something only when `open` is true; keep it no longer than `valid_until`."""

    outcome: str
    open: bool
    decided: bool
    reason: str
    articles: tuple[str, ...]
    conditions: tuple[str, ...]
    actions: tuple[str, ...]
    managed_by: str | None
    settles: tuple[Json, ...]
    valid_until: datetime | None
    text: Mapping[str, str]
    raw: Json

    @classmethod
    def read(cls, raw: Json) -> "Answer":
        """From the document of the API."""
        return cls(
            outcome=raw["outcome"],
            open=raw["open"],
            decided=raw["decided"],
            reason=raw["reason"],
            articles=tuple(raw.get("articles", ())),
            conditions=tuple(raw.get("conditions", ())),
            actions=tuple(raw.get("actions", ())),
            managed_by=raw.get("managed_by"),
            settles=tuple(raw.get("settles", ())),
            valid_until=moment(raw.get("valid_until")),
            text=raw["text"],
            raw=raw,
        )


@dataclass(frozen=True, slots=True)
class QuestionError:
    """One question of a batch that could not be answered."""

    code: str
    field: str | None
    message: str

    @classmethod
    def read(cls, raw: Json) -> "QuestionError":
        """From the document of the API."""
        return cls(raw["code"], raw.get("field"), raw.get("message", ""))


@dataclass(frozen=True, slots=True)
class FeatureState:
    """One feature: `on` or `off`, and who may change it: child, guardian, nobody (closed by law);
    None for a grown-up, whom no rule for children concerns.
    """

    state: str
    managed_by: str | None

    @property
    def is_on(self) -> bool:
        """Whether the feature may be offered."""
        return self.state == "on"


@dataclass(frozen=True, slots=True)
class Next:
    """What to do next: `guardian_request` (show `url`, the code, the tile), `ask_guardian` (offer the child to ask,
    then call `open_session` again for the same subject) or `age_check` (send the
    person to `url`, where `age_over` is asked; or see `needs`).
    """

    kind: str
    url: str | None
    short_code: str | None
    tile_code: str | None
    tile_words: Mapping[str, tuple[str, ...]]
    tile_svg: str | None
    due_at: datetime | None
    needs: tuple[Json, ...]
    other_guardian: bool
    age_over: int | None
    raw: Json

    @classmethod
    def read(cls, raw: Json) -> "Next":
        """From the document of the API."""
        tile = raw.get("tile") or {}
        return cls(
            kind=raw["kind"],
            url=raw.get("url"),
            short_code=raw.get("short_code"),
            tile_code=tile.get("code"),
            tile_words={name: tuple(words) for name, words in (tile.get("words") or {}).items()},
            tile_svg=tile.get("svg"),
            due_at=moment(raw.get("due_at")),
            needs=tuple(raw.get("needs", ())),
            other_guardian=bool(raw.get("other_guardian")),
            age_over=raw.get("age_over"),
            raw=raw,
        )


@dataclass(frozen=True, slots=True)
class Consent:
    """Where the guardian's answer stands: requested ... given, refused, lapsed, withdrawn."""

    state: str
    kind: str
    changed_at: datetime | None
    due_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Session:
    """One child at one service. `state`: open, waiting or closed."""

    id: str
    service: str
    subject: str | None
    state: str
    answer: Answer
    articles: Mapping[str, tuple[str, ...]]
    features: Mapping[str, FeatureState]
    next: Next | None
    consent: Consent | None
    status: Json | None
    child_url: str | None
    valid_until: datetime | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    deletion: str | None
    sandbox: bool
    age_forgeable: bool
    etag: str | None
    raw: Json

    @property
    def is_open(self) -> bool:
        """Whether the child may use the service now."""
        return self.state == "open"

    @classmethod
    def read(cls, raw: Json, etag: str | None = None) -> "Session":
        """From the document of the API."""
        consent = raw.get("consent")
        return cls(
            id=raw["id"],
            service=raw["service"],
            subject=raw.get("subject"),
            state=raw["state"],
            answer=Answer.read(raw["answer"]),
            articles={name: tuple(said) for name, said in raw.get("articles", {}).items()},
            features={
                name: FeatureState(one["state"], one["managed_by"]) for name, one in raw["features"].items()
            },
            next=Next.read(raw["next"]) if raw.get("next") else None,
            consent=Consent(
                state=consent["state"],
                kind=consent["kind"],
                changed_at=moment(consent.get("changed_at")),
                due_at=moment(consent.get("due_at")),
                ends_at=moment(consent.get("ends_at")),
            )
            if consent
            else None,
            status=raw.get("status"),
            child_url=raw.get("child_url"),
            valid_until=moment(raw.get("valid_until")),
            created_at=datetime.fromisoformat(raw["created_at"]),
            updated_at=datetime.fromisoformat(raw["updated_at"]),
            closed_at=moment(raw.get("closed_at")),
            deletion=raw.get("deletion"),
            sandbox=raw.get("sandbox", False),
            age_forgeable=raw.get("age_forgeable", False),
            etag=etag,
            raw=raw,
        )


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `id` is the same in feed and webhook: do each one once."""

    id: str
    type: str
    timestamp: datetime
    session: str | None
    service: str | None
    data: Json
    cursor: int | None
    sandbox: bool

    @classmethod
    def read(cls, raw: Json) -> "Event":
        """From the feed or from a webhook's body."""
        data = raw["data"]
        return cls(
            id=raw["id"],
            type=raw["type"],
            timestamp=datetime.fromisoformat(raw["timestamp"]),
            session=data.get("session"),
            service=data.get("service"),
            data=data,
            cursor=raw.get("cursor"),
            sandbox=raw.get("sandbox", False),
        )


@dataclass(frozen=True, slots=True)
class Deletion:
    """A duty to delete: refused, withdrawn or closed. `due_at` None: the law gives no number."""

    id: str
    session: str | None
    subject: str | None
    service: str | None
    reason: str
    started_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    receipt: str | None
    doubt: str | None

    @classmethod
    def read(cls, raw: Json) -> "Deletion":
        """From the document of the API."""
        return cls(
            id=raw["id"],
            session=raw.get("session"),
            subject=raw.get("subject"),
            service=raw.get("service"),
            reason=raw["reason"],
            started_at=datetime.fromisoformat(raw["started_at"]),
            due_at=moment(raw.get("due_at")),
            done_at=moment(raw.get("done_at")),
            receipt=raw.get("receipt"),
            doubt=raw.get("doubt"),
        )


@dataclass(frozen=True, slots=True)
class DataRequest:
    """A child of 16 or 17 asks for a copy or deletion of what you hold. `due_at` None: the law gives no number."""

    id: str
    session: str
    subject: str | None
    service: str
    right: str
    made_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    decision: str | None
    answered_by: str | None
    doubt: str | None

    @classmethod
    def read(cls, raw: Json) -> "DataRequest":
        """From the document of the API."""
        return cls(
            id=raw["id"],
            session=raw["session"],
            subject=raw.get("subject"),
            service=raw["service"],
            right=raw["right"],
            made_at=datetime.fromisoformat(raw["made_at"]),
            due_at=moment(raw.get("due_at")),
            answered_at=moment(raw.get("answered_at")),
            decision=raw.get("decision"),
            answered_by=raw.get("answered_by"),
            doubt=raw.get("doubt"),
        )


@dataclass(frozen=True, slots=True)
class Webhook:
    """An endpoint of the platform. `secret` stands here only when it was just made."""

    id: str
    url: str
    kinds: tuple[str, ...]
    service: str | None
    secret: str | None = field(repr=False)
    disabled_at: datetime | None
    disabled_because: str | None

    @classmethod
    def read(cls, raw: Json) -> "Webhook":
        """From the document of the API."""
        return cls(
            id=raw["id"],
            url=raw["url"],
            kinds=tuple(raw["kinds"]),
            service=raw.get("service"),
            secret=raw.get("secret"),
            disabled_at=moment(raw.get("disabled_at")),
            disabled_because=raw.get("disabled_because"),
        )
