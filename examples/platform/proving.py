"""Three ways to show an age, each with who learns what by it; and afterwards, all that this platform learned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from examples.serving import Safe, fill

CARD, SIGN_IN, CHECK = "kartu", "masuk", "cek"

WORDS: Mapping[str, tuple[str, str]] = {
    "begin": ("Daftar tanpa menulis umur", "Sign up without typing your age"),
    "begin_how": (
        "Pilih satu dari tiga cara. Bedanya: siapa tahu apa.",
        "Choose one of three ways. What differs: who learns what.",
    ),
    "learns": ("Siapa tahu apa?", "Who learns what?"),
    "house_name": ("Ruang Aman", "Ruang Aman"),
    "asked_name": ("Dompet, sekolah, atau orang tua", "Wallet, school or parent"),
    "kartu": ("Kartu umur dari Dompet", "An age card from your wallet"),
    "kartu_how": (
        "Untuk yang sudah menyimpan kartu umur di HP ini. Satu kartu, satu kali pakai.",
        "For those who keep age cards on this phone. One card is used once.",
    ),
    "kartu_we": ("“{years} tahun ke atas”: ya.", "“{years} or over”: yes."),
    "kartu_we_any": (
        "Umur yang kamu pilih di bawah, ke atas: ya.",
        "The age that you choose below, or over: yes.",
    ),
    "kartu_house": (
        "Dari {service}: umurmu terbukti. Kartu milik siapa, tidak tahu.",
        "From {service}: your age is proved. Whose card it was, it does not know.",
    ),
    "kartu_go": ("Pakai kartu umur", "Use an age card"),
    "kartu_range": ("Aku {years} sampai {high} tahun: pakai kartu", "I am {years} to {high}: use a card"),
    "kartu_from": ("Aku {years} tahun ke atas: pakai kartu", "I am {years} or over: use a card"),
    "masuk": ("Masuk lewat Ruang Aman", "Sign in through Ruang Aman"),
    "masuk_how": (
        "Umur dan izin orang tua diurus di sana. Kamu kembali saat akunmu boleh dibuka.",
        "Age and permission are settled there. You come back when your account may open.",
    ),
    "masuk_we": (
        "Nomor acak untukmu. “{years} tahun ke atas”: ya, kalau terbukti.",
        "A random number for you. “{years} or over”: yes, if it is proved.",
    ),
    "masuk_house": ("Kamu memakai {service}.", "You use {service}."),
    "masuk_go": ("Masuk lewat Ruang Aman", "Sign in through Ruang Aman"),
    "cek": ("Dompet identitas atau cek umur", "Identity wallet or age check"),
    "cek_how": (
        "Buktikan sekali di halaman Ruang Aman: identitas digital di HP, sekolah, atau orang tua.",
        "Prove it once on Ruang Aman's page: digital identity on the phone, school, or parent.",
    ),
    "cek_we": (
        "Batas umurmu, misalnya “sudah {years} tahun”. Caramu, tidak tahu.",
        "A bound of your age, such as “{years} or over”. Your way, it does not know.",
    ),
    "cek_house": (
        "Kamu memakai {service}. Hasil, cara, dan waktu. Bukti langsung dihapus.",
        "You use {service}. Result, way and time. The proof is deleted at once.",
    ),
    "cek_asked": (
        "Ada yang bertanya umurmu. Untuk {service}, tidak tahu.",
        "Somebody asks about your age. That it is for {service}, they do not know.",
    ),
    "cek_go": ("Cek umur di Ruang Aman", "Check the age at Ruang Aman"),
    "parent": (
        "Sesudah itu aturannya sama: orang tua anak ditanya. Ia tahu kamu mau memakai {service}.",
        "After that the rule is the same: a child's parent is asked, and learns that you want to use {service}.",
    ),
    "we_know": ("Yang {service} tahu tentangmu", "What {service} knows about you"),
    "know_over": ("{years} tahun ke atas: ya.", "{years} or over: yes."),
    "know_word": ("Katamu: belum {years} tahun.", "Your own word: not yet {years}."),
    "know_nickname": ("Nama panggilan yang kamu tulis: {name}.", "The nickname that you typed: {name}."),
    "know_none": ("Umurmu: belum terbukti.", "Your age: not proved."),
    "know_number": (
        "Nomor acak, yang hanya dikenal di sini.",
        "A random number, known nowhere but here.",
    ),
    "know_no_more": (
        "Tidak lebih. Tanpa nama lengkap, tanpa tanggal lahir, tanpa bukti.",
        "Nothing more. No full name, no birth date, no proof.",
    ),
    "card_title": ("Kartu umur", "Age card"),
    "card_checking": ("Memeriksa kartu.", "Checking the card."),
    "card_refused": ("Kartu ini tidak bisa dipakai: ", "This card cannot be used: "),
    "card_script": (
        "Untuk memeriksa kartu, halaman ini perlu skrip di peramban.",
        "This page needs scripts in the browser to check a card.",
    ),
    "card_back": ("Kembali ke {service}", "Back to {service}"),
    "no_yes": ("Tidak ada yang berubah", "Nothing changed"),
    "no_yes_how": (
        "Kamu kembali tanpa jawaban dari Ruang Aman. Coba lagi, atau pilih cara lain.",
        "You came back without an answer of Ruang Aman. Try again, or choose another way.",
    ),
    "signed_open": ("Akunmu boleh dibuka.", "Your account may open."),
    "signed_shut": (
        "Akunmu sedang tidak boleh dibuka. Masuk lagi untuk melihat sebabnya di Ruang Aman.",
        "Your account may not open just now. Sign in again to see why at Ruang Aman.",
    ),
}


def say(language: str, word: str, **values: object) -> str:
    """One sentence in the reader's language."""
    return WORDS[word][language == "en"].format(**values)


@dataclass(frozen=True, slots=True)
class Card:
    """A card that the visitor's wallet may have. `high`: the last age of whoever chooses it; None: there is none."""

    years: int
    high: int | None
    link: str


@dataclass(frozen=True, slots=True)
class Ways:
    """
    What can be offered here now.

    Attributes:
        check: the house's page; empty: it begins with a form here.
        signs_in: the age that is asked by signing in; None where that is not offered.
        asked: the one age that an account waits for.
    """

    cards: Sequence[Card]
    signs_in: int | None
    check: str = ""
    asked: int | None = None


def three(language: str, service: str, name: str, ways: Ways) -> Safe:
    """The ways that can be gone, each in its own words: the one by which least is learned comes first."""
    parts = []
    if ways.cards:
        we = say(language, "kartu_we", years=ways.asked) if ways.asked else say(language, "kartu_we_any")
        house = say(language, "kartu_house", service=name)
        acts = [
            fill(
                '<p><a class="tombol" id="kartu-{years}" rel="noreferrer" href="{link}">{go}</a></p>',
                years=one.years,
                link=one.link,
                go=_card_words(language, one, ways.asked),
            )
            for one in ways.cards
        ]
        parts.append(_way(language, CARD, [(name, we), (say(language, "house_name"), house)], acts))
    if ways.signs_in is not None:
        learns = [
            (name, say(language, "masuk_we", years=ways.signs_in)),
            (say(language, "house_name"), say(language, "masuk_house", service=name)),
        ]
        parts.append(_way(language, SIGN_IN, learns, [_form(language, service, SIGN_IN)]))
    learns = [
        (name, say(language, "cek_we", years=ways.asked or ways.signs_in or "…")),
        (say(language, "house_name"), say(language, "cek_house", service=name)),
        (say(language, "asked_name"), say(language, "cek_asked", service=name)),
    ]
    link = '<p><a class="tombol" id="cek-umur" href="{url}">{go}</a></p>'
    go = (
        fill(link, url=ways.check, go=say(language, "cek_go"))
        if ways.check
        else _form(language, service, CHECK)
    )
    parts.append(_way(language, CHECK, learns, [go]))
    return Safe("".join(parts) + fill("<p>{text}</p>", text=say(language, "parent", service=name)))


def _card_words(language: str, card: Card, asked: int | None) -> str:
    if asked:
        return say(language, "kartu_go")
    return say(
        language, "kartu_from" if card.high is None else "kartu_range", years=card.years, high=card.high
    )


def _way(language: str, way: str, learns: Sequence[tuple[str, str]], acts: Sequence[Safe]) -> Safe:
    rows = [fill("<li><b>{who}</b>: {what}</li>", who=who, what=what) for who, what in learns]
    return fill(
        """<section class="cara" id="cara-{way}"><h3>{title}</h3><p>{how}</p>
<h4>{learns}</h4><ul>{rows}</ul>{acts}</section>""",
        way=way,
        title=say(language, way),
        how=say(language, f"{way}_how"),
        learns=say(language, "learns"),
        rows=rows,
        acts=acts,
    )


def _form(language: str, service: str, way: str) -> Safe:
    return fill(
        '<form method="post" action="/{service}/{way}"><button>{go}</button></form>',
        service=service,
        way=way,
        go=say(language, f"{way}_go"),
    )


def begin(language: str, service: str, name: str, ways: Ways) -> Safe:
    """On the page of the sign-up."""
    return fill(
        '<section class="cara-cara"><h2>{title}</h2><p>{how}</p>{three}</section>',
        title=say(language, "begin"),
        how=say(language, "begin_how"),
        three=three(language, service, name, ways),
    )


def known(language: str, way: str, name: str, age: Mapping[str, int], nickname: str = "") -> Safe:
    """All that this platform learned of somebody who came by one of the three ways."""
    low, high = age.get("at_least"), age.get("at_most")
    rows = [say(language, "know_over", years=low) if low else say(language, "know_none")]
    if high is not None:
        rows.append(say(language, "know_word", years=high + 1))
    if way == SIGN_IN:
        rows.append(say(language, "know_number"))
    if nickname:
        rows.append(say(language, "know_nickname", name=nickname))
    rows.append(say(language, "know_no_more"))
    return fill(
        '<section id="tahu"><h2>{title}</h2><ul>{rows}</ul></section>',
        title=say(language, "we_know", service=name),
        rows=[fill("<li>{text}</li>", text=one) for one in rows],
    )


def card_page(language: str, service: str, name: str) -> tuple[str, Safe, Safe]:
    """Where the wallet brings a card back: title, body, head. The card stands behind the `#`; a script sends it on."""
    body = fill(
        """<h1>{title}</h1><noscript><p>{script}</p></noscript>
<p role="status" id="kabar" data-checking="{checking}" data-refused="{refused}" data-pulang="/{service}/"></p>
<p><a class="tombol" href="/{service}/">{back}</a></p>""",
        title=say(language, "card_title"),
        script=say(language, "card_script"),
        checking=say(language, "card_checking"),
        refused=say(language, "card_refused"),
        service=service,
        back=say(language, "card_back", service=name),
    )
    return say(language, "card_title"), body, Safe('<script src="/static/kartu.js" type="module"></script>')
