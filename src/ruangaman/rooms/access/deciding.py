"""What the law says of one child at one service now, and what the platform should do next.

Pure but for the pack that it is given: every read of the store happens before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ruangaman.core.consent import WAITING, State
from ruangaman.core.law import Answer, Pack, QuestionRefused
from ruangaman.rooms.families import api as families

ASKING: Final = frozenset({"ask_guardian", "wait"})
ASK_AGE: Final = "ask_age"
NOT_A_CHILD: Final = "not_a_child"
SUPERVISION: Final = "parental_supervision"  # the law's name for the watch; nobody watches a grown-up


@dataclass(frozen=True, slots=True)
class Known:
    """What a decision rests on: the age as known, and where the guardian's answer stands."""

    age: Mapping[str, Any] | None
    evidence: str | None
    assurance: str | None
    consent: families.ConsentView | None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer on the account, and on each feature; `state` is open, waiting or closed.

    `next_kind` is `ask_guardian` while a guardian's yes would open the door and nobody is asked: after a birthday, a
    lapse, a "not my child". A refusal and a withdrawal are the law's no, so there it never stands.
    A feature's `managed_by` is None for a grown-up: the rules for children do not set it.
    """

    answer: Answer
    features: dict[str, dict[str, Any]]
    state: str
    next_kind: str | None
    valid_until: datetime | None


def facts(pack: Pack, service: Mapping[str, object], known: Known) -> dict[str, Any]:
    """The facts of a question; what is not known is left out, and an assurance that the pack has no word for."""
    found: dict[str, Any] = {"service": dict(service)}
    if known.age:
        found["age"] = dict(known.age)
        found["evidence"] = known.evidence or "self_declared"
        if known.assurance and "assurance" in pack.source.facts:
            found["assurance"] = known.assurance
    found["consent"] = dict(known.consent.law) if known.consent else {"state": "none"}
    return found


def decide(
    pack: Pack,
    service: Mapping[str, object],
    features: Sequence[Mapping[str, Any]],
    known: Known,
    *,
    now: datetime,
) -> Decision:
    """Ask the law of the account and of each feature of the service."""
    asked = facts(pack, service, known)
    answer = pack.ask({"question": "account", **asked}, now=now)
    grown = answer.outcome == NOT_A_CHILD
    waiting = known.consent is not None and known.consent.state in WAITING
    next_kind = None
    if answer.open:
        state = "open"
    elif answer.outcome in ASKING and waiting:
        state, next_kind = "waiting", "guardian_request"
    elif answer.outcome == ASK_AGE:
        state, next_kind = "waiting", "age_check"
    else:
        state, next_kind = "closed", "ask_guardian" if answer.outcome in ASKING else None
    by_law = state == "closed" and not _a_yes_would_open(pack, asked, now)
    shown: dict[str, dict[str, Any]] = {}
    ends = [answer.valid_until, *_ends(known.consent)]
    for feature in features:
        name = str(feature["name"])
        one = _feature(pack, name, asked, now)
        ends.append(one.valid_until if one else None)
        watching = feature.get("watch", False) or name == SUPERVISION
        may = answer.open and one is not None and one.open and feature.get("on", True)
        shown[name] = {
            "state": "on" if may and not (grown and watching) else "off",
            "managed_by": None if grown else "nobody" if by_law else _managed_by(one),
        }
    return Decision(answer, shown, state, next_kind, min((end for end in ends if end), default=None))


def _a_yes_would_open(pack: Pack, asked: Mapping[str, Any], now: datetime) -> bool:
    """Whether a parent's yes could open what is closed; if not, the law closed it, and no parent sets anything."""
    yes = {"state": "granted", "by": "parent"}
    return pack.ask({"question": "account", **asked, "consent": yes}, now=now).open


def _ends(consent: families.ConsentView | None) -> tuple[datetime | None, ...]:
    if consent is None:
        return ()
    if consent.state in WAITING:
        return (consent.due_at,)
    return (consent.ends_at,) if consent.state is State.GIVEN else ()


def _feature(pack: Pack, name: str, asked: Mapping[str, Any], now: datetime) -> Answer | None:
    """The answer on one feature; None when this pack does not know the feature, which then stays closed."""
    try:
        return pack.ask({"question": "feature", "feature": name, **asked}, now=now)
    except QuestionRefused:
        return None


def _managed_by(answer: Answer | None) -> str:
    return (answer.managed_by or "nobody") if answer is not None else "nobody"


def card_features(
    pack: Pack,
    service: Mapping[str, object],
    features: Sequence[Mapping[str, Any]],
    known: Known,
    *,
    now: datetime,
) -> tuple[families.Feature, ...]:
    """The switches as they would stand after a guardian's yes, for the page that asks for it."""
    asked = facts(pack, service, known) | {"consent": {"state": "granted", "by": "parent"}}
    found = []
    for feature in features:
        name = str(feature["name"])
        one = _feature(pack, name, asked, now)
        title = feature.get("title") or {"id": name, "en": name}
        found.append(
            families.Feature(
                name=name,
                title=families.Text(id=str(title["id"]), en=str(title["en"])),
                state="on" if one is not None and one.open and feature.get("on", True) else "off",
                managed_by=_managed_by(one),
                article=(one.articles[0] if one and one.articles else "")[:120],
                watch=bool(feature.get("watch", False)),
            )
        )
    return tuple(found)


def confirms(answer: Answer) -> bool:
    """Whether the yes is the child's own here, and a parent confirms it."""
    return answer.extras.get("consent_kind") == "confirmation"


def own_yes(pack: Pack, service: Mapping[str, object], known: Known, *, at: datetime | None) -> bool:
    """Whether a yes that the child gave at `at` is one: on that day the law took it from a child of its age."""
    if at is None:
        return False
    asked = facts(pack, service, known) | {"consent": {"state": "none"}}
    return confirms(pack.ask({"question": "account", **asked}, now=at))


def request_kind(answer: Answer, child_consented: bool) -> str:
    """Whether a guardian is asked for a consent, or for the confirmation of a child's own yes."""
    return "confirmation" if confirms(answer) and child_consented else "consent"
