"""The institution's pages: plain, and marked as an example on each."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from examples.framing import Frame, hidden
from examples.serving import Safe, fill

STYLE = (Path(__file__).parent / "lembaga.css").read_text(encoding="utf-8")

WORDS: dict[str, tuple[str, str]] = {
    "example": (
        "Contoh saja. Bukan lembaga sungguhan. Tidak ada data sungguhan.",
        "An example only. Not a real institution. No real data.",
    ),
    "about": (
        "Lembaga ini dipakai dalam cerita Ruang Aman. Ia menjawab satu hal: sudah umur ini atau belum.",
        "This institution is used in Ruang Aman's story. It answers one thing: this age already, or not yet.",
    ),
    "who": ("Kamu siapa?", "Who are you?"),
    "who_why": (
        "Lembaga sungguhan memeriksa identitasmu di sini. Dalam cerita, pilih namamu.",
        "A real institution checks your identity here. In the story, choose your name.",
    ),
    "nobody": ("Namaku tidak ada di sini", "My name is not here"),
    "what": ("Ini yang akan kami jawab", "This is what we would answer"),
    "asked": (
        "Ruang Aman bertanya: apakah kamu sudah {years} tahun?",
        "Ruang Aman asks: have you completed {years} years?",
    ),
    "yes": ("Ya, sudah {years} tahun.", "Yes, {years} or over."),
    "no": ("Belum {years} tahun.", "Not yet {years}."),
    "unknown_person": ("Kami tidak kenal kamu.", "We do not know you."),
    "sent_title": ("Yang dikirim", "What is sent"),
    "sent": (
        "Jawaban di atas, kode acak, dan tanda tangan kami. Nama dan tanggal lahirmu tidak dikirim.",
        "The answer above, random codes and our signature. Neither your name nor your birth date is sent.",
    ),
    "we_title": ("Yang kami tahu", "What we know"),
    "we": (
        "Ada yang bertanya umurmu. Aplikasi mana, kami tidak tahu. Kami tidak mencatatnya.",
        "Somebody asks about your age. Which app, we do not know. We write nothing down.",
    ),
    "send": ("Kirim jawaban ini", "Send this answer"),
    "stop": ("Batal, jangan kirim apa pun", "Cancel, send nothing"),
    "unknown": (
        "Kami tidak kenal rumah yang bertanya ini. Kembali ke halaman cek umur, lalu coba lagi.",
        "We do not know the house that asks. Go back to the age check and try again.",
    ),
    "refused": (
        "Kiriman ini datang dari situs lain. Tidak ada yang dikirim.",
        "This came from another site. Nothing was sent.",
    ),
    "missing": ("Halaman ini tidak ada.", "There is no such page."),
}


def frame_of(language: str, name: str) -> Frame:
    """The frame of this institution's pages; `name` is its own in that language."""
    return Frame(language, name, WORDS, "/lembaga.css")


def _stop(frame: Frame, asked: Mapping[str, str]) -> Safe:
    return fill(
        '<form method="post" action="/tanya/batal">{hidden}<button>{stop}</button></form>',
        hidden=hidden(asked),
        stop=frame.say("stop"),
    )


def about(frame: Frame) -> str:
    """What this institution is."""
    return frame.page(frame.name, fill("<p>{about}</p>", about=frame.say("about")))


def who(frame: Frame, asked: Mapping[str, str], people: Sequence[Mapping[str, Any]]) -> str:
    """Choose one's part: stands where a real institution would identify the person."""
    line = '<button name="orang" value="{id}">{name}</button>'
    buttons = [fill(line, id=person["id"], name=person["name"][frame.language]) for person in people]
    buttons.append(fill(line, id="tidak-ada", name=frame.say("nobody")))
    body = fill(
        '<p>{why}</p><form method="post" action="/tanya/lihat">{hidden}{buttons}</form>{stop}',
        why=frame.say("who_why"),
        hidden=hidden(asked),
        buttons=buttons,
        stop=_stop(frame, asked),
    )
    switch = "".join(fill("{name}={value}&", name=n, value=quote(v, safe="")) for n, v in asked.items())
    return frame.page(frame.say("who"), body, Safe(switch))


def what(frame: Frame, asked: Mapping[str, str], person: str, over: bool | None) -> str:
    """What would be said, before it is said."""
    years = asked["age_over"]
    answer = frame.say({True: "yes", False: "no", None: "unknown_person"}[over], years=years)
    body = fill(
        """<p>{question}</p><p class="jawaban">{answer}</p>
<dl><dt>{sent_title}</dt><dd>{sent}</dd><dt>{we_title}</dt><dd>{we}</dd></dl>
<form method="post" action="/tanya/kirim">{hidden}<button class="utama">{send}</button></form>{stop}""",
        question=frame.say("asked", years=years),
        answer=answer,
        sent_title=frame.say("sent_title"),
        sent=frame.say("sent"),
        we_title=frame.say("we_title"),
        we=frame.say("we"),
        hidden=hidden({**asked, "orang": person}),
        send=frame.say("send"),
        stop=_stop(frame, asked),
    )
    return frame.page(frame.say("what"), body, switch=None)


def _sentence(frame: Frame, word: str) -> str:
    return frame.page(frame.name, fill("<p>{text}</p>", text=frame.say(word)))


def unknown_house(frame: Frame) -> str:
    """The question names a house or an address that is not registered."""
    return _sentence(frame, "unknown")


def refused(frame: Frame) -> str:
    """A form from another site."""
    return _sentence(frame, "refused")


def missing(frame: Frame) -> str:
    """No such page."""
    return _sentence(frame, "missing")
