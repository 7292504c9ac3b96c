"""`ruangaman law explain QUESTION`: the decision table as Markdown, in both languages."""

import sys


def run(question: str, jurisdiction: str, language: str | None) -> int:
    """0 told, 2 no such pack or question, or a broken pack."""
    from ruangaman.adapters import packs
    from ruangaman.core import law
    from ruangaman.core.law.explain import explain

    try:
        pack = packs.load(jurisdiction)
    except packs.NoSuchPack:
        print(
            f"ruangaman law explain: no pack {jurisdiction!r}; there are {', '.join(packs.folders())}",
            file=sys.stderr,
        )
        return 2
    except law.PackRefused as refused:
        print(f"ruangaman law explain: {refused}", file=sys.stderr)
        return 2
    if question not in pack.questions:
        known = ", ".join(sorted(pack.questions))
        print(
            f"ruangaman law explain: {jurisdiction} has no question {question!r}; it has {known}",
            file=sys.stderr,
        )
        return 2
    print(
        "\n".join(explain(pack, question, one) for one in ([language] if language else ["id", "en"])), end=""
    )
    return 0
