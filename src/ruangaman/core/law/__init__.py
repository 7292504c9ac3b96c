"""The law engine: packs in, answers out. Pure; the format is docs/guides/pack-format.md."""

from ruangaman.core.law.answers import Answer, Core
from ruangaman.core.law.columns import Columns
from ruangaman.core.law.lines import (
    MAX_DEPTH,
    MAX_LINE,
    TooManyQuestionsError,
    answer_array,
    answer_line,
    ask,
    ask_line,
    error_json,
)
from ruangaman.core.law.pack import Pack, Proof, compile_pack
from ruangaman.core.law.questions import Due
from ruangaman.core.law.reading import MAX_BYTES, read_yaml
from ruangaman.core.law.refusals import PackRefused, QuestionRefused
from ruangaman.core.law.tables import Facts

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_LINE",
    "Answer",
    "Columns",
    "Core",
    "Due",
    "Facts",
    "Pack",
    "PackRefused",
    "Proof",
    "QuestionRefused",
    "TooManyQuestionsError",
    "answer_array",
    "answer_line",
    "ask",
    "ask_line",
    "compile_pack",
    "error_json",
    "read_yaml",
]
