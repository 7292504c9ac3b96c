"""The wallet's pages: plain, and marked as an example on each."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from examples.dompet_identitas.asked import Asked
from examples.framing import Frame, hidden
from examples.serving import Safe, fill

STYLE = (Path(__file__).parent / "identitas.css").read_text(encoding="utf-8")

WORDS: dict[str, tuple[str, str]] = {
    "wallet": ("Dompet identitas", "Identity wallet"),
    "example": (
        "Contoh saja. Bukan dompet sungguhan. Tidak ada data sungguhan.",
        "An example only. Not a real wallet. No real data.",
    ),
    "about": (
        "Di sini tersimpan umur dari {office}. Dompet ini hanya menunjukkan satu hal: sudah umur ini atau belum.",
        "It holds an age from {office}. This wallet shows one thing alone: this age already, or not yet.",
    ),
    "how": (
        "Mulai dari halaman cek umur: pilih “Identitas digital di HP”, lalu buka dompet ini dari sana.",
        'Begin at the age check: choose "Digital identity on the phone", and open this wallet from there.',
    ),
    "held": ("Yang tersimpan", "What is kept here"),
    "holds": ("{name}: umur, dari {office}", "{name}: age, from {office}"),
    "formats": (
        "Tiap umur ada dua bentuknya: dokumen HP (mdoc, ISO 18013-5) dan kartu digital (SD-JWT VC).",
        "Each age has two forms: a mobile document (mdoc, ISO 18013-5) and a digital card (SD-JWT VC).",
    ),
    "who": ("Ini HP siapa?", "Whose phone is this?"),
    "who_why": (
        "HP sungguhan tahu pemiliknya. Dalam cerita, pilih namamu.",
        "A real phone knows its owner. In the story, choose your name.",
    ),
    "what": ("Tunjukkan umurmu?", "Show your age?"),
    "asked": ("{host} bertanya: sudah {years} tahun?", "{host} asks: {years} or over?"),
    "asker": (
        "Yang bertanya: {name}. Namanya dijamin {register}.",
        "Who asks: {name}. {register} vouches for that name.",
    ),
    "asker_unknown": (
        "Nama yang bertanya tidak dijamin siapa pun. Yang pasti hanya alamatnya: {host}.",
        "Nobody vouches for the name of who asks. Only the address is sure: {host}.",
    ),
    "which": ("Tunjukkan yang mana?", "Which one do you show?"),
    "mso_mdoc": ("Dokumen HP (mdoc)", "Mobile document (mdoc)"),
    "dc+sd-jwt": ("Kartu digital (SD-JWT VC)", "Digital card (SD-JWT VC)"),
    "shared": (
        "Yang dikirim: jawaban di atas, nama {office}, dan sampai kapan ini berlaku.",
        "What is sent: the answer above, the name {office}, and until when this counts.",
    ),
    "yes": ("Ya, sudah {years} tahun.", "Yes, {years} or over."),
    "no": ("Belum {years} tahun.", "Not yet {years}."),
    "learns": ("Siapa tahu apa?", "Who learns what?"),
    "house_title": ("Ruang Aman", "Ruang Aman"),
    "house": (
        "Jawaban di atas dan siapa penjaminnya. Nama dan tanggal lahirmu tidak dikirim.",
        "The answer above and who vouches for it. Neither your name nor your birth date is sent.",
    ),
    "wallet_learns": (
        "Ada yang bertanya umurmu. Aplikasi mana, tidak tahu. Tidak dicatat.",
        "Somebody asks about your age. Which app, it does not know. Nothing is written down.",
    ),
    "office_learns": ("Tidak tahu kamu ditanya.", "Does not learn that you were asked."),
    "send": ("Ya, tunjukkan", "Yes, show it"),
    "stop": ("Tidak, jangan kirim", "No, send nothing"),
    "care": (
        "Setuju hanya kalau kamu sendiri yang membuka halaman cek umurnya.",
        "Say yes only if you opened the age check yourself.",
    ),
    "sent": (
        "Sudah dikirim. Kembali ke layar yang kamu pindai, lalu tekan Lanjut.",
        "Sent. Go back to the screen that you scanned, and press Go on.",
    ),
    "refused": (
        "Tidak ada umur yang dikirim. Kembali ke halaman cek umur untuk memilih cara lain.",
        "No age was sent. Go back to the age check to choose another way.",
    ),
    "not_taken": (
        "Rumah yang bertanya tidak menerima jawaban ini. Kembali ke halaman cek umur, lalu mulai lagi.",
        "The house that asked did not take this answer. Go back to the age check and begin again.",
    ),
    "not_for_us": (
        "Permintaan ini tidak bisa dijawab dompet ini. Tidak ada yang dikirim.",
        "This wallet cannot answer that request. Nothing was sent.",
    ),
    "not_proven": (
        "Yang bertanya tidak bisa membuktikan siapa dia: tanda tangan atau sertifikatnya tidak cocok. "
        "Tidak ada yang dikirim.",
        "Who asks cannot prove who it is: the signature or the certificate does not fit. Nothing was sent.",
    ),
    "gone": (
        "Pertanyaannya tidak bisa diambil. Mungkin waktunya lewat. Kembali ke halaman cek umur, lalu mulai lagi.",
        "The question could not be fetched. Perhaps its time is over. Go back to the age check and begin again.",
    ),
    "elsewhere": (
        "Kiriman ini datang dari situs lain. Tidak ada yang dikirim.",
        "This came from another site. Nothing was sent.",
    ),
    "missing": ("Halaman ini tidak ada.", "There is no such page."),
}


def frame_of(language: str, office: str) -> Frame:
    """The frame of this wallet's pages; `office`: from whom the ages are, in that language."""
    name = WORDS["wallet"][language == "en"]
    return Frame(language, name, WORDS, "/identitas.css", {"office": office})


def _asked(asked: Asked, person: str = "") -> Safe:
    fields = {"permintaan": asked.query, "objek": asked.token, "orang": person}
    return hidden({name: value for name, value in fields.items() if value})


def _asker(frame: Frame, asked: Asked) -> str:
    """Who asks, and who says so."""
    if asked.asker is None:
        return frame.say("asker_unknown", host=asked.host)
    register = asked.asker.register.name[frame.language]
    return frame.say("asker", name=asked.asker.name, register=register)


def _choice(frame: Frame, asked: Asked) -> Safe:
    """The credentials that would answer; whoever asks prefers the first."""
    line = """<label class="pilih"><input type="radio" name="bukti" value="{id}"{checked}> {title}</label>"""
    rows = [
        fill(line, id=one.id, checked=Safe("" if at else " checked"), title=frame.say(one.format))
        for at, one in enumerate(asked.wanted)
    ]
    return fill(
        "<fieldset><legend>{which}</legend>{rows}<p>{shared}</p></fieldset>",
        which=frame.say("which"),
        rows=rows,
        shared=frame.say("shared"),
    )


def _stop(frame: Frame, asked: Asked) -> Safe:
    return fill(
        '<form method="post" action="/tolak">{asked}<button>{stop}</button></form>',
        asked=_asked(asked),
        stop=frame.say("stop"),
    )


def home(frame: Frame, people: Sequence[Mapping[str, Any]]) -> str:
    """What this wallet is, and what it holds."""
    rows = [
        fill("<li>{text}</li>", text=frame.say("holds", name=one["name"][frame.language])) for one in people
    ]
    body = fill(
        "<p>{about}</p><p>{how}</p><h2>{held}</h2><ul>{rows}</ul><p>{formats}</p>",
        about=frame.say("about"),
        how=frame.say("how"),
        held=frame.say("held"),
        rows=rows,
        formats=frame.say("formats"),
    )
    return frame.page(frame.say("wallet"), body)


def who(frame: Frame, asked: Asked, people: Sequence[Mapping[str, Any]]) -> str:
    """Choose one's part: stands where a real phone knows whose it is."""
    line = '<button name="orang" value="{id}">{name}</button>'
    buttons = [fill(line, id=one["id"], name=one["name"][frame.language]) for one in people]
    body = fill(
        """<p>{question}</p><p>{asker}</p><p>{why}</p>
<form method="post" action="/lihat">{asked}{buttons}</form>{stop}""",
        question=frame.say("asked", host=asked.host, years=asked.years),
        asker=_asker(frame, asked),
        why=frame.say("who_why"),
        asked=_asked(asked),
        buttons=buttons,
        stop=_stop(frame, asked),
    )
    return frame.page(frame.say("who"), body, f"{asked.query}&")


def what(frame: Frame, asked: Asked, person: Mapping[str, Any], over: bool) -> str:
    """What would be shown, and who learns what of it, before it is sent."""
    body = fill(
        """<p>{question}</p><p>{asker}</p><p class="jawaban">{answer}</p>
<h2>{learns}</h2><dl><dt>{house_title}</dt><dd>{house}</dd><dt>{wallet}</dt><dd>{wallet_learns}</dd>
<dt>{office}</dt><dd>{office_learns}</dd></dl><p>{care}</p>
<form method="post" action="/kirim">{asked}{choice}<button>{send}</button></form>{stop}""",
        question=frame.say("asked", host=asked.host, years=asked.years),
        answer=frame.say("yes" if over else "no", years=asked.years),
        learns=frame.say("learns"),
        house_title=frame.say("house_title"),
        house=frame.say("house"),
        wallet=frame.say("wallet"),
        wallet_learns=frame.say("wallet_learns"),
        office=frame.always["office"],
        office_learns=frame.say("office_learns"),
        care=frame.say("care"),
        asker=_asker(frame, asked),
        choice=_choice(frame, asked),
        asked=_asked(asked, person["id"]),
        send=frame.say("send"),
        stop=_stop(frame, asked),
    )
    return frame.page(frame.say("what"), body, switch=None)


def sentence(frame: Frame, word: str) -> str:
    """One sentence."""
    return frame.page(frame.say("wallet"), fill("<p>{text}</p>", text=frame.say(word)), switch=None)
