"""The office's pages: plain, grey, and marked as an example on each."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from examples.framing import framed, hidden
from examples.serving import Safe, fill

STYLE = (Path(__file__).parent / "kantor.css").read_text()

WORDS: dict[str, tuple[str, str]] = {
    "example": (
        "Contoh saja. Bukan kantor sungguhan. Tidak ada data sungguhan.",
        "An example only. Not a real office. No real data.",
    ),
    "name": ("Kantor Contoh", "Example Office"),
    "about": (
        "Kantor ini dipakai dalam cerita Ruang Aman. Ia menjawab: apakah orang ini orang tua dari anak itu.",
        "This office is used in Ruang Aman's story. It answers: is this person a parent of that child.",
    ),
    "who": ("Anda siapa?", "Who are you?"),
    "who_why": (
        "Kantor sungguhan memeriksa identitas Anda di sini. Dalam cerita, pilih peran Anda.",
        "A real office checks your identity here. In the story, choose your part.",
    ),
    "which": ("Ini tentang anak yang mana?", "Which child is this about?"),
    "card": ("Anak di kartu keluarga {name}", "Children on the family card of {name}"),
    "empty": ("Tidak ada anak di kartu keluarga Anda.", "There is no child on your family card."),
    "none": ("Bukan salah satu dari mereka", "None of them"),
    "years": ("{years} tahun", "{years} years"),
    "send": ("Kirim jawaban ke Ruang Aman", "Send the answer to Ruang Aman"),
    "sent": (
        "Yang dikirim: orang tua atau bukan, umur anak, namanya cocok atau tidak, dan kode acak. "
        "Nama dan nomor tidak dikirim.",
        "What is sent: parent or not, the child's age, whether the name fits, and random codes. "
        "No name and no number is sent.",
    ),
    "stop": ("Batal", "Cancel"),
    "choose": ("Lanjut", "Go on"),
    "unknown": (
        "Kami tidak kenal rumah yang bertanya ini. Kembali ke halaman izin, lalu coba lagi.",
        "We do not know the house that asks. Go back to the permission page and try again.",
    ),
    "refused": (
        "Kiriman ini datang dari situs lain. Tidak ada yang dikirim.",
        "This came from another site. Nothing was sent.",
    ),
    "missing": ("Halaman ini tidak ada.", "There is no such page."),
}


def say(language: str, word: str, **values: object) -> str:
    """One sentence in the reader's language."""
    return WORDS[word][language == "en"].format(**values)


def _page(language: str, title: str, body: Safe, switch: str | None = "") -> str:
    return framed(
        language,
        title,
        body,
        name=say(language, "name"),
        example=say(language, "example"),
        style="/kantor.css",
        switch=switch,
    )


def _stop(language: str, asked: Mapping[str, str]) -> Safe:
    return fill(
        '<form method="post" action="/tanya/batal">{hidden}<button>{stop}</button></form>',
        hidden=hidden(asked),
        stop=say(language, "stop"),
    )


def about(language: str) -> str:
    """What this office is."""
    return _page(language, say(language, "name"), fill("<p>{about}</p>", about=say(language, "about")))


def who(language: str, asked: Mapping[str, str], people: Sequence[Mapping[str, Any]]) -> str:
    """Choose one's part: stands where a real office would identify the person."""
    buttons = [
        fill(
            '<button name="orang" value="{id}">{name}</button>',
            id=person["id"],
            name=person["name"][language],
        )
        for person in people
    ]
    body = fill(
        '<p>{why}</p><form method="post" action="/tanya/anak">{hidden}{buttons}</form>{stop}',
        why=say(language, "who_why"),
        hidden=hidden(asked),
        buttons=buttons,
        stop=_stop(language, asked),
    )
    switch = "".join(fill("{name}={value}&", name=n, value=quote(v, safe="")) for n, v in asked.items())
    return _page(language, say(language, "who"), body, Safe(switch))


def which(
    language: str,
    asked: Mapping[str, str],
    person: Mapping[str, Any],
    children: Sequence[tuple[str, str, int]],
) -> str:
    """Choose the child; nothing is chosen beforehand."""
    choices = [
        fill(
            '<label class="pilihan"><input type="radio" name="anak" value="{id}" required>'
            "<span>{nickname}, {years}</span></label>",
            id=child,
            nickname=nickname,
            years=say(language, "years", years=years),
        )
        for child, nickname, years in children
    ]
    choices.append(
        fill(
            '<label class="pilihan"><input type="radio" name="anak" value="tidak-ada" required>'
            "<span>{none}</span></label>",
            none=say(language, "none"),
        )
    )
    body = fill(
        """{empty}<form method="post" action="/tanya/jawab">{hidden}
<input type="hidden" name="orang" value="{person}">
<fieldset><legend>{card}</legend>{choices}</fieldset><p><small>{sent}</small></p>
<button>{send}</button></form>{stop}""",
        empty=Safe("") if children else fill("<p>{empty}</p>", empty=say(language, "empty")),
        hidden=hidden(asked),
        person=person["id"],
        card=say(language, "card", name=person["name"][language]),
        choices=choices,
        sent=say(language, "sent"),
        send=say(language, "send"),
        stop=_stop(language, asked),
    )
    return _page(language, say(language, "which"), body, switch=None)


def unknown_house(language: str) -> str:
    """The question names a house or an address that is not registered."""
    return _page(language, say(language, "name"), fill("<p>{text}</p>", text=say(language, "unknown")))


def refused(language: str) -> str:
    """A form from another site."""
    return _page(language, say(language, "name"), fill("<p>{text}</p>", text=say(language, "refused")))


def missing(language: str) -> str:
    """No such page."""
    return _page(language, say(language, "name"), fill("<p>{text}</p>", text=say(language, "missing")))
