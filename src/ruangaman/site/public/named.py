"""The platforms that the Ministry names, as rows of the public table: by whom, since when, and what of accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from ruangaman.adapters import packs
from ruangaman.core import law
from ruangaman.site.public import rules
from ruangaman.site.public.wording import JURISDICTION, article_words, said

LIST, PHASE, ACCOUNTS, LOWEST_AGE = "named_platforms", "ministry_phase", "existing_account", "lowest_age"
NAME = "service_name"
# What a platform may change so that the Ministry accepts it: asked both ways, since the law may answer something else.
CHANGE = "stranger_contact_off"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that the law says of existing accounts: since when, by which sources, how sure, and what is open."""

    says: str
    since: str
    sources: str
    confidence: str
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Platform:
    """One named platform; `facts` is the `service` fact of a question, the texts are in the reader's language."""

    name: str
    facts: Mapping[str, object]
    listed: Note
    notes: tuple[Note, ...]
    operator: str = ""

    @property
    def risk(self) -> str:
        """Who calls it risky; nobody has published a profile of it."""
        return _("Kementerian menyebutnya berisiko tinggi.")


def platforms(*, now: datetime) -> tuple[Platform, ...]:
    """The named platforms in the order of the list; none on a day on which there was no list."""
    pack = packs.load(JURISDICTION)
    listed = _stated(pack, LIST, now)
    if listed is None:
        return ()
    note, names = listed
    words = {_squeezed(word): word for word in pack.source.facts[NAME].words}
    return tuple(
        Platform(name, {"name": words[_squeezed(name)]}, note, _notes(pack, words[_squeezed(name)], now))
        for name in names
    )


def phase(*, now: datetime) -> Note | None:
    """Whether accounts of children are being closed on the named platforms; None where no law speaks of it yet."""
    found = _stated(packs.load(JURISDICTION), PHASE, now)
    return None if found is None else found[0]


def _stated(pack: law.Pack, question: str, now: datetime) -> tuple[Note, tuple[str, ...]] | None:
    """A value of the pack that holds today, as a note and its words."""
    answer = pack.ask({"question": question}, now=now).as_dict()
    if answer["outcome"] != "stated":
        return None
    on = date.fromisoformat(answer["derived"]["local_date"])
    row = [one for one in pack.source.values[question].rows if one.dated.holds(on)][-1]
    told = Note(
        said(answer["text"]), rules.since(row.dated), _sources(row.articles), rules.confidence(row.confidence)
    )
    return told, tuple(answer["value"]) if isinstance(answer["value"], list) else (answer["value"],)


def _notes(pack: law.Pack, word: str, now: datetime) -> tuple[Note, ...]:
    """What happens to an account of a child, and, where the answer differs, to one on a platform that has changed."""
    youngest = pack.ask({"question": LOWEST_AGE}, now=now).as_dict()["value"]
    found: list[Note] = []
    seen: set[str] = set()
    for changed in (False, True):
        # The youngest child: whatever closes the account of an older one closes hers.
        age = {"at_least": youngest, "at_most": youngest}
        facts = {"question": ACCOUNTS, "age": age, "service": {"name": word, CHANGE: changed}}
        answer = pack.ask(facts, now=now)
        norm = next((one for one in pack.source.tables[ACCOUNTS].norms if one.rule == answer.reason), None)
        if norm is None or norm.rule in seen or not norm.do:
            continue
        seen.add(norm.rule)
        found.append(
            Note(
                said(answer.text),
                rules.since(norm.dated),
                _sources(norm.articles),
                rules.confidence(norm.confidence),
                tuple(said(pack.source.doubts[one].point) for one in norm.doubts),
            )
        )
    return tuple(found)


def _sources(articles: tuple[str, ...]) -> str:
    return "; ".join(article_words(one) for one in articles)


def _squeezed(name: str) -> str:
    """`Bigo Live` and `bigo_live` are one name."""
    return "".join(letter for letter in name.lower() if letter.isalnum())
