"""
Lessons as a Kolibri channel: a topic for each audience, in it a topic for each objective with its lesson and exercise.

Ids rest on names alone, so that what was learned is found again in the next version (docs/adr/0129). The forms that
measure stay out: a learner who has practised with them can no longer be measured by them.
"""

import base64
from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID, uuid5

from ruangaman.adapters.kolibri_files import Channel, Language, Node, Payload, Rights, files
from ruangaman.core.learning.model import Audience, Course, Item, Lesson, Objective, Plain
from ruangaman.rooms.learning.packs import perseus, pictures, player, qti3
from ruangaman.rooms.learning.packs.zipped import zipped

Questions = Literal["exercise", "qti"]
"""In which form questions are asked, by Kolibri's presets: Perseus, which it counts, or QTI 3."""

# INVARIANT: never changed. All ids hang on it; with another one every learner begins anew.
CHANNELS: Final = UUID("5d0c5bd6-6b4f-5c2e-9a53-3f0c5a6d8e11")

# Versions count minutes from here: greater with each release, without a place where the last one is kept.
FIRST_MINUTE: Final = datetime(2026, 1, 1, tzinfo=UTC)

# Within its sandbox nothing can be printed.
_RUNTIME: Final = player.Runtime(("learning/paket/kolibri.js",), "kolibri.js", sheet=False, sent=True)

# What makes an exercise done: notes of the measuring, four of the last five right.
MASTERY: Final = (4, 5)

# Labels of le-utils 0.2.17, the public list of terms that Kolibri reads.
_EXPLORE, _PRACTISE = "#j8L0eq3", "VwRCom7G"
_DIGITAL_LITERACY: Final = "BCG3&slG.wZ3EAedB"
_LEVELS: Final = {"B1": "FOhG0ib", "B2": "wnarlxKo", "B3": "BkGYi3lD", "B4": "eLt0Mbu4", "B5": "ZEjiwvOb"}

_LOGO: Final = "tegel/logo.svg"
_NAMES: Final = {"id": "Bahasa Indonesia", "en": "English"}
_TITLE: Final = Plain(id="Ruang Aman: belajar aman di internet", en="Ruang Aman: staying safe online")
_ABOUT: Final = Plain(
    id="Pelajaran untuk anak, orang tua, guru, dan desa. Bisa dipakai tanpa internet.",
    en="Lessons for children, parents, teachers and villages. They work without internet.",
)
_PRACTICE: Final = Plain(id="Latihan", en="Practice")
_RIGHTS: Final = Rights(
    owner="Ruang Aman",
    author="Ruang Aman",
    licence="Special Permissions",
    description="Apache License 2.0, https://www.apache.org/licenses/LICENSE-2.0",
)


def version_at(now: datetime) -> int:
    """
    A version by the clock: whole minutes since the first of January 2026.

    >>> version_at(datetime(2026, 1, 1, 1, 30, tzinfo=UTC))
    90
    """
    return int((now - FIRST_MINUTE).total_seconds() // 60)


def make(
    course: Course, objectives: tuple[str, ...], language: str, now: datetime, *, sounds: bool = False
) -> bytes:
    """A zip to unpack at the root of a memory stick: Kolibri finds the channel on it by itself."""
    found = folder(course, objectives, language, now=now, version=version_at(now), sounds=sounds)
    return zipped({f"KOLIBRI_DATA/{path}": content for path, content in found.items()})


def folder(
    course: Course,
    objectives: tuple[str, ...],
    language: str,
    *,
    now: datetime,
    version: int,
    questions: Questions = "exercise",
    sounds: bool = False,
) -> dict[str, bytes]:
    """The channel as a folder, by paths in it."""
    told = channel(course, objectives, language, now=now, version=version, questions=questions, sounds=sounds)
    return files(told)


def channel(
    course: Course,
    objectives: tuple[str, ...],
    language: str,
    *,
    now: datetime,
    version: int,
    questions: Questions = "exercise",
    sounds: bool = False,
) -> Channel:
    """
    The channel of some objectives; those without a lesson are left out.

    Args:
        version: greater than of any release before. questions: in which form they are asked.
        sounds: whether those that there are come along in lessons for who does not read yet.
    """
    told = [one for one in course.scheme.objectives if one.id in objectives and one.id in course.lessons]
    root = channel_id(course, objectives, language)
    below = []
    for audience in course.scheme.audiences:
        own = [one for one in told if course.scheme.audience(one.id) == audience]
        topics = [_objective(course, root, one, audience, language, now, questions, sounds) for one in own]
        if topics:
            below.append(_topic(root, audience.id, language, audience.name, None, tuple(topics)))
    top = Node(
        root,
        uuid5(root, "content"),
        "topic",
        _TITLE.said(language),
        _ABOUT.said(language),
        below=tuple(below),
    )
    thumbnail = f"data:image/svg+xml;base64,{base64.b64encode(player.static(_LOGO)).decode()}"
    return Channel(top, version, now, Language(language, _NAMES[language]), _RIGHTS, thumbnail)


def channel_id(course: Course, objectives: tuple[str, ...], language: str) -> UUID:
    """
    Of a channel in a language with these lessons; all lessons are one channel, however many there are.

    A channel of a part has an id of its own: imported with the same one, it would take the other lessons away.
    """
    whole = {one.id for one in course.scheme.objectives if one.id in course.lessons}
    part = "all" if whole <= set(objectives) else " ".join(sorted(set(objectives) & whole))
    return uuid5(CHANNELS, f"channel {language} {part}")


def content_id(name: str, language: str) -> UUID:
    """By which Kolibri keeps progress: of what is learned, whatever channel or version it came in."""
    return uuid5(CHANNELS, f"content {language} {name}")


def _objective(
    course: Course,
    root: UUID,
    objective: Objective,
    audience: Audience,
    language: str,
    now: datetime,
    questions: Questions,
    sounds: bool,
) -> Node:
    lesson = course.lessons[objective.id]
    below = [_lesson(course, root, lesson, audience, language, now, sounds)]
    # Of the youngest nothing is counted: a carer ticks what was seen.
    if audience.measured == "forms" and qti3.practice(course, objective.id):
        below.append(_exercise(course, root, lesson, audience, language, questions))
    return _topic(root, objective.id, language, lesson.title, objective.can, tuple(below))


def _topic(
    root: UUID, name: str, language: str, title: Plain, about: Plain | None, below: tuple[Node, ...]
) -> Node:
    return Node(
        uuid5(root, name),
        content_id(name, language),
        "topic",
        title.said(language),
        about.said(language) if about else "",
        below=below,
    )


def _lesson(
    course: Course,
    root: UUID,
    lesson: Lesson,
    audience: Audience,
    language: str,
    now: datetime,
    sounds: bool,
) -> Node:
    name = f"{lesson.objective} lesson"
    content = zipped(
        player.lesson_files(course, lesson.objective, language, now, runtime=_RUNTIME, sounds=sounds)
    )
    return Node(
        uuid5(root, name),
        content_id(name, language),
        "html5",
        lesson.title.said(language),
        _can(course, lesson.objective, language),
        Payload(content, "html5_zip", "zip"),
        seconds=lesson.minutes * 60,
        activities=_EXPLORE,
        levels=_LEVELS.get(audience.id),
        categories=_DIGITAL_LITERACY,
    )


def _exercise(
    course: Course, root: UUID, lesson: Lesson, audience: Audience, language: str, questions: Questions
) -> Node:
    name = f"{lesson.objective} exercise"
    items = qti3.practice(course, lesson.objective)
    right, of = MASTERY
    mastery = (min(right, len(items)), min(of, len(items)))
    if questions == "qti":
        sitting = qti3.Sitting(lesson.objective, "practice", items)
        titles = qti3.titles(course, (lesson.objective,), language)
        payload = Payload(
            zipped(qti3.package_files([sitting], titles, language, _pictures(course, items))), "qti", "zip"
        )
    else:
        payload = Payload(perseus.exercise(items, language, _pictures(course, items)), "exercise", "perseus")
    threshold = {"mastery_model": "m_of_n", "m": mastery[0], "n": mastery[1]}
    return Node(
        uuid5(root, name),
        content_id(name, language),
        "exercise",
        f"{_PRACTICE.said(language)}: {lesson.title.said(language)}",
        _can(course, lesson.objective, language),
        payload,
        questions=tuple(item.id for item in items),
        mastery=mastery,
        activities=_PRACTISE,
        levels=_LEVELS.get(audience.id),
        categories=_DIGITAL_LITERACY,
        options={"completion_criteria": {"model": "mastery", "threshold": threshold}},
    )


def _pictures(course: Course, items: tuple[Item, ...]) -> dict[str, bytes]:
    wanted = {name for item in items for name in qti3.pictured(item)} & course.pictures
    return {name: pictures.read(name) for name in sorted(wanted)}


def _can(course: Course, objective: str, language: str) -> str:
    return next(one.can for one in course.scheme.objectives if one.id == objective).said(language)
