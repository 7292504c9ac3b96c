"""What provinces are called, in the reader's language."""

from django.utils.translation import get_language

from ruangaman.adapters.province_names import names

__all__ = ["name", "names"]


def name(code: str) -> str:
    """In the reader's language; the code itself where we know no name."""
    found = names().get(code)
    if found is None:
        return code
    return found["en" if (get_language() or "id").startswith("en") else "id"]
