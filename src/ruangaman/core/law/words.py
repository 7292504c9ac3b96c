"""The words of a pack in both languages, and the proof that none is missing."""

from collections.abc import Iterable

from ruangaman.core.law.model import Source, TableQuestion, Text
from ruangaman.core.law.refusals import PackRefused

YES_NO: dict[str, Text] = {"yes": {"id": "ya", "en": "yes"}, "no": {"id": "tidak", "en": "no"}}


def word(source: Source, said: str, inside: str = "") -> Text:
    """The word in both languages; `inside` is the fact or doubt whose value it is. Raises KeyError."""
    found = source.words.get(f"{inside}.{said}") if inside else None
    found = found or source.words.get(said) or YES_NO.get(said)
    if found is None:
        raise KeyError(said)
    return found


def needed(source: Source, question: TableQuestion) -> Iterable[tuple[str, str, str]]:
    """Every (word, inside, where) that a reader may meet in a question."""
    for outcome in (*question.outcomes, *question.undecided.values()):
        yield outcome, question.name, "outcome"
    for norm in question.norms:
        for said in (*norm.do, *norm.needs, *norm.notices):
            yield said, "", norm.id
        for clause in norm.when:
            for name in clause:
                if name.startswith("doubt."):
                    for reading in source.doubts[name[6:]].readings:
                        yield reading, name[6:], norm.id
                    continue
                fact = source.facts[name]
                yield name, "", norm.id
                for said in fact.words:
                    yield said, name, norm.id


def prove_words(source: Source) -> None:
    """
    Raises:
        PackRefused: a word has no entry in texts.yaml.
    """
    for question in source.tables.values():
        for said, inside, where in needed(source, question):
            try:
                word(source, said, inside)
            except KeyError:
                raise PackRefused(
                    "pack.word-missing",
                    f"texts.yaml has no word {said!r}" + (f" (nor {inside}.{said})" if inside else ""),
                    file=question.file,
                    rule=where,
                ) from None
