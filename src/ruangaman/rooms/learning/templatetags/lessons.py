"""Texts of lessons in the reader's language."""

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ruangaman.core.learning.model import Plain, Told
from ruangaman.rooms.learning import courses, sounds

register = template.Library()


@register.filter
def say(text: Plain | Told) -> str:
    """In the reader's language."""
    return str(text.en if get_language() == "en" else text.id)


@register.filter
def held(misconception: str) -> Plain:
    """What somebody wrongly holds, by its id."""
    return courses.misconception(misconception)


@register.inclusion_tag("learning/_suara.html")
def voice(name: str, part: str) -> dict[str, object]:
    """A button that speaks what stands beside it; `name` is that of the spoken line."""
    language = "en" if get_language() == "en" else "id"
    return {"part": part, "sound": sounds.of(language, name)}


@register.filter
def said(text: Plain | Told) -> SafeString:
    """The same, in paragraphs; lines that begin with `- ` are a list."""
    parts = []
    for block in say(text).strip().split("\n\n"):
        lines = block.split("\n")
        if all(line.startswith("- ") for line in lines):
            points = format_html_join("", "<li>{}</li>", ((line[2:],) for line in lines))
            parts.append(format_html('<ul class="points">{}</ul>', points))
        else:
            parts.append(format_html("<p>{}</p>", " ".join(lines)))
    return format_html_join("", "{}", ((part,) for part in parts))


@register.simple_tag(takes_context=True)
def picture(context: template.Context, name: str) -> str:
    """The address of a drawing: of this house, or beside the page of a pack."""
    return f"gambar/{name}.svg" if context.get("pack") else reverse("learning:picture", args=[name])


@register.filter
def of_hundred(share: str) -> int:
    """A share such as 0.8 in percent."""
    return round(float(share) * 100)
