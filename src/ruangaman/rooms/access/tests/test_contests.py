"""Somebody says that an age is wrong: without an account, to a person, with papers that are gone afterwards."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from ruangaman.core.due_times import UNKNOWN_TIME
from ruangaman.rooms.access.models import Event
from ruangaman.rooms.access.tests.contest_files import jpeg, pdf, voice
from ruangaman.rooms.access.tests.contesting import (
    STORY,
    WHY,
    files,
    kinds,
    known,
    look,
    proved,
    receipt,
    said,
    send,
    state,
    waits,
)
from ruangaman.rooms.access.tests.test_age_checks import come_back, path_of, school, verdict, visit
from ruangaman.rooms.access.tests.test_desk import signed_in
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.ages import contests, holders, links
from ruangaman.rooms.ages.errors import CheckOver
from ruangaman.rooms.ages.models import AgeCheck, Contest, ContestCount, ContestFile, Holder
from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.vault.models import Sealed

__all__ = ["school", "waits"]

pytestmark = pytest.mark.slow

# The story


def test_a_person_without_an_account_contests_an_officer_decides_and_the_receipt_tells(
    platform, school, hour
):
    house, session, path = proved(platform, hour, over=False)
    assert state(house, session)["state"] == "closed"
    child = Client()
    assert f"{path}/banding" in child.get(path).content.decode()
    first = child.get(f"{path}/banding").content.decode()
    assert "Apa yang salah?" in first
    assert "checked" not in first
    second = child.get(f"{path}/banding?apa=older").content.decode()
    assert "Bukti dilihat satu petugas, satu kali, lalu dihapus." in second
    assert "Keputusan paling lambat Sabtu, 28 November, pukul 12.00 WIB." in second
    sent = send(
        child, f"{path}/banding", "older", words=STORY, files=files(jpeg(b"PAPER" * 30_000), pdf(b"KIA"))
    )
    assert sent.status_code == 303
    number, word, page = receipt(child)
    assert "Simpan ini. Kami tidak minta nomor HP." in page
    assert len(word.split()) == 3
    assert "Sudah diterima, belum dilihat" in look(Client(), number, word).content.decode()

    officer = signed_in("dewi")
    inbox = officer.get("/petugas/banding").content.decode()
    assert number in inbox
    row = Contest.objects.get()
    desk = f"/petugas/banding/{row.pk}"
    closed = officer.get(desk).content.decode()
    assert STORY not in closed
    officer.post(desk, {"act": "open"})
    opened = officer.get(desk).content.decode()
    assert STORY in opened
    assert "Sedang dilihat petugas" in look(Client(), number, word).content.decode()
    shown = officer.post(f"{desk}/berkas/1")
    assert (shown.status_code, shown["Content-Type"], shown["Cache-Control"]) == (
        200,
        "image/jpeg",
        "no-store",
    )
    assert (shown["X-Content-Type-Options"], shown.streaming) == ("nosniff", True)
    picture = b"".join(shown.streaming_content)
    assert b"PAPER" * 30_000 in picture
    assert b"GPS" not in picture
    hour.pass_(hours=2)
    done = officer.post(
        desk,
        {
            "act": "answer",
            "decision": "granted",
            "at_least": "17",
            "at_most": "17",
            "evidence": "verified",
            **WHY,
        },
    )
    assert done.status_code == 303, done.content.decode()
    assert state(house, session)["next"]["kind"] == "guardian_request"
    assert (known(session)["age"], known(session)["evidence"]) == (
        {"at_least": 17, "at_most": 17},
        "verified",
    )
    told = look(Client(), number.lower(), f"  {word.upper()} ").content.decode()
    assert "Dijawab: kamu benar" in told
    assert WHY["reason"] in told
    english = Client()
    english.cookies["bahasa"] = "en"
    assert (
        WHY["reason_en"]
        in look(english, number, " ".join(contests.secret_words(row)["en"].split())).content.decode()
    )
    row.refresh_from_db()
    assert (row.evidence, row.words, row.files.count()) == (None, None, 0)
    assert Sealed.objects.filter(kind__in=["ages.contest-words", "ages.contest-file"]).count() == 0
    assert kinds() == ["contest.made", "contest.opened", "contest.file-shown", "contest.decided"]
    assert "Hasil ini tidak dipakai lagi" in child.get(path).content.decode()


def test_text_alone_suffices_and_an_audio_note_is_taken(db, hour):
    browser = Client()
    assert send(browser, "/banding", "older", words=STORY).status_code == 303
    other = Client()
    assert send(other, "/banding", "older", files=files(voice(b"suara"))).status_code == 303
    assert send(Client(), "/banding", "older").status_code == 400
    assert ContestFile.objects.get().media_type == "audio/ogg"


def test_a_declined_contest_changes_nothing_but_its_own_answer(platform, school, hour):
    house, session, path = proved(platform, hour, over=False)
    send(Client(), f"{path}/banding", "older", words=STORY)
    desk = f"/petugas/banding/{Contest.objects.get().pk}"
    officer = signed_in("dewi")
    officer.post(desk, {"act": "open"})
    officer.post(desk, {"act": "answer", "decision": "declined", **WHY})
    assert state(house, session)["state"] == "closed"
    assert "kamu belum 16" in Client().get(path).content.decode()
    assert Contest.objects.get().words is None


# What counts at once


def test_younger_counts_before_anybody_looks(platform, school, hour):
    house, session, path = proved(platform, hour)
    assert state(house, session)["state"] != "closed"
    check = AgeCheck.objects.get(digest=links.digest(path.rpartition("/")[2]))
    secret = holders.open_wallet(check, now=hour())
    browser = Client()
    browser.cookies["dompet"] = secret
    assert send(browser, f"{path}/banding", "younger").status_code == 303
    assert "Perlindungan dinyalakan sekarang." in receipt(browser)[2]
    assert "tidak mendapat lembar baru" in receipt(browser)[2]
    assert state(house, session)["state"] == "closed"
    assert (known(session)["age"], known(session)["evidence"]) == ({"at_most": 15}, "self_declared")
    assert holders.login(secret).stopped_at == holders.whole_day(hour())
    assert Event.objects.filter(kind="child.age_band_changed").count() == 2
    assert "Hasil ini tidak dipakai lagi" in browser.get(path).content.decode()


def test_after_younger_the_result_goes_into_no_wallet(platform, school, hour):
    _, _, path = proved(platform, hour)
    send(Client(), f"{path}/banding", "younger")
    check = AgeCheck.objects.get(digest=links.digest(path.rpartition("/")[2]))
    with pytest.raises(CheckOver):
        holders.open_wallet(check, now=hour())


def test_younger_may_say_how_young_and_never_older(platform, school, hour):
    _house, session = said(platform, 17, 17)
    path = path_of(session["next"]["url"])
    row = AgeCheck.objects.get()
    AgeCheck.objects.update(bounds=[13, 16])
    page = Client().get(f"{path}/banding?apa=younger").content.decode()
    assert re.findall(r'name="umur" value="(\d+)"', page) == ["13", "16"]
    for wrong in ("18", "14", "0", "999"):
        assert send(Client(), f"{path}/banding", "younger", umur=wrong).status_code == 400
    assert send(Client(), f"{path}/banding", "younger", umur="13").status_code == 303
    assert known(session)["age"] == {"at_most": 12}
    assert row.pk == AgeCheck.objects.earliest("created_at").pk


def test_younger_never_makes_somebody_older_who_is_known_to_be_younger(platform, school, hour):
    _house, session, path = proved(platform, hour, over=False)
    before = known(session)
    send(Client(), f"{path}/banding", "younger")
    assert known(session) == before


def test_never_checked_makes_the_age_unknown_until_a_person_decided(platform, school, hour):
    house, session, path = proved(platform, hour)
    opened = state(house, session)
    assert opened["next"]["kind"] == "guardian_request"
    assert send(Client(), f"{path}/banding", "never").status_code == 303
    held = state(house, session)
    assert held["next"]["kind"] == "age_check"
    # A platform that says the age again opens nothing, and nobody proves one over the head of its person.
    told = house.post(f"/v1/sessions/{session['id']}/age", {"age": {"at_least": 17}, "evidence": "verified"})
    assert told.status in (200, 409)
    assert state(house, session)["next"]["kind"] == "age_check"
    again = Client().get(path_of(held["next"]["url"])).content.decode()
    assert "sedang diperiksa orang" in again
    assert "tanya" not in again
    assert Client().post(path_of(held["next"]["url"]) + "/tanya/sekolah").status_code == 409
    officer = signed_in("dewi")
    desk = f"/petugas/banding/{Contest.objects.get().pk}"
    officer.post(desk, {"act": "open"})
    officer.post(desk, {"act": "answer", "decision": "declined", **WHY})
    assert state(house, session)["next"]["kind"] == "guardian_request"
    assert "Terbukti" in Client().get(path).content.decode()


def test_never_checked_and_right_drops_what_was_known(platform, school, hour):
    house, session, path = proved(platform, hour)
    send(Client(), f"{path}/banding", "never")
    officer = signed_in("dewi")
    desk = f"/petugas/banding/{Contest.objects.get().pk}"
    officer.post(desk, {"act": "open"})
    officer.post(desk, {"act": "answer", "decision": "granted", **WHY})
    assert known(session) is None
    new = state(house, session)["next"]
    assert new["kind"] == "age_check"
    browser = Client()
    browser.post(path_of(new["url"]) + "/rentang", {"umur": "16"})
    _, asked = visit(browser, state(house, session)["next"]["url"])  # whoever it is proves it anew
    come_back(browser, asked, verdict(asked, True, hour))
    assert (known(session)["age"]["at_least"], known(session)["evidence"]) == (16, "verified")


def test_what_somebody_else_began_is_not_finished_after_never_checked(platform, school, hour):
    _house, session = said(platform, 17, 17)
    stranger = Client()
    _, asked = visit(stranger, session["next"]["url"])
    send(Client(), path_of(session["next"]["url"]) + "/banding", "never")
    assert come_back(stranger, asked, verdict(asked, True, hour)).status_code == 410
    assert AgeCheck.objects.exclude(decided_at=None).count() == 0


@pytest.mark.parametrize("over", [True, False])
@pytest.mark.parametrize("kind", ["older", "younger", "never"])
def test_whoever_holds_the_link_opens_nothing(platform, school, hour, kind, over):
    """A stranger or a platform with the link: no contest alone makes an answer more open than it was."""

    def openness(one):
        if one["answer"]["outcome"] in ("allow", "not_a_child"):
            return 2
        return int(bool(one["next"]) and one["next"]["kind"] == "guardian_request")

    house, session, path = proved(platform, hour, over=over)
    before = openness(state(house, session))
    send(Client(), f"{path}/banding", kind, words="x")
    assert openness(state(house, session)) <= before


def test_from_the_public_page_no_account_changes_and_the_wallet_of_this_browser_stops(platform, school, hour):
    house, session, _path = proved(platform, hour)
    secret = holders.open_wallet(AgeCheck.objects.earliest("created_at"), now=hour())
    before = state(house, session)["next"]["kind"]
    assert send(Client(), "/banding", "younger").status_code == 400  # nobody could do anything with it
    browser = Client()
    browser.cookies["dompet"] = secret
    assert send(browser, "/banding", "younger").status_code == 303
    page = receipt(browser)[2]
    assert "tidak mendapat lembar baru" in page
    assert "Perlindungan dinyalakan" not in page
    assert Holder.objects.get().stopped_at is not None
    assert state(house, session)["next"]["kind"] == before


# One officer, once


def test_a_file_is_seen_once_and_whoever_comes_second_reads_by_whom(waits):
    _row, desk, _, _ = waits
    officer = signed_in("dewi")
    assert officer.post(f"{desk}/berkas/1").status_code == 409
    officer.post(desk, {"act": "open"})
    assert officer.get(f"{desk}/berkas/1").status_code == 405
    assert officer.post(f"{desk}/berkas/1").status_code == 200
    second = officer.post(f"{desk}/berkas/1")
    assert second.status_code == 409
    assert "Sudah ditampilkan kepada dewi" in second.content.decode()
    assert "Sudah ditampilkan kepada dewi" in officer.get(desk).content.decode()
    assert officer.post(f"{desk}/berkas/2").status_code == 200
    assert officer.post(f"{desk}/berkas/3").status_code == 404
    assert Sealed.objects.filter(kind="ages.contest-file").count() == 0
    assert kinds().count("contest.file-shown") == 2


def test_two_officers_at_once_one_has_it(waits):
    row, desk, _, _ = waits
    dewi, anto = signed_in("dewi"), signed_in("anto")
    dewi.post(desk, {"act": "open"})
    assert anto.post(desk, {"act": "open"}).status_code == 409
    assert STORY not in anto.get(desk).content.decode()
    assert anto.post(f"{desk}/berkas/1").status_code == 409
    assert anto.post(desk, {"act": "answer", "decision": "granted", **WHY}).status_code == 409
    row.refresh_from_db()
    assert (row.opened_by.username, row.decided_at) == ("dewi", None)
    assert kinds() == ["contest.made", "contest.opened"]


def test_a_decision_is_made_once(waits, hour):
    _row, desk, number, word = waits
    officer = signed_in("dewi")
    assert officer.post(desk, {"act": "answer", "decision": "granted", **WHY}).status_code == 409  # unread
    officer.post(desk, {"act": "open"})
    for missing in ({"decision": ""}, {"reason": " "}, {"reason_en": ""}):
        assert (
            officer.post(desk, {"act": "answer", "decision": "granted", **WHY} | missing).status_code == 400
        )
    assert officer.post(desk, {"act": "answer", "decision": "declined", **WHY}).status_code == 303
    assert officer.post(desk, {"act": "answer", "decision": "granted", **WHY}).status_code == 409
    assert officer.post(desk, {"act": "open"}).status_code == 409
    assert officer.post(f"{desk}/berkas/1").status_code == 409
    assert "Dijawab: hasilnya tetap" in look(Client(), number, word).content.decode()
    assert kinds().count("contest.decided") == 1


def test_who_is_no_officer_sees_nothing(waits):
    _, desk, _, _ = waits
    for client in (Client(), signed_in("admin", officer=False, admin=True)):
        for path in ("/petugas/banding", desk, f"{desk}/berkas/1"):
            assert client.get(path).status_code in (302, 403)
        for path in (desk, f"{desk}/berkas/1"):
            assert client.post(path, {"act": "open"}).status_code in (302, 403)
    assert Contest.objects.get().opened_at is None


def test_when_its_time_is_over_another_officer_may_take_it_over_and_it_is_marked(waits, hour):
    row, desk, number, word = waits
    dewi, anto = signed_in("dewi"), signed_in("anto")
    dewi.post(desk, {"act": "open"})
    dewi.post(f"{desk}/berkas/1")
    hour.pass_(hours=71, minutes=59)
    assert ages.settle_due(hour()) == 0
    assert anto.post(desk, {"act": "open"}).status_code == 409
    hour.pass_(minutes=2)
    ages.settle_due(hour())
    ages.settle_due(hour())
    row.refresh_from_db()
    assert row.late_at == row.due_at
    assert kinds().count("contest.late") == 1
    assert Entry.objects.get(kind="contest.late").at == row.due_at
    assert "1 terlambat" in anto.get("/petugas/banding").content.decode()
    assert "Kami terlambat" in look(Client(), number, word).content.decode()
    assert anto.post(desk, {"act": "open"}).status_code == 303
    page = anto.get(desk).content.decode()
    assert STORY in page
    assert "Sudah ditampilkan kepada dewi" in page
    assert anto.post(f"{desk}/berkas/1").status_code == 409  # seen by one officer; not by two
    assert dewi.post(desk, {"act": "answer", "decision": "granted", **WHY}).status_code == 409
    assert anto.post(desk, {"act": "answer", "decision": "granted", **WHY}).status_code == 303
    assert b'"late":true' in bytes(Entry.objects.get(kind="contest.decided").entry).replace(b" ", b"")


# The secret word


def test_a_wrong_word_and_a_wrong_number_are_answered_alike(waits):
    _, _, number, word = waits
    wrong_word = look(Client(), number, "padi perahu lampu")
    wrong_number = look(Client(), "2222-2222", word)
    assert (wrong_word.status_code, wrong_number.status_code) == (404, 404)

    def text(reply):
        return re.sub(r'value="[^"]*"', "", reply.content.decode())

    assert text(wrong_word) == text(wrong_number)


def test_guessing_is_stopped_for_an_address_and_for_a_number(waits, hour):
    _, _, number, word = waits
    statuses = [look(Client(REMOTE_ADDR="203.0.113.7"), number, f"kata {n}").status_code for n in range(25)]
    assert statuses == [404] * contests.WRONG_OF_ONE + [429] * (25 - contests.WRONG_OF_ONE)
    # Also with the right word, and from elsewhere: the number waits. Other numbers do not.
    assert look(Client(REMOTE_ADDR="198.51.100.1"), number, word).status_code == 429
    assert look(Client(REMOTE_ADDR="198.51.100.1"), "2345-6789", word).status_code == 404
    many = Client(REMOTE_ADDR="192.0.2.9")
    statuses = [look(many, f"2345-{n:04}", word).status_code for n in range(contests.WRONG_HERE + 1)]
    assert statuses[-1] == 429
    hour.pass_(hours=1)
    assert look(Client(), number, word).status_code == 200
    hour.pass_(hours=25)
    ages.settle_due(hour())
    assert ContestCount.objects.count() == 0


def test_no_address_is_kept_in_the_clear_and_too_many_contests_from_one_are_refused(db, hour):
    browser = Client(REMOTE_ADDR="203.0.113.7")
    statuses = [
        send(browser, "/banding", "older", words=STORY).status_code for _ in range(contests.AN_HOUR + 1)
    ]
    assert statuses == [303] * contests.AN_HOUR + [429]
    assert send(Client(REMOTE_ADDR="203.0.113.8"), "/banding", "older", words=STORY).status_code == 303
    assert b"203.0.113.7" not in b"".join(bytes(row.key) for row in ContestCount.objects.all())


def test_five_contests_of_one_account_wait_at_once(platform, school, hour):
    _, _, path = proved(platform, hour)
    statuses = [send(Client(), f"{path}/banding", "older", words=STORY).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [400]


def test_the_same_form_sent_twice_is_one_contest(db, hour):
    browser = Client()
    once = re.search(r'name="once" value="([^"]+)"', browser.get("/banding?apa=older").content.decode())[1]
    for _ in range(2):
        assert send(browser, "/banding", "older", words=STORY, once=once).status_code == 303
    assert Contest.objects.count() == 1


def test_the_receipt_is_shown_in_its_browser_for_a_quarter_of_an_hour(db, hour):
    browser = Client()
    send(browser, "/banding", "older", words=STORY)
    assert Client().get("/banding/tanda-terima").status_code == 410
    assert receipt(browser)[0]
    hour.pass_(minutes=16)
    assert browser.get("/banding/tanda-terima").status_code == 410


def test_the_word_stands_nowhere(waits):
    row, _, _, word = waits
    told = " ".join(str(value) for value in Contest.objects.filter(pk=row.pk).values().get().values())
    assert word not in told
    assert not set(word.split()) & set(told.split())


def test_the_clock_is_the_packs_and_its_doubt_is_told(db, hour):
    page = Client().get("/banding?apa=older").content.decode()
    due = contests.due_of("ID", hour())
    assert due.due_at == hour() + timedelta(hours=72)
    assert due.doubt["id"] in page
    assert contests.due_of("NOWHERE", hour()) == UNKNOWN_TIME


def test_links_to_a_person_stand_where_a_result_is_read(platform, school, hour):
    _, session, path = proved(platform, hour)
    child = urlsplit(session["child_url"]).path
    assert "/banding" in Client().get(f"{child}/umur").content.decode()
    assert "/banding" in Client().get(path).content.decode()
