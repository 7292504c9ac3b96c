"""The frame of the pages of registry, institution and identity wallet: plain, and marked as an example on each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from examples.serving import Safe, fill

OTHER = {"id": ("en", "EN", "In English"), "en": ("id", "ID", "Dalam bahasa Indonesia")}
"""Of each language the other one: its code, its short name and the whole one, in that language."""


def framed(
    language: str, title: str, body: Safe, *, name: str, example: str, style: str, switch: str | None = ""
) -> str:
    """
    One whole page.

    Args:
        name: whose page it is. example: the sentence that it is none in earnest. style: the address of its sheet.
        switch: the query that the other language keeps, with its `&`; None where a page cannot be opened again.
    """
    other, short, long = OTHER[language]
    link = fill(
        '<a href="?{switch}bahasa={other}" lang="{other}" aria-label="{long}">{short}</a>',
        switch=switch,
        other=other,
        long=long,
        short=short,
    )
    return fill(
        """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} | {name}</title><link rel="stylesheet" href="{style}"></head>
<body><header><strong>{name}</strong>{link}</header>
<main><p class="contoh">{example}</p><h1>{title}</h1>{body}</main></body></html>""",
        language=language,
        title=title,
        name=name,
        example=example,
        style=style,
        link=link if switch is not None else "",
        body=body,
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """
    What all pages of one program have: the reader's language, whose they are, their words, and their sheet.

    `words`: a name and its sentence in Indonesian and English, one of them `example`. `always`: values that each
    sentence may use.
    """

    language: str
    name: str
    words: Mapping[str, tuple[str, str]]
    style: str
    always: Mapping[str, str] = field(default_factory=dict)

    def say(self, word: str, **values: object) -> str:
        """One sentence in the reader's language."""
        return self.words[word][self.language == "en"].format(**self.always, **values)

    def page(self, title: str, body: Safe, switch: str | None = "") -> str:
        """One whole page; `switch` as in `framed`."""
        example = self.say("example")
        return framed(
            self.language, title, body, name=self.name, example=example, style=self.style, switch=switch
        )


def hidden(fields: Mapping[str, str]) -> Safe:
    """Fields that a form carries along unseen."""
    line = '<input type="hidden" name="{name}" value="{value}">'
    return Safe("".join(fill(line, name=name, value=value) for name, value in fields.items()))
