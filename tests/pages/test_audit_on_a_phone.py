"""An auditor without signal, on a phone of 360 px: the real browser, its own store, its own worker."""

import hashlib
import json
import os
import re
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from PIL import Image
from tests import axe

from ruangaman.adapters import audit_tables, clock
from ruangaman.core import merkle
from ruangaman.rooms.places import cities, roles
from ruangaman.rooms.places.audits import answering, opening, photos
from ruangaman.rooms.places.models import AuditAnswer, AuditPhoto, AuditSeat, Space
from ruangaman.rooms.places.tests.auditing import ITEMS, LIMITS, metadata_of, photo, told

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WORD = "rahasia-sekali-9"
FORM = audit_tables.shipped_form()


class Phone:
    """One browser, as narrow as a phone."""

    def __init__(
        self, chromium, base: str, *, language: str = "id", width: int = 360, scripts: bool = True
    ) -> None:
        self.base, self.language = base, language
        self.context = chromium.new_context(
            viewport={"width": width, "height": 760}, locale="en-US", java_script_enabled=scripts
        )
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda said: self._said(said))

    def _said(self, said) -> None:
        if said.type == "error" and "Failed to load resource" not in said.text:
            self.wrong.append(said.text)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.base}{path}{'&' if '?' in path else '?'}bahasa={self.language}")

    def sign_in(self, name: str, path: str) -> None:
        self.go(f"/petugas/masuk?next={path}")
        self.page.fill("#id_username", name)
        self.page.fill("#id_password", WORD)
        self.page.click("main button")
        self.page.wait_for_url(f"**{path}*")

    def reads(self, text: str) -> None:
        self.page.get_by_text(text).locator("visible=true").first.wait_for()

    def ready(self) -> None:
        self.page.locator("#audit[data-siap]").wait_for()

    def look(self, name: str) -> None:
        assert axe.complaints(self.page) == [], name
        assert (
            self.page.evaluate("document.documentElement.scrollWidth") <= self.page.viewport_size["width"]
        ), name
        if os.environ.get("RUANGAMAN_PICTURES"):
            folder = Path(os.environ["RUANGAMAN_PICTURES"])
            file = f"{self.language}-{self.page.viewport_size['width']}-{name}.png"
            self.page.screenshot(path=folder / file, full_page=True)

    def stored(self) -> list[str]:
        """All that lies in the store of the page, as text."""
        return self.page.evaluate(STORED)


STORED = """async () => {
  const said = (request) => new Promise((ok) => { request.onsuccess = () => ok(request.result); });
  const [one] = await indexedDB.databases();
  const base = await said(indexedDB.open(one.name));
  const plain = (key, value) => value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value)
    : value instanceof CryptoKey ? "key" : value;
  const told = [];
  for (const name of base.objectStoreNames) {
    const rows = await said(base.transaction(name).objectStore(name).getAll());
    told.push(...rows.map((row) => name + JSON.stringify(row, plain)));
  }
  base.close();
  return told;
}"""


@pytest.fixture
def city(db):
    now = clock.now()
    found = cities.add("kota-melati", "99.71", "Kota Melati", now=now)
    for name, role, more in (
        ("rina", "auditor", {}),
        ("tono", "ngo", {"organisation": "Yayasan Melati"}),
        ("dinas", "pppa", {}),
    ):
        user = User.objects.create_user(name, password=WORD, is_staff=True)
        roles.give(user, role, city=found, now=now, **more)
    return found


@pytest.fixture
def audit(city):
    now = clock.now()
    office = User.objects.get(username="dinas")
    opening.load_limits(city, LIMITS, "batas.csv", by=office, now=now)
    place = opening.add_space(city, "Taman Melati", "99.71.01.1001", now=now)
    pair = (User.objects.get(username=name) for name in ("rina", "tono"))
    return opening.begin(place, *pair, by=office, now=now)


HP = "/kota/kota-melati/audit/hp/"


def answer(phone, item: str, value: str) -> None:
    """Answer the question that is shown, by the size of its button a thumb can hit."""
    button = phone.page.locator(f"[data-jawab={value}]")
    assert button.bounding_box()["height"] >= 60
    button.click()
    phone.page.locator(f"[data-jawab={value}][aria-pressed=true]").wait_for()


def open_question(phone, seat, item: str) -> None:
    phone.page.evaluate("hash => { location.hash = hash; }", f"#/{seat}/{item}")
    phone.page.get_by_role("heading", level=1, name=FORM.items[item].ask["id"]).wait_for()


def test_an_auditor_without_signal_and_a_certificate_that_anyone_can_check(
    chromium, live_server, audit, tmp_path
):
    first, second = (audit.seats.get(number=number) for number in (1, 2))
    phone = Phone(chromium, live_server.url)
    phone.sign_in("rina", HP)
    phone.ready()
    phone.reads("Taman Melati")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => caches.keys())")
    phone.look("daftar")

    # The signal goes. The page is opened anew from the phone itself.
    phone.context.set_offline(True)
    phone.page.goto(phone.base + "/kota/kota-melati/audit/")
    phone.ready()
    phone.page.get_by_role("link", name="Taman Melati").click()
    phone.reads("0 dari 5")
    phone.look("bagian")
    phone.page.get_by_role("link", name="Kemudahan").click()
    phone.page.get_by_role("heading", level=1, name="Apakah pintu taman bisa dilewati kursi roda?").wait_for()
    phone.reads("paling sedikit 90 cm")
    answer(phone, "kemudahan/pintu", "ya")
    phone.page.fill("#ukuran", "lebar")
    phone.page.press("#ukuran", "Tab")
    phone.reads("Tulis angka saja, misalnya 85 atau 1,5.")
    phone.page.fill("#ukuran", "85")
    phone.page.press("#ukuran", "Tab")
    file = tmp_path / "pintu.jpg"
    file.write_bytes(photo((1600, 1200), turned=6))
    phone.page.set_input_files("#foto", str(file))
    phone.reads("Foto 1 tersimpan di HP ini.")
    phone.reads("Belum terkirim: 2.")
    phone.look("pertanyaan")
    phone.page.click("[data-sesudah]")
    phone.page.get_by_role("heading", level=1, name=FORM.items["kemudahan/ram"].ask["id"]).wait_for()
    answer(phone, "kemudahan/ram", "ya")
    for name in FORM.items:
        if name not in ("kemudahan/pintu", "kemudahan/ram"):
            open_question(phone, first.pk, name)
            answer(phone, name, FORM.items[name].good)
    phone.page.evaluate("seat => { location.hash = `#/${seat}`; }", str(first.pk))
    phone.page.get_by_role("button", name="Selesai, kirim semua").click()
    phone.reads("Tidak ada sinyal. Jawaban tersimpan di HP ini dan dikirim begitu ada sinyal.")
    phone.reads("Belum terkirim: 65.")
    phone.look("belum-terkirim")
    assert not AuditAnswer.objects.exists()
    stored = "".join(phone.stored())
    assert "kursi roda" not in stored
    assert '"answer"' not in stored
    assert "JFIF" not in stored

    # The signal is back: everything goes by itself.
    phone.context.set_offline(False)
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.reads("Terkirim. Terima kasih.")
    phone.reads("Semua sudah terkirim.")
    phone.reads("Menunggu penilai kedua.")
    phone.look("terkirim")
    first.refresh_from_db()
    assert first.finished_at is not None
    assert first.answers.count() == len(ITEMS)
    assert [str(first.answers.get(item="kemudahan/pintu").measure)] == ["85.000"]
    kept = photos.opened(AuditPhoto.objects.get())
    assert metadata_of(kept) == []
    with Image.open(BytesIO(kept)) as opened:
        assert not opened.getexif()
        assert opened.size == (960, 1280)
    assert not any(row.startswith(("jawaban", "foto", "kirim")) for row in phone.stored())
    assert phone.wrong == []

    # The second looked too, and saw a broken swing where the first saw none.
    now = clock.now()
    changed = {"udara/bau": ("ya", ""), "kemudahan/pintu": ("ya", "95")}
    answering.receive(second, uuid4(), told(changed), finish=True, now=now)

    # A third decides on a desk of 1,280 px, marks the photo, gives the certificate.
    desk = Phone(chromium, live_server.url, width=1280)
    desk.sign_in("dinas", f"/kota/kota-melati/audit/putusan/{audit.pk}/")
    desk.reads("Penilaian kedua berbeda di 2 butir.")
    desk.reads("63 dari 64 jawaban sama.")
    desk.reads("Kappa 0,97: hampir selalu sama.")
    desk.look("putusan")
    for item in ("kemudahan/pintu", "udara/bau"):
        desk.page.locator(f"input[name='butir:{item}'][value='1']").check()
    desk.page.get_by_role("button", name="Putuskan", exact=True).click()
    desk.page.get_by_role("heading", name="Peringkat: Utama").wait_for()
    desk.page.get_by_role("button", name="Tidak ada wajah").click()
    desk.reads("Terlihat umum.")
    desk.look("putusan-selesai")
    desk.page.get_by_role("button", name="Beri sertifikat").click()
    desk.page.wait_for_url("**/sertifikat/**")
    desk.look("sertifikat")

    # Anyone reads it on a phone, and checks the proof by arithmetic alone.
    public = Phone(chromium, live_server.url)
    public.page.goto(desk.page.url)
    public.reads("Berlaku dari")
    public.look("sertifikat")
    box = public.page.locator(".audit-qr svg").bounding_box()
    assert 140 < box["width"] == box["height"] < 160
    for name in ("rina", "tono", "dinas"):
        assert name not in public.page.content()
    sheet = public.page.pdf(format="A4", path=Path(os.environ.get("RUANGAMAN_PICTURES", tmp_path)) / "a4.pdf")
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    proof = json.loads(public.context.request.get(public.page.url.partition("?")[0] + "bukti.json").text())
    body = json.dumps(
        proof["certificate"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()
    assert hashlib.sha256(body).hexdigest() == proof["sha256"]
    line = proof["ledger"]["given"]
    assert proof["sha256"] in line["entry"]
    leaf = hashlib.sha256(b"\0" + line["entry"].encode()).digest()
    path = [bytes.fromhex(one) for one in line["path"]]
    assert merkle.includes(
        leaf, line["index"], proof["ledger"]["size"], path, bytes.fromhex(proof["ledger"]["root"])
    )
    public.page.get_by_role("link", name="Hasil tiap bagian").click()
    public.reads("Lebarkan pintu masuk.")
    public.page.locator("main img").wait_for()
    public.look("tempat")

    # Something sharp is found later: the certificate is over at once.
    desk.go("/kota/kota-melati/perbaikan/")
    desk.page.get_by_text("Laporkan kerusakan").click()
    desk.page.select_option("#tempat", label="Taman Melati")
    desk.page.select_option("#butir", "material/tepi-tajam")
    desk.page.get_by_role("button", name="Laporkan").click()
    desk.reads("Bisa melukai anak")
    desk.look("perbaikan")
    public.page.go_back()
    public.page.reload()
    public.reads("karena ditemukan hal yang bisa melukai anak.")
    public.look("sertifikat-dicabut")
    for one in (phone, desk, public):
        assert one.wrong == []
        one.context.close()


def test_what_one_auditor_left_on_a_phone_another_cannot_read(chromium, live_server, audit):
    first = audit.seats.get(number=1)
    phone = Phone(chromium, live_server.url)
    phone.sign_in("rina", HP)
    phone.ready()
    phone.context.set_offline(True)
    open_question(phone, first.pk, "udara/bau")
    answer(phone, "udara/bau", "ya")

    # Her session ends meanwhile: the answer stays, and she is asked to sign in again.
    cookies = [one for one in phone.context.cookies() if one["name"] != "ruang"]
    phone.context.clear_cookies()
    phone.context.add_cookies(cookies)
    phone.context.set_offline(False)
    phone.page.get_by_role("button", name="Kirim saat ada sinyal").click()
    phone.reads("Sesi Anda sudah berakhir. Jawaban tetap di HP ini. Masuk lagi untuk mengirim.")
    phone.reads("Belum terkirim: 1.")
    phone.look("sesi-berakhir")
    phone.page.get_by_role("link", name="Masuk", exact=True).wait_for()

    # Another auditor signs in on the same phone: hers is neither shown nor readable, and his own list is his.
    phone.sign_in("tono", HP)
    phone.ready()
    second = audit.seats.get(number=2)
    phone.page.locator(f"a[href='#/{second.pk}']").wait_for()
    assert phone.page.locator(f"a[href='#/{first.pk}']").count() == 0
    assert any(row.startswith("jawaban") for row in phone.stored())
    assert "udara/bau" not in "".join(row.partition("sealed")[2] for row in phone.stored())
    phone.page.get_by_text("HP dipakai bersama?").click()
    phone.page.get_by_role("button", name="Keluar dari HP ini").click()
    phone.reads("Anda sudah keluar dari HP ini.")
    phone.page.reload()
    phone.ready()
    phone.reads("Buka halaman ini sekali dengan sinyal, supaya tugas Anda tersimpan di HP.")
    assert not any("key" in row for row in phone.stored() if row.startswith("hal"))

    # She returns: what she answered is still there, and goes.
    phone.sign_in("rina", HP)
    phone.ready()
    phone.reads("Belum terkirim: 1.")
    phone.page.get_by_role("button", name="Kirim saat ada sinyal").click()
    phone.reads("Semua sudah terkirim.")
    assert AuditAnswer.objects.get().seat == first
    assert phone.wrong == []
    phone.context.close()


def test_two_phones_of_one_auditor_never_overwrite_each_other(chromium, live_server, audit):
    seat = audit.seats.get(number=1)
    phones = [Phone(chromium, live_server.url), Phone(chromium, live_server.url)]
    for phone, value in zip(phones, ("ya", "tidak"), strict=True):
        phone.sign_in("rina", HP)
        phone.ready()
        phone.context.set_offline(True)
        open_question(phone, seat.pk, "udara/bau")
        answer(phone, "udara/bau", value)
    for phone, said in zip(phones, ("Terkirim. Terima kasih.", "1 jawaban berubah di HP lain"), strict=True):
        phone.context.set_offline(False)
        phone.page.get_by_role("button", name="Kirim saat ada sinyal").click()
        phone.reads(said)
    assert AuditAnswer.objects.get().answer == "ya"
    phones[1].reads("Jawaban ini berubah di HP lain: Ya. Pilih lagi yang benar.")
    phones[1].look("berbeda")
    phones[1].page.get_by_role("link", name="Penghawaan udara").click()
    phones[1].page.get_by_role("link", name=re.compile("Penghawaan udara ?lihat lagi")).click()
    phones[1].reads("Jawaban ini berubah di HP lain: Ya. Pilih lagi yang benar.")
    answer(phones[1], "udara/bau", "tidak")
    phones[1].page.get_by_role("button", name="Kirim saat ada sinyal").click()
    phones[1].reads("Semua sudah terkirim.")
    assert AuditAnswer.objects.get().answer == "tidak"
    for phone in phones:
        assert phone.wrong == []
        phone.context.close()


def test_without_scripts_the_same_form_goes_by_pages(chromium, live_server, audit, tmp_path):
    seat = audit.seats.get(number=2)
    phone = Phone(chromium, live_server.url, language="en", scripts=False)
    phone.sign_in("tono", "/kota/kota-melati/audit/")
    phone.page.get_by_role("link", name=re.compile("^Fill in ?: Taman Melati$")).click()
    phone.page.get_by_role("link", name="Ease of access").click()
    phone.page.locator("input[name='kemudahan/pintu'][value=ya]").check()
    phone.page.fill("[name='ukuran:kemudahan/pintu']", "wide")
    phone.page.get_by_role("button", name="Save").click()
    phone.reads("Write a number only, such as 85 or 1.5.")
    phone.page.fill("[name='ukuran:kemudahan/pintu']", "85")
    phone.page.get_by_role("button", name="Save").click()
    phone.reads("1 of 5")
    assert AuditAnswer.objects.get(seat=seat).measure == 85
    phone.go(f"/kota/kota-melati/audit/{seat.pk}/foto?butir=kemudahan/pintu")
    file = tmp_path / "pintu.jpg"
    file.write_bytes(photo((200, 100), turned=6))
    phone.page.set_input_files("#foto", str(file))
    phone.page.get_by_role("button", name="Save the photo").click()
    phone.reads("Photos: 1")
    assert metadata_of(photos.opened(AuditPhoto.objects.get())) == []
    assert AuditSeat.objects.get(pk=seat.pk).finished_at is None
    phone.context.close()


def test_the_desk_loads_limits_and_begins_an_audit(chromium, live_server, city, tmp_path):
    desk = Phone(chromium, live_server.url, language="en", width=1280)
    desk.sign_in("dinas", "/kota/kota-melati/audit/batas")
    file = tmp_path / "limits.csv"
    file.write_bytes(LIMITS.replace(b"cm,90", b"m,90"))
    desk.page.set_input_files("#berkas", str(file))
    desk.page.get_by_role("button", name="Load").click()
    desk.reads("Row 1: The unit is another than the question's.")
    desk.look("batas-salah")
    file.write_bytes(LIMITS)
    desk.page.set_input_files("#berkas", str(file))
    desk.page.get_by_role("button", name="Load").click()
    desk.reads("at least 90 cm")
    desk.look("batas")
    desk.go("/kota/kota-melati/audit/")
    desk.page.get_by_role("button", name="Begin an audit").click()
    desk.reads("Choose the place.")
    desk.page.fill("#nama", "Taman Mawar")
    desk.page.select_option("#penilai_1", label="rina")
    desk.page.select_option("#penilai_2", label="rina")
    desk.page.get_by_role("button", name="Begin an audit").click()
    desk.reads("Choose two different auditors who work at this place.")
    assert not AuditSeat.objects.exists()
    assert not Space.objects.exists()
    desk.page.fill("#nama", "Taman Mawar")
    desk.page.select_option("#penilai_1", label="rina")
    desk.page.select_option("#penilai_2", label="tono")
    desk.page.get_by_role("button", name="Begin an audit").click()
    desk.page.get_by_role("heading", level=1, name="Taman Mawar").wait_for()
    desk.reads("0 of 64 questions.")
    desk.go("/kota/kota-melati/audit/")
    desk.look("daftar-kantor")
    phone = Phone(chromium, live_server.url, language="en")
    phone.sign_in("tono", "/kota/kota-melati/audit/")
    phone.look("tugas")
    seat = AuditSeat.objects.get(user__username="tono")
    phone.go(f"/kota/kota-melati/audit/{seat.pk}/")
    phone.look("bagian-tanpa-skrip")
    phone.go(f"/kota/kota-melati/audit/{seat.pk}/bagian/kemudahan")
    phone.look("pertanyaan-tanpa-skrip")
    phone.go(f"/kota/kota-melati/audit/{seat.pk}/foto?butir=kemudahan/pintu")
    phone.look("foto-tanpa-skrip")
    phone.go(HP)
    phone.ready()
    phone.look("daftar")
    phone.page.get_by_role("link", name="Taman Mawar").click()
    phone.page.get_by_role("link", name="Ease of access").click()
    phone.reads("The city's limit: at least 90 cm.")
    phone.look("pertanyaan")
    file.write_bytes(b"no picture")
    phone.page.set_input_files("#foto", str(file))
    phone.reads("The photo cannot be opened.")
    phone.page.evaluate("navigator.storage.estimate = async () => ({ quota: 30_000_000, usage: 29_000_000 })")
    phone.page.click("[data-sesudah]")
    phone.reads("This phone is nearly full. Photos may not fit. Answers are still saved.")
    phone.look("ruang-sempit")
    phone.context.close()
    desk.go("/kota/kota-melati/penilaian/")
    desk.reads("No audit of a place is finished yet.")
    desk.go("/kota/kota-melati/")
    desk.look("kota")
    assert desk.wrong == []
    desk.context.close()
