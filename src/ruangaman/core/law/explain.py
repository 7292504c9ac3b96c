"""A table question as Markdown that a jurist reads: one row a norm, then what comes of it by age."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from ruangaman.core.ages import as_date
from ruangaman.core.law.model import AGE_KINDS, Norm, Raw, Source, TableQuestion
from ruangaman.core.law.pack import Pack
from ruangaman.core.law.table import Run, Table
from ruangaman.core.law.tables import Period
from ruangaman.core.law.words import word

HEADINGS = {
    "id": ("Bila", "maka", "tindakan, syarat, pemberitahuan", "dasar", "yakin", "berlaku", "kalimat"),
    "en": ("When", "then", "actions, conditions, notices", "source", "sure", "in force", "sentence"),
}
LABELS = {
    "id": {"always": "selalu", "or": "atau", "lifts": "mengesampingkan", "all": "semua", "from": "sejak",
           "to": "sampai", "hours": "jam", "calendar_days": "hari kalender", "working_days": "hari kerja",
           "months": "bulan", "more": "dan %d baris lagi",
           "known": "diketahui", "norms": "Norma", "result": "Hasil menurut umur",
           "order": "Yang paling ketat menang. Dari terbuka ke ketat", "doubts": "Keraguan", "applied": "dipakai",
           "closed": "tertutup", "since": "Sejak", "only": "hanya menambah", "most": "ke atas"},
    "en": {"always": "always", "or": "or", "lifts": "sets aside", "all": "all", "from": "from", "to": "to",
           "hours": "hours", "calendar_days": "calendar days", "working_days": "working days",
           "months": "months", "more": "and %d more rows",
           "known": "known", "norms": "Norms", "result": "Outcome by age",
           "order": "The strictest wins. From open to strict", "doubts": "Doubts", "applied": "applied",
           "closed": "closed", "since": "Since", "only": "adds only", "most": "and over"},
}  # fmt: skip
MOST_ROWS = 60


def explain(pack: Pack, question: str, language: str) -> str:
    """
    The decision table of a question, in one language.

    Raises:
        KeyError: the pack has no such question.
    """
    title = pack.title_of(question)[language]  # type: ignore[literal-required]
    lines = [f"# {title}", "", f"`{pack.id}/{question}` {pack.version}", ""]
    if question in pack.tables:
        lines += _table(pack, question, language)
    elif question in pack.source.clocks:
        lines += _clock(pack, question, language)
    elif question in pack.source.scores:
        lines += _score(pack, question, language)
    else:
        lines += _value(pack, question, language)
    return "\n".join(lines) + "\n"


def cell(text: str) -> str:
    """Text that cannot leave its column."""
    return text.replace("|", "\\|").replace("\n", " ") or "-"


def row(cells: Sequence[str]) -> str:
    """One line of a Markdown table."""
    return "| " + " | ".join(cell(one) for one in cells) + " |"


def cited(articles: Sequence[str], language: str) -> str:
    """Articles as the reader's language writes them: "Art. 21(1)" is "Pasal 21 ayat (1)"."""
    joined = "; ".join(articles)
    if language == "id":
        joined = re.sub(r"\bArts?\. ?", "Pasal ", joined)
        joined = re.sub(r"(Pasal \d+[A-Z]?)\((\d+)\)", r"\1 ayat (\2)", joined)
    return joined


def say(source: Source, said: str, language: str, inside: str = "") -> str:
    """A word in the reader's language; as it stands when the pack has no word for it."""
    try:
        found: str = word(source, said, inside)[language]  # type: ignore[literal-required]
    except KeyError:
        return said
    return found


def _table(pack: Pack, name: str, language: str) -> list[str]:
    source, labels = pack.source, LABELS[language]
    question = source.tables[name]
    order = " < ".join(
        f"{say(source, one, language, name)} (`{one}`"
        + (f", {labels['closed']})" if one in question.closed else ")")
        for one in question.outcomes
    )
    lines = [f"{labels['order']}: {order}.", "", f"## {labels['norms']}", ""]
    lines += [row(HEADINGS[language]), row(["---"] * len(HEADINGS[language]))]
    lines += [row(_norm(source, question, norm, language)) for norm in question.norms]
    lines += _doubts(source, question, language)
    for period in pack.tables[name].periods:
        lines += _result(pack, period, language, several=len(pack.tables[name].periods) > 1)
    return lines


def _norm(source: Source, question: TableQuestion, norm: Norm, language: str) -> list[str]:
    labels = LABELS[language]
    clauses = [
        ", ".join(_condition(source, name, raw, language) for name, raw in clause.items())
        for clause in norm.when
    ]
    then = say(source, norm.then, language, question.name) if norm.then else labels["only"]
    if norm.lifts:
        aims = labels["all"] if norm.lifts == ("all",) else ", ".join(norm.lifts)
        then += f" ({labels['lifts']}: {aims})"
    added = ", ".join(say(source, one, language) for one in (*norm.do, *norm.needs, *norm.notices))
    return [
        f" {labels['or']} ".join(clauses) or labels["always"],
        then,
        added,
        cited(norm.articles, language),
        norm.confidence,
        _dates(norm, labels),
        f"{norm.text[language]} `{norm.id}`",  # type: ignore[literal-required]
    ]


def _dates(norm: Norm, labels: dict[str, str]) -> str:
    found = []
    if norm.dated.begins != date.min:
        found.append(f"{labels['from']} {norm.dated.begins}")
    if norm.dated.ends != date.max:
        found.append(f"{labels['to']} {norm.dated.ends}")
    found += [f"{labels['from']} {one.begins} {one.is_}" for one in norm.status]
    if norm.dated.known != date.min:
        found.append(f"{labels['known']} {norm.dated.known}")
    return ", ".join(found)


def _condition(source: Source, name: str, raw: Raw, language: str) -> str:
    values = [raw] if isinstance(raw, str) else list(raw)
    joined = f" {LABELS[language]['or']} "
    if name.startswith("doubt."):
        return f"_{name[6:]}_: " + joined.join(say(source, one, language, name[6:]) for one in values)
    fact = source.facts[name]
    if fact.numeric:
        return f"{say(source, name, language)} {joined.join(values)}"
    return f"{say(source, name, language)}: " + joined.join(
        say(source, one, language, name) for one in values
    )


def _doubts(source: Source, question: TableQuestion, language: str) -> list[str]:
    named = {
        name[6:] for norm in question.norms for clause in norm.when for name in clause if name[:6] == "doubt."
    }
    named |= {name for norm in question.norms for name in norm.doubts}
    lines = ["", f"## {LABELS[language]['doubts']}", ""] if named else []
    for doubt in source.doubts.values():
        if doubt.id in named:
            readings = [say(source, one, language, doubt.id) for one in doubt.readings]
            told = (
                f" ({LABELS[language]['applied']}: {readings[0]}; {', '.join(readings[1:])})"
                if readings
                else ""
            )
            lines.append(f"- {doubt.point[language]}{told}")  # type: ignore[literal-required]
    return lines


def _result(pack: Pack, period: Period, language: str, *, several: bool) -> list[str]:
    """The known cells grouped back into boxes, part by part, one column an age band where age plays a part."""
    labels, source, table = LABELS[language], pack.source, period.table
    lines: list[str] = []
    if several:
        until = "" if period.ends == 99991231 else f" {labels['to']} {as_date(period.ends)}"
        lines += ["", f"## {labels['since']} {as_date(period.begins)}{until}"]
    if table is None:
        return [*lines, "", period.core(0, ()).text[language]]  # type: ignore[literal-required]
    for part in table.parts:
        ages = [axis for axis in part.axes if table.axes[axis].fact.kind in AGE_KINDS]
        if len(ages) != 1:
            continue
        others = [axis for axis in part.axes if axis not in ages]
        axis = table.axes[ages[0]]
        bands = [_band(table, ages[0], n, labels) for n in range(axis.size)]
        boxes = _boxes(table, part.axes, ages[0])
        left = len(boxes) - MOST_ROWS
        lines += [
            "",
            f"## {labels['result']}",
            "",
            row([*(_fact(source, table, n, language) for n in others), *bands]),
        ]
        lines.append(row(["---"] * (len(others) + len(bands))))
        for runs, ranks in boxes[:MOST_ROWS]:
            shown = [
                "*"
                if runs[n] == (0, table.axes[n].size - 1)
                else _places(source, table, n, runs[n], language)
                for n in others
            ]
            shown += [
                say(source, table.question.outcomes[rank], language, table.question.name)
                if rank >= 0
                else "-"
                for rank in ranks
            ]
            lines.append(row(shown))
        if left > 0:
            lines += ["", labels["more"] % left]
    return lines


def _band(table: Table, axis: int, place: int, labels: dict[str, str]) -> str:
    low, high = table.axes[axis].ends(place)
    if high == table.axes[axis].fact.most:
        return f"{low} {labels['most']}"
    return f"{low}" if low == high else f"{low}-{high}"


def _fact(source: Source, table: Table, axis: int, language: str) -> str:
    return say(source, table.axes[axis].fact.name, language)


def _places(source: Source, table: Table, axis: int, run: Run, language: str) -> str:
    one = table.axes[axis]
    if one.cuts:
        return f"{one.ends(run[0])[0]}-{one.ends(run[1])[1]}"
    return " / ".join(
        say(source, one.fact.words[n], language, one.fact.name) for n in range(run[0], run[1] + 1)
    )


Box = tuple[dict[int, Run], tuple[int, ...]]


def _boxes(table: Table, axes: Sequence[int], age: int) -> list[Box]:
    """
    Cells with the same outcomes at every age, joined into boxes: an axis along which nothing changes becomes one run.
    Greedy from the last axis: small tables come out as a person would write them, large ones only shorter.
    """
    part = next(one for one in table.parts if one.axes == tuple(axes))
    ranks = [table.rank_of(members) for members in part.sets]
    cells = part.cells(None)
    others = [n for n in axes if n != age]

    def split(fixed: dict[int, Run], rest: list[int]) -> list[Box]:
        if not rest:
            column = tuple(slice(fixed[n][0], fixed[n][0] + 1) if n != age else slice(None) for n in axes)
            return [(dict(fixed), tuple(ranks[k] for k in cells[column].reshape(-1)))]
        axis, *below = rest
        whole: list[tuple[list[Box], Run]] = []
        for place in range(table.axes[axis].size):
            inner = split(fixed | {axis: (place, place)}, below)
            told = [({k: v for k, v in box.items() if k != axis}, out) for box, out in inner]
            if whole and [({k: v for k, v in b.items() if k != axis}, o) for b, o in whole[-1][0]] == told:
                whole[-1] = (whole[-1][0], (whole[-1][1][0], place))
            else:
                whole.append((inner, (place, place)))
        return [(box | {axis: run}, out) for inner, run in whole for box, out in inner]

    return split({}, others)


def _clock(pack: Pack, name: str, language: str) -> list[str]:
    source, labels = pack.source, LABELS[language]
    heads = {
        "id": ("Bila", "lamanya", "dasar", "yakin", "kalimat"),
        "en": ("When", "length", "source", "sure", "sentence"),
    }
    lines = [row(heads[language]), row(["---"] * 5)]
    for one in source.clocks[name].rows:
        when = f" {labels['or']} ".join(
            ", ".join(_condition(source, key, raw, language) for key, raw in clause.items())
            for clause in one.when
        )
        length = (
            str(one.due) if one.due else f"{'?' if one.amount is None else one.amount} {labels[one.unit]}"
        )
        for other in one.otherwise:
            unit = labels[other.changes.get("unit", one.unit)]
            length += f" ({labels['or']} {other.changes.get('amount', one.amount)} {unit})"
        if one.start:
            length += f" {labels['from']} {one.start}"
        text = one.text[language]  # type: ignore[literal-required]
        lines.append(
            row([when or labels["always"], length, cited(one.articles, language), one.confidence, text])
        )
    return lines


def _score(pack: Pack, name: str, language: str) -> list[str]:
    score = pack.source.scores[name]
    heads = {
        "id": ("Kode", "bobot", "dihitung bila", "parameter"),
        "en": ("Code", "weight", "counts when", "parameter"),
    }
    lines = [
        f"{score.version}, > {score.high_over / 100:.2f} = high. {cited(score.articles, language)} ({score.confidence})"
    ]
    for aspect, items in score.aspects.items():
        title = score.aspect_titles[aspect][language]  # type: ignore[literal-required]
        lines += ["", f"## {aspect} {title}", "", row(heads[language]), row(["---"] * 4)]
        for item in items:
            text = item.text[language]  # type: ignore[literal-required]
            other = "".join(f" ({', '.join(one.changes.values())}?)" for one in item.otherwise)
            lines.append(
                row([item.code, f"{item.weight // 100}.{item.weight % 100:02d}", item.counts + other, text])
            )
    return lines


def _value(pack: Pack, name: str, language: str) -> list[str]:
    labels = LABELS[language]
    heads = {
        "id": ("Sejak", "nilai", "dasar", "yakin", "kalimat"),
        "en": ("Since", "value", "source", "sure", "sentence"),
    }
    lines = [row(heads[language]), row(["---"] * 5)]
    for one in pack.source.values[name].rows:
        said = one.is_
        told = "?" if said is None else ", ".join(said) if isinstance(said, tuple) else str(said)
        if isinstance(said, dict):
            told = "; ".join(f"{key}: {value}" for key, value in said.items())
        when = "-" if one.dated.begins == date.min else str(one.dated.begins)
        if one.dated.ends < date.max - timedelta(days=1):
            when += f" {labels['to']} {one.dated.ends}"
        text = one.text[language] if one.text else "-"  # type: ignore[literal-required]
        lines.append(row([when, told, cited(one.articles, language), one.confidence, text]))
    return lines
