"""`/aturan`: the law as it is applied, question by question, with its articles."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

JURISDICTION = "ID"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The questions that the pack answers."""
    from ruangaman.adapters import packs

    pack = packs.load(JURISDICTION)
    return render(request, "public/rules.html", {"pack": pack, "questions": sorted(pack.questions)})


@require_safe
def rule(request: HttpRequest, question: str) -> HttpResponse:
    """One question's norms: what, when, article, since, how sure."""
    from ruangaman.adapters import packs

    pack = packs.load(JURISDICTION)
    if question not in pack.questions:
        raise Http404(question)
    return render(request, "public/rule.html", {"pack": pack, "question": question})
