"""`POST /v1/ask`: bytes in, bytes out. One function for Django and for the lane; knows neither of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from ruangaman.core import law
from ruangaman.rooms.access.bounds import LARGEST_BATCH, LARGEST_BODY

_SPACE: Final = b" \t\r\n"
_ERROR: Final = b'{"error"'


class Asked(msgspec.Struct, frozen=True, gc=False):
    """The reply: `code` is empty when it is an answer (or a list of them), else a code of the catalogue.

    `field` and `message` belong to the refusal of a single question. `questions` is how many came.
    """

    body: bytes
    questions: int
    code: str = ""
    field: str = ""
    message: str = ""


def ask(body: bytes, packs: Mapping[str, law.Pack], *, now: datetime) -> Asked:
    """
    Answer one question (an object) or up to 1,000 (an array, answered in order, each with its answer or error).

    Never raises: what cannot be read comes back with a code.
    """
    if len(body) > LARGEST_BODY:
        return Asked(b"", 0, "access.body-too-large")
    start = body.lstrip(_SPACE)[:1]
    if start != b"[":
        answer = law.answer_line(packs, body, now=now)
        if answer.startswith(_ERROR):
            said = msgspec.json.decode(answer)["error"]
            return Asked(b"", 1, said["code"], said.get("field") or "", said.get("message") or "")
        return Asked(answer, 1)
    try:
        answers = law.answer_array(packs, body, now=now, most=LARGEST_BATCH)
    except law.TooManyQuestionsError as refused:
        return Asked(b"", refused.count, "access.body-too-large")
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return Asked(b"", 0, "access.body-unreadable")
    count = len(answers)
    if not count:
        return Asked(b"[]", 0)
    # One joined copy: a second one of a megabyte would cost as much as fifty answers.
    answers[0], answers[-1] = b"[" + answers[0], (b"" if count > 1 else b"[") + answers[-1] + b"]"
    return Asked(b",".join(answers), count)
