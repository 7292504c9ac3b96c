"""
What was answered in a lesson as statements of xAPI 1.0.3, and the profile that says how they are made.

Whoever learned is one account: a pseudonym that the receiving system gave. There is no name, no mail and no second
identifier, of adults neither. The same answer is the same statement, however often it is sent.

Source: xAPI 1.0.3, part 2, 2.4 (statements), 4.1.4.1 (interactions); xAPI Profiles 1.0, part 2.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.learning.model import Course, Item, Lesson, Plain

VERBS: Final = "http://adlnet.gov/expapi/verbs/"
ACTIVITIES: Final = "http://adlnet.gov/expapi/activities/"
VERSION: Final = "1.0.3"
"""Of the header X-Experience-API-Version."""
_WORDS: Final = {
    "answered": Plain("menjawab", "answered"),
    "completed": Plain("menyelesaikan", "completed"),
    "passed": Plain("lulus", "passed"),
    "failed": Plain("belum lulus", "failed"),
}
_PSEUDONYM: Final = re.compile(r"[A-Za-z0-9._~-]{1,100}")
_HOME: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?")


class StatementRefused(RuangAmanError):
    """What cannot be told of somebody; `why` says what is wrong."""

    code = "learning.statement-refused"


@dataclass(frozen=True, slots=True)
class Account:
    """
    A pseudonym.

    Attributes:
        home: address of the system that gave it. name: what it calls somebody; an address of mail is refused.

    Raises:
        StatementRefused
    """

    home: str
    name: str

    def __post_init__(self) -> None:
        if not _HOME.fullmatch(self.home):
            raise StatementRefused(why="home")
        if not _PSEUDONYM.fullmatch(self.name):
            raise StatementRefused(why="name")


@dataclass(frozen=True, slots=True)
class Sitting:
    """
    One going through a lesson.

    Attributes:
        house: address of the house, without a slash at the end. registration: of this going through a lesson.
        language: `id` or `en`, in which it was read.
    """

    house: str
    who: Account
    registration: UUID
    language: str

    @property
    def profile(self) -> str:
        """The name of the profile."""
        return f"{self.house}/pelajaran/xapi"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `sure`: what was said of it, None when it was not asked. `seconds`: that it took."""

    chosen: str
    at: datetime
    sure: bool | None = None
    seconds: float | None = None


def answered(sitting: Sitting, lesson: Lesson, item: Item, answer: Answer) -> dict[str, Any]:
    """
    Somebody chose an answer.

    Raises:
        StatementRefused: no such answer, a time without a zone.
    """
    chosen = next((one for one in item.options if one.id == answer.chosen), None)
    if chosen is None:
        raise StatementRefused(why="answer")
    result: dict[str, Any] = {
        "response": chosen.id,
        "success": chosen.right,
        "score": {"scaled": 1 if chosen.right else 0},
    }
    if answer.seconds is not None:
        result["duration"] = f"PT{max(0.0, answer.seconds):.2f}S"
    told: dict[str, Any] = {}
    if answer.sure is not None:
        told[f"{sitting.profile}/sure"] = answer.sure
    if chosen.misconception:
        told[f"{sitting.profile}/misconception"] = chosen.misconception
    if told:
        result["extensions"] = told
    thing = {"id": f"{_lesson_id(sitting.house, lesson)}#{item.id}", "definition": _question(item)}
    return _statement(sitting, "answered", thing, lesson, result, answer.at, parent=True)


def ended(
    sitting: Sitting, lesson: Lesson, *, right: int, asked: int, at: datetime, needed: float | None = None
) -> dict[str, Any]:
    """
    Somebody came to the end of a lesson.

    Args:
        right, asked: answers. needed: the share from which on it is passed; None where nobody passes or fails.

    Raises:
        StatementRefused: more right than asked, a time without a zone.
    """
    if not 0 <= right <= asked or asked == 0:
        raise StatementRefused(why="score")
    share = right / asked
    result: dict[str, Any] = {
        "completion": True,
        "score": {"scaled": round(share, 4), "raw": right, "min": 0, "max": asked},
    }
    verb = "completed"
    if needed is not None:
        verb = "passed" if share >= needed else "failed"
        result["success"] = share >= needed
    thing = {"id": _lesson_id(sitting.house, lesson), "definition": _about(lesson)}
    return _statement(sitting, verb, thing, lesson, result, at, parent=False)


def _statement(
    sitting: Sitting,
    verb: str,
    thing: dict[str, Any],
    lesson: Lesson,
    result: dict[str, Any],
    at: datetime,
    *,
    parent: bool,
) -> dict[str, Any]:
    if at.tzinfo is None:
        raise StatementRefused(why="time")
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    over = {"id": _lesson_id(sitting.house, lesson), "definition": _about(lesson), "objectType": "Activity"}
    course = {
        "id": f"{sitting.house}/pelajaran/untuk/{lesson.objective.partition('-')[0]}/",
        "definition": {"type": f"{ACTIVITIES}course"},
        "objectType": "Activity",
    }
    profile = {
        "id": f"{sitting.profile}/v1",
        "definition": {"type": f"{ACTIVITIES}profile"},
        "objectType": "Activity",
    }
    return {
        "id": str(uuid5(sitting.registration, f"{verb} {thing['id']} {result.get('response', '')} {moment}")),
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": sitting.who.home, "name": sitting.who.name},
        },
        "verb": {"id": VERBS + verb, "display": _map(_WORDS[verb])},
        "object": {**thing, "objectType": "Activity"},
        "result": result,
        "context": {
            "registration": str(sitting.registration),
            "contextActivities": {
                **({"parent": [over]} if parent else {}),
                "grouping": [course],
                "category": [profile],
            },
            "language": sitting.language,
            "platform": "Ruang Aman",
        },
        "timestamp": moment,
    }


def _lesson_id(house: str, lesson: Lesson) -> str:
    return f"{house}/pelajaran/{lesson.objective}/"


def _about(lesson: Lesson) -> dict[str, Any]:
    return {"type": f"{ACTIVITIES}lesson", "name": _map(lesson.title)}


def _question(item: Item) -> dict[str, Any]:
    return {
        "type": f"{ACTIVITIES}cmi.interaction",
        "interactionType": "choice",
        "description": _map(item.stem),
        "choices": [{"id": one.id, "description": _map(one.text)} for one in item.options],
        "correctResponsesPattern": [item.answer],
    }


def _map(text: Plain) -> dict[str, str]:
    return {"id": text.id, "en": text.en}


def profile(course: Course, objectives: Sequence[str], house: str, at: datetime) -> dict[str, Any]:
    """
    How these statements are made, for whoever receives them: xAPI Profiles 1.0 as JSON-LD.

    Args:
        at: when it was made.
    """
    name = f"{house}/pelajaran/xapi"
    version = f"{name}/v1"
    lessons = [course.lessons[one] for one in objectives]
    return {
        "@context": "https://w3id.org/xapi/profiles/context",
        "id": name,
        "type": "Profile",
        "conformsTo": "https://w3id.org/xapi/profiles#1.0",
        "prefLabel": {"id": "Pelajaran Ruang Aman", "en": "Lessons of Ruang Aman"},
        "definition": {
            "id": "Jawaban dalam pelajaran, dari satu akun tanpa nama.",
            "en": "Answers in lessons, from one account without a name.",
        },
        "versions": [{"id": version, "generatedAtTime": at.astimezone(UTC).strftime("%Y-%m-%dT00:00:00Z")}],
        "author": {"type": "Organization", "name": "Ruang Aman", "url": house},
        "concepts": [*_extensions(name, version), *(_activity(house, version, one) for one in lessons)],
        "templates": _templates(name, version),
        "patterns": _patterns(name, version),
    }


def _extensions(name: str, version: str) -> list[dict[str, Any]]:
    told = (
        (
            "sure",
            "Yakin",
            "Sure",
            "Apakah yang menjawab yakin.",
            "Whether whoever answered was sure.",
            {"type": "boolean"},
        ),
        (
            "misconception",
            "Salah paham",
            "Misconception",
            "Salah paham di balik jawaban yang keliru.",
            "What somebody holds who chose this wrong answer.",
            {"type": "string", "pattern": "^M[0-9]{2}$"},
        ),
    )
    return [
        {
            "id": f"{name}/{which}",
            "type": "ResultExtension",
            "inScheme": version,
            "prefLabel": {"id": label, "en": english},
            "definition": {"id": text, "en": words},
            "recommendedVerbs": [f"{VERBS}answered"],
            "inlineSchema": _text(schema),
        }
        for which, label, english, text, words, schema in told
    ]


def _text(schema: dict[str, str]) -> str:
    """A JSON schema as the string that a profile holds."""
    return "{" + ",".join(f'"{key}":"{value}"' for key, value in schema.items()) + "}"


def _activity(house: str, version: str, lesson: Lesson) -> dict[str, Any]:
    return {
        "id": _lesson_id(house, lesson),
        "type": "Activity",
        "inScheme": version,
        "activityDefinition": {
            "@context": "https://w3id.org/xapi/profiles/activity-context",
            **_about(lesson),
        },
    }


def _templates(name: str, version: str) -> list[dict[str, Any]]:
    shared = (
        ("$.actor.account", "included"),
        ("$.actor.name", "excluded"),
        ("$.actor.mbox", "excluded"),
        ("$.context.registration", "included"),
        ("$.context.contextActivities.category[*].id", "included"),
        ("$.timestamp", "included"),
    )
    scored = (("$.result.score.scaled", "included"), ("$.result.completion", "included"))
    told = {
        "answered": (
            "cmi.interaction",
            (
                ("$.result.response", "included"),
                ("$.result.success", "included"),
                ("$.context.contextActivities.parent[*].id", "included"),
                ("$.object.definition.correctResponsesPattern", "included"),
            ),
        ),
        "completed": ("lesson", (*scored, ("$.result.success", "excluded"))),
        "passed": ("lesson", (*scored, ("$.result.success", "included"))),
        "failed": ("lesson", (*scored, ("$.result.success", "included"))),
    }
    return [
        {
            "id": f"{name}/templates#{verb}",
            "type": "StatementTemplate",
            "inScheme": version,
            "prefLabel": _map(_WORDS[verb]),
            "definition": _map(_WORDS[verb]),
            "verb": VERBS + verb,
            "objectActivityType": ACTIVITIES + kind,
            "contextCategoryActivityType": [f"{ACTIVITIES}profile"],
            "rules": [{"location": place, "presence": presence} for place, presence in (*shared, *rules)],
        }
        for verb, (kind, rules) in told.items()
    ]


def _patterns(name: str, version: str) -> list[dict[str, Any]]:
    one_of = [f"{name}/templates#{verb}" for verb in ("completed", "passed", "failed")]
    told: tuple[tuple[str, Plain, str, str | list[str]], ...] = (
        (
            "lesson",
            Plain("Satu pelajaran: jawaban, lalu akhirnya", "One lesson: answers, then its end"),
            "sequence",
            [f"{name}/patterns#answers", f"{name}/patterns#end"],
        ),
        ("answers", Plain("Jawaban", "Answers"), "zeroOrMore", f"{name}/templates#answered"),
        ("end", Plain("Akhir", "The end"), "alternates", one_of),
    )
    return [
        {
            "id": f"{name}/patterns#{which}",
            "type": "Pattern",
            "inScheme": version,
            "primary": which == "lesson",
            "prefLabel": _map(label),
            "definition": _map(label),
            way: of,
        }
        for which, label, way, of in told
    ]
