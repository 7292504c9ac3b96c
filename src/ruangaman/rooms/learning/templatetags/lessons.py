"""Texts of lessons in the reader's language."""

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ruangaman.core.learning import model, passages
from ruangaman.core.learning.model import Plain, Told
from ruangaman.rooms.learning import courses, sounds

register = template.Library()


@register.filter
def say(text: model.InBoth) -> str:
    """In the reader's language."""
    return model.said(text, get_language())


@register.filter
def held(misconception: str) -> Plain:
    """What somebody wrongly holds, by its id."""
    return courses.misconception(misconception)


@register.filter
def cited(articles: Iterable[str]) -> str:
    """The articles behind a screen in the reader's language."""
    return ", ".join(courses.cited(articles, get_language() or ""))


@register.inclusion_tag("learning/_suara.html", takes_context=True)
def voice(context: template.Context, name: str, part: str) -> dict[str, object]:
    """A button that speaks what stands beside it; `name`: of the spoken line. A pack has its own sounds, or none."""
    if pack := context.get("pack"):
        return {"part": part, "sound": pack["sounds"].get(name)}
    language = "en" if get_language() == "en" else "id"
    return {"part": part, "sound": sounds.of(language, name)}


@register.filter
def said(text: Plain | Told) -> SafeString:
    """The same, in paragraphs; lines that begin with `- ` are a list."""
    return _drawn(passages.blocks(say(text)))


@register.filter
def below(text: Told, title: Plain) -> SafeString:
    """The same below a title, which a text for paper often repeats in its first line."""
    return _drawn(passages.below(say(title), say(text)))


def _drawn(blocks: Iterable[str | passages.Points]) -> SafeString:
    parts = []
    for one in blocks:
        if isinstance(one, str):
            parts.append(format_html("<p>{}</p>", one))
        else:
            points = format_html_join("", "<li>{}</li>", ((line,) for line in one.lines))
            parts.append(format_html('<ul class="points">{}</ul>', points))
    return format_html_join("", "{}", ((part,) for part in parts))


@register.simple_tag(takes_context=True)
def picture(context: template.Context, name: str) -> str:
    """The address of a drawing: of this house, or beside the page of a pack."""
    return f"gambar/{name}.svg" if context.get("pack") else reverse("learning:picture", args=[name])


@register.filter
def of_hundred(share: str) -> int:
    """A share such as 0.8 in percent."""
    return round(float(share) * 100)
