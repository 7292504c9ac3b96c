"""The pages: plain HTML, whole without scripts, phone first, and not in the look of Ruang Aman."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import segno

from examples.platform import proving
from examples.platform.proving import Ways
from examples.platform.store import Account
from examples.platform.words import FEATURES, MANAGED, SERVICES, of_service, pair, say
from examples.serving import Safe, fill
from ruangaman.client import Deletion, FeatureState, Next, Session

ZONE = ZoneInfo("Asia/Jakarta")
MONTHS = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
STATES = ("open", "waiting", "closed")


def when(language: str, instant: datetime | None) -> str:
    """A time as people read it, in Jakarta's zone."""
    if instant is None:
        return ""
    local = instant.astimezone(ZONE)
    month = MONTHS["en" if language == "en" else "id"][local.month - 1]
    clock = local.strftime("%H:%M" if language == "en" else "%H.%M")
    return f"{local.day} {month} {local.year}, {clock} WIB"


def page(language: str, title: str, body: Safe, *, service: str = "", head: Safe | None = None) -> str:
    """The frame of every page."""
    other = "id" if language == "en" else "en"
    return fill(
        """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="stylesheet" href="/static/ramai.css">{head}</head>
<body class="{css}"><header><a class="nama" href="{home}">{name}</a>
<nav><a href="/" class="semua">{all}</a>
<a href="?bahasa={other}" lang="{other}" aria-label="{long}">{short}</a></nav></header>
<main>{body}</main><footer><p>{example}</p></footer></body></html>""",
        language=language,
        title=title,
        head=head,
        css=service or "semua-aplikasi",
        home=f"/{service}/" if service else "/",
        name=of_service(language, service, "name") if service else say(language, "house"),
        all=say(language, "all"),
        other=other,
        long=say(language, "other_long"),
        short=say(language, "other"),
        example=say(language, "example"),
        body=body,
    )


def hub(language: str) -> str:
    """The three services."""
    cards = [
        fill(
            '<li class="{slug}"><a href="/{slug}/"><strong>{name}</strong></a>'
            "<span>{line}</span><small>{kind}</small></li>",
            slug=slug,
            name=of_service(language, slug, "name"),
            line=of_service(language, slug, "line"),
            kind=of_service(language, slug, "kind"),
        )
        for slug in SERVICES
    ]
    body = fill(
        '<h1>{house}</h1><p>{line}</p><ul class="kartu">{cards}</ul><p><a href="/petugas/">{desk}</a></p>',
        house=say(language, "house"),
        line=say(language, "house_line"),
        cards=cards,
        desk=say(language, "desk"),
    )
    return page(language, say(language, "house"), body)


def sign_up(
    language: str,
    service: str,
    cast: Sequence[tuple[str, str, int]],
    *,
    begin: Safe | None = None,
    notice: str = "",
    wrong: str = "",
) -> str:
    """Sign up as one of the cast, or with a nickname and an age, or by showing an age."""
    people = [
        fill(
            '<button name="siapa" value="{key}">{name}</button>',
            key=key,
            name=say(language, "cast", name=name, years=years),
        )
        for key, name, years in cast
    ]
    body = fill(
        """{notice}{wrong}<h1>{title}</h1><p>{line}</p><p><small>{kind}</small></p>
<form method="post" action="/{service}/daftar"><h2>{as_cast}</h2><div class="pilih">{people}</div></form>
<form method="post" action="/{service}/daftar"><h2>{as_self}</h2>
<label for="nama">{nickname}</label><input id="nama" name="nama" maxlength="40" required autocomplete="off">
<label for="umur">{age}</label>
<input id="umur" name="umur" inputmode="numeric" maxlength="3" required autocomplete="off">
<label for="surel">{mail}</label><input id="surel" name="surel" type="email" maxlength="200" autocomplete="off">
<label class="centang"><input type="checkbox" name="setuju" value="ya"> <span>{own_yes}</span></label>
<button class="utama">{join}</button></form>{begin}""",
        begin=begin,
        notice=fill('<p class="pesan" role="status">{text}</p>', text=notice) if notice else "",
        wrong=fill('<p class="pesan salah" role="alert">{text}</p>', text=wrong) if wrong else "",
        title=say(language, "sign_up", service=of_service(language, service, "name")),
        line=of_service(language, service, "line"),
        kind=of_service(language, service, "kind"),
        service=service,
        as_cast=say(language, "as_cast"),
        people=people,
        as_self=say(language, "as_self"),
        nickname=say(language, "nickname"),
        age=say(language, "age"),
        mail=say(language, "guardian_mail"),
        own_yes=say(language, "own_yes"),
        join=say(language, "join"),
    )
    return page(
        language,
        say(language, "sign_up", service=of_service(language, service, "name")),
        body,
        service=service,
    )


def account(
    language: str,
    account: Account,
    session: Session,
    writings: Sequence[str],
    hooks: Sequence[tuple[str, datetime]],
    *,
    wrong: str = "",
    ways: Ways | None = None,
) -> str:
    """What is open, what is closed and why; the way to the guardian; the service itself once it is open."""
    state = session.state if session.state in STATES else "closed"
    text = session.answer.text.get(language) or session.answer.outcome
    forgotten = session.closed_at is not None and not account.closed
    if session.next is not None and session.next.other_guardian:
        text = say(language, "ask_other")  # the law's sentence speaks of a lapse
    parts = [
        fill(
            """<h1>{hello}</h1><section class="keadaan {state}" aria-live="polite"><h2>{word}</h2>
<p id="jawaban">{text}</p>
<p><small>{law}: {articles}</small></p>{until}</section>""",
            hello=say(language, "hello", name=account.nickname or say(language, "friend")),
            state=state,
            word=say(language, state),
            text=say(language, "account_closed")
            if account.closed
            else say(language, "forgotten")
            if forgotten
            else text,
            law=say(language, "law"),
            articles=", ".join(session.articles["en" if language == "en" else "id"]),
            until=fill(
                "<p><small>{until}</small></p>",
                until=say(language, "until", when=when(language, session.valid_until)),
            )
            if session.valid_until and state == "open"
            else "",
        )
    ]
    if forgotten:
        parts.append(_button(account.service, "ganti", say(language, "sign_up_again"), main=True))
    elif not account.closed:
        parts.append(_next(language, account, session, wrong, ways))
        if state == "open":
            parts.append(_inside(language, account, writings))
    if account.way:
        age = _bounds(account, session)
        parts.append(proving.known(language, account.way, of_service(language, account.service, "name"), age))
    if session.features:
        parts.append(_features(language, session.features))
    if session.child_url:
        parts.append(
            fill(
                '<p><a href="{url}">{page}</a></p>',
                url=session.child_url,
                page=say(language, "child_page"),
            )
        )
    parts.append(_acts(language, account))
    parts.append(_developer(language, session, hooks))
    title = f"{say(language, state)} | {of_service(language, account.service, 'name')}"
    return page(language, title, Safe("".join(parts)), service=account.service, head=_watching(account))


def _watching(account: Account) -> Safe:
    """The page shows itself anew when something changed."""
    return fill(
        '<noscript><meta http-equiv="refresh" content="4"></noscript>'
        '<script src="/static/ramai.js" defer data-tanya="/{service}/keadaan" data-kini="{changed}"></script>',
        service=account.service,
        changed=account.changed,
    )


def _bounds(account: Account, session: Session) -> Mapping[str, int]:
    """What an age card told; or, after a check at the house, the bounds that its answer rests on."""
    kept: dict[str, int] = json.loads(account.age)
    waits = session.next is not None and session.next.kind == "age_check"
    told = {} if waits else session.raw["answer"].get("derived", {}).get("age", {})
    return kept or {name: told[name] for name in ("at_least", "at_most") if told.get(name) is not None}


def signed_in(
    language: str,
    account: Account,
    is_open: bool,
    writings: Sequence[str],
    hooks: Sequence[tuple[str, datetime]],
) -> str:
    """The account of somebody who signed in through the house: open or not, and all that is known."""
    state = "open" if is_open else "closed"
    text = "account_closed" if account.closed else ""
    name = of_service(language, account.service, "name")
    known = proving.known(language, account.way, name, json.loads(account.age))
    parts = [
        fill(
            """<h1>{hello}</h1><section class="keadaan {state}" aria-live="polite"><h2>{word}</h2>
<p id="jawaban">{text}</p></section>""",
            hello=say(language, "hello", name=say(language, "friend")),
            state=state,
            word=say(language, state),
            text=say(language, text)
            if text
            else proving.say(language, "signed_open" if is_open else "signed_shut"),
        ),
        _inside(language, account, writings) if is_open else Safe(""),
        known,
        _acts(language, account),
        _hooks(language, hooks),
    ]
    return page(
        language,
        f"{say(language, state)} | {name}",
        Safe("".join(parts)),
        service=account.service,
        head=_watching(account),
    )


def _next(language: str, account: Account, session: Session, wrong: str, ways: Ways | None) -> Safe:
    if session.next is None:
        return Safe("")
    if session.next.kind == "guardian_request":
        return _guardian(language, session.next, confirms=_confirms(session))
    if session.next.kind == "ask_guardian":
        return _ask(language, account, session, wrong)
    return _age_check(language, account, session.next, ways)


def _age_check(language: str, account: Account, what: Next, ways: Ways | None) -> Safe:
    """The ways to show the one age that is asked, and who learns what by each."""
    name, asked = of_service(language, account.service, "name"), what.age_over
    ways = ways or Ways([], None, what.url or "", asked)
    return fill(
        '<section class="umur"><h2>{title}</h2><p>{how}</p>{three}</section>',
        title=say(language, "prove_age_over", years=asked) if asked else say(language, "prove_age"),
        how=say(language, "prove_how" if asked else "age_range"),
        three=proving.three(language, account.service, name, ways),
    )


def _confirms(session: Session) -> bool:
    """Whether the child agreed itself and a parent confirms that."""
    return session.consent is not None and session.consent.kind == "confirmation"


def _ask(language: str, account: Account, session: Session, wrong: str) -> Safe:
    """Nobody is asked just now, and a parent may be: the way to ask, with an address or without."""
    assert session.next is not None
    other = session.next.other_guardian
    return fill(
        """<section class="minta"><h2>{title}</h2>{wrong}<p>{how}</p>
<form method="post" action="/{service}/lagi"><label for="surel">{mail}</label>
<input id="surel" name="surel" type="email" maxlength="200" autocomplete="off">
<button class="utama">{ask}</button></form></section>""",
        title=say(language, "ask_parent"),
        wrong=fill('<p class="pesan salah" role="alert">{text}</p>', text=wrong) if wrong else "",
        how=say(language, "ask_other_how" if other else "may_ask"),
        service=account.service,
        mail=say(language, "guardian_mail"),
        ask=say(language, "ask_again" if session.consent is not None else "ask"),
    )


def _guardian(language: str, what: Next, *, confirms: bool) -> Safe:
    picture = Safe(segno.make(what.url or "", error="m").svg_inline(scale=5, border=2))
    return fill(
        """<section class="orangtua"><h2>{title}</h2><p>{how}</p>
<div class="qr" role="img" aria-label="{qr}">{picture}</div>
<dl><dt>{code_title}</dt><dd id="kode">{code}</dd><dt>{tile_title}</dt>
<dd id="tegel">{drawn}<br>{tile}<br>{spoken}</dd></dl>
<p><a id="tautan" href="{url}">{link}</a></p><p id="batas">{due}</p></section>""",
        title=say(language, "ask_confirm" if confirms else "ask_parent"),
        how=say(language, "ask_how"),
        qr=say(language, "qr"),
        picture=picture,
        code_title=say(language, "code"),
        code=what.short_code or say(language, "no_code"),
        tile_title=say(language, "tile"),
        # The platform trusts Ruang Aman with its doors, and so with a picture.
        drawn=Safe(what.tile_svg or ""),
        tile=what.tile_code,
        spoken=", ".join(what.tile_words.get(language, ())),
        url=what.url,
        link=say(language, "link"),
        due=say(language, "due", when=when(language, what.due_at))
        if what.due_at
        else say(language, "no_due"),
    )


def _inside(language: str, account: Account, writings: Sequence[str]) -> Safe:
    rows = [fill("<li>{text}</li>", text=text) for text in writings]
    return fill(
        """<section class="isi"><h2>{inside}</h2><form method="post" action="/{service}/tulis">
<label for="teks">{write}</label><input id="teks" name="teks" maxlength="200" required autocomplete="off">
<button class="utama">{keep}</button></form>{wrote}</section>""",
        inside=of_service(language, account.service, "inside"),
        service=account.service,
        write=of_service(language, account.service, "write"),
        keep=say(language, "keep"),
        wrote=fill(
            "<h3>{wrote}</h3><ul>{rows}</ul>", wrote=of_service(language, account.service, "wrote"), rows=rows
        )
        if rows
        else "",
    )


def _features(language: str, features: Mapping[str, FeatureState]) -> Safe:
    rows = [
        fill(
            '<tr><th scope="row">{name}</th><td>{state}<br><small>{managed}</small></td></tr>',
            name=pair(language, FEATURES[name]) if name in FEATURES else name,
            state=say(language, "on" if one.is_on else "off"),
            managed=pair(language, MANAGED.get(one.managed_by or "", ("", ""))),
        )
        for name, one in features.items()
    ]
    return fill(
        '<section><h2 id="isi">{title}</h2><table aria-labelledby="isi"><tbody>{rows}</tbody></table></section>',
        title=say(language, "features"),
        rows=rows,
    )


def _button(service: str, act: str, text: str, *, main: bool = False) -> Safe:
    return fill(
        '<form method="post" action="/{service}/{act}"><button{css}>{text}</button></form>',
        service=service,
        act=act,
        text=text,
        css=Safe(' class="utama"') if main else "",
    )


def _acts(language: str, account: Account) -> Safe:
    close = Safe("") if account.closed else _button(account.service, "tutup", say(language, "close"))
    return fill(
        '<div class="tindakan">{switch}{close}</div>',
        switch=_button(account.service, "ganti", say(language, "switch")),
        close=close,
    )


def _developer(language: str, session: Session, hooks: Sequence[tuple[str, datetime]]) -> Safe:
    answer = fill(
        '<h3>{title}</h3><pre tabindex="0" aria-label="{title}">{answer}</pre>',
        title=say(language, "answer"),
        answer=json.dumps(session.raw, indent=2, ensure_ascii=False),
    )
    return _hooks(language, hooks, answer)


def _hooks(language: str, hooks: Sequence[tuple[str, datetime]], more: Safe | None = None) -> Safe:
    rows = [fill("<li><code>{kind}</code> {at}</li>", kind=kind, at=when(language, at)) for kind, at in hooks]
    return fill(
        '<details><summary>{title}</summary><h3>{hooks_title}</h3><ul id="kait">{rows}</ul>{more}</details>',
        title=say(language, "developer"),
        hooks_title=say(language, "hooks"),
        rows=rows or fill("<li>{none}</li>", none=say(language, "none_yet")),
        more=more,
    )


def desk(language: str, tasks: Sequence[tuple[str, Deletion]], *, notice: str = "") -> str:
    """The data officer's deletion tasks, each with its service."""
    rows = [
        fill(
            """<li class="{service}"><dl><dt>{service_title}</dt><dd>{name}</dd>
<dt>{subject_title}</dt><dd><code>{subject}</code></dd>
<dt>{reason_title}</dt><dd>{reason}</dd><dt>{due_title}</dt><dd>{due}</dd></dl>
<form method="post" action="/petugas/hapus"><input type="hidden" name="aplikasi" value="{service}">
<input type="hidden" name="tugas" value="{task}"><button class="utama">{act}</button></form></li>""",
            service=service,
            service_title=say(language, "service"),
            name=of_service(language, service, "name"),
            subject_title=say(language, "subject"),
            subject=(task.subject or "-")[:10],
            reason_title=say(language, "reason"),
            reason=say(language, f"because_{task.reason}"),
            due_title=say(language, "due_col"),
            due=when(language, task.due_at) or say(language, "due_unknown"),
            task=task.id,
            act=say(language, "delete"),
        )
        for service, task in tasks
    ]
    body = fill(
        "{notice}<h1>{title}</h1><p>{line}</p>{rows}",
        notice=fill('<p class="pesan" role="status">{text}</p>', text=notice) if notice else "",
        title=say(language, "desk"),
        line=say(language, "desk_line"),
        rows=fill('<ul class="tugas">{rows}</ul>', rows=rows)
        if rows
        else fill("<p>{t}</p>", t=say(language, "desk_empty")),
    )
    return page(language, say(language, "desk"), body)


def trouble(language: str, service: str, title: str, text: str, back: str) -> str:
    """Ruang Aman is silent, or refused: nothing changed, and the way back."""
    body = fill(
        '<h1>{title}</h1><p>{text}</p><p><a class="tombol" href="{back}">{again}</a></p>',
        title=title,
        text=text,
        back=back,
        again=say(language, "try_again"),
    )
    return page(language, title, body, service=service)


def plain(language: str, text: str) -> str:
    """One sentence."""
    return page(language, text, fill("<h1>{text}</h1>", text=text))
