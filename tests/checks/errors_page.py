"""Writes docs/errors.md from the catalogue: `python -m tests.checks.errors_page`."""

from pathlib import Path

from ruangaman.site.errors import CATALOGUE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "errors.md"
HEAD = """# Errors

Every refusal has a stable code. Over HTTP it comes as `application/problem+json` (RFC 9457) under `/v1/`, and as a page
elsewhere; on the command line it stands on standard error, in JSON Lines in `error.code`. The sentence may be improved,
the code never changes its meaning. `GET /v1/errors` gives this table to programs.

This page is written from `src/ruangaman/site/errors.py` by `make pages`.
"""


def page() -> str:
    """The page, one table a family of codes."""
    lines, family = [HEAD], ""
    for code, entry in sorted(CATALOGUE.items()):
        head = code.split(".")[0]
        if head != family:
            family = head
            lines.append(f"\n## {family}\n\n| Code | HTTP | Indonesia | English |\n|---|---|---|---|\n")
        texts = (entry.id.replace("|", "\\|"), entry.en.replace("|", "\\|"))
        lines.append(f"| `{code}` | {entry.status} | {texts[0]} | {texts[1]} |\n")
    return "".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
