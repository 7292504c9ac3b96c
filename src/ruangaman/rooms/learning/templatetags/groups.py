"""Titles of lessons by their ids."""

from collections.abc import Mapping

from django import template

from ruangaman.core.learning.model import Plain
from ruangaman.rooms.learning.templatetags.lessons import say

register = template.Library()


@register.simple_tag
def lesson_title(titles: Mapping[str, Plain], objective: str) -> str:
    """In the reader's language."""
    return say(titles[objective])
