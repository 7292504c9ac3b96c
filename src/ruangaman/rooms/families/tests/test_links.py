"""Links: a GET changes nothing, a one-time link works once, a code finds and no more, answers are neutral."""

import json
import re
from datetime import timedelta

import pytest
from django.core import serializers
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.rooms.families import api, outbox
from ruangaman.rooms.families import models as tables
from ruangaman.rooms.families.models import Guardian, Outgoing, Token
from ruangaman.rooms.ledger import api as ledger

from .conftest import ASK, DAY, OBROL, Person, find_path, link_in, path, row, state

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OURS = (
    "/izin",
    "/minta",
    "/anak",
    "/tautan",
    "/keluarga",
    "/masuk",
    "/undangan",
    "/cocokkan",
    "/kode",
    "/keluar",
)


def everything() -> str:
    """Every row of the room, and the length of the ledger."""
    rows = [
        row
        for name in tables.__all__
        for row in serializers.serialize("python", getattr(tables, name).objects.order_by("pk"))
    ]
    return json.dumps([rows, ledger.verify().count], default=str)


def test_a_machine_that_follows_every_link_of_every_letter_and_page_changes_nothing(ask, mother, deliver):
    invitation = ask(guardian_email="ibu@example.org")
    mother.answer(ask("Bima", 14, OBROL), "yes", "bima")
    deliver()
    before = everything()
    robot = Client()
    waiting = {invitation.page_url, invitation.find_url, invitation.child_url}
    for letter in Outgoing.objects.all():
        waiting |= set(re.findall(r"http://localhost:8000\S+", outbox.render(letter)[1]))
    seen: set[str] = set()
    while waiting:
        url = path(waiting.pop())
        if url in seen or not url.startswith(OURS):
            continue
        seen.add(url)
        answer = robot.get(url)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            waiting |= {
                path(link) for link in re.findall(r'(?:href|action)="([^"]+)"', answer.content.decode())
            }
        robot.head(url)
    assert len(seen) > 8
    assert everything() == before
    assert state(invitation) == "delivered"


def test_the_link_in_a_letter_works_once(ask, deliver, office):
    ask(guardian_email="ibu@example.org")
    (letter,) = deliver()
    first, second = Person("mother", office), Person("stranger", office)
    link = link_in(letter)
    assert "Buka permintaan" in first.get(link).content.decode()
    assert first.post(link).status_code == 200
    for again in (second.post(link), first.post(link), second.get(link)):
        assert again.status_code == 410
        assert "Tautan ini sudah dipakai." in again.content.decode()
        assert "Kirim tautan baru" in again.content.decode()
    second.post(link + "/lagi")
    (fresh,) = deliver()
    assert link_in(fresh) != link
    assert first.post(link_in(fresh)).status_code == 200


def test_a_second_try_of_the_post_carries_the_same_link(ask, deliver):
    ask(guardian_email="ibu@example.org")
    letter = Outgoing.objects.get()
    assert outbox.render(letter)[1] == outbox.render(letter)[1]
    assert Token.objects.filter(purpose="mail").count() == 1


def test_a_link_past_its_time_says_so(ask, deliver, office, time):
    ask(guardian_email="ibu@example.org")
    (letter,) = deliver()
    link = link_in(letter)
    time.move(DAY + timedelta(seconds=1))
    page = Person("mother", office).get(link)
    assert page.status_code == 410
    assert "Tautan ini sudah lewat waktunya." in page.content.decode()


def test_links_are_kept_as_hashes_and_are_256_bits(ask):
    invitation = ask()
    for url in (invitation.page_url, invitation.find_url, invitation.child_url):
        token = path(url).rsplit("/", 1)[1]
        assert len(token) == 43
        assert token not in everything()
    assert invitation.short_code.replace("-", "") not in everything()


def test_an_invitation_can_be_made_again_without_keeping_its_links(ask):
    invitation = ask()
    assert api.invitation(invitation.request, now=row(invitation).created_at) == invitation


def test_the_short_code_lives_fifteen_minutes_and_five_openings(ask, mother, time):
    invitation = ask()
    for _ in range(5):
        assert mother.browser.post("/kode", {"code": invitation.short_code})["Location"] == path(
            invitation.find_url
        )
    assert "tidak-cocok" in mother.browser.post("/kode", {"code": invitation.short_code})["Location"]
    page = mother.post(path(invitation.page_url) + "/kode")
    fresh = page.context["code"]
    assert fresh != invitation.short_code
    assert len(fresh) == 9
    assert not set(fresh) & set("01OI")
    time.move(timedelta(minutes=15))
    assert "tidak-cocok" in mother.browser.post("/kode", {"code": fresh})["Location"]


def test_five_wrong_codes_mean_a_minute_of_waiting_even_for_the_right_one(ask, mother, time):
    invitation = ask()
    for _ in range(5):
        assert "tidak-cocok" in mother.browser.post("/kode", {"code": "AAAA-AAAA"})["Location"]
    assert "tunggu" in mother.browser.post("/kode", {"code": invitation.short_code})["Location"]
    time.move(timedelta(minutes=1))
    assert mother.browser.post("/kode", {"code": invitation.short_code})["Location"] == path(
        invitation.find_url
    )


def wrong(browser, times: int = 1, **meta: str) -> list[str]:
    return [browser.post("/kode", {"code": "AAAA-AAAA"}, **meta)["Location"] for _ in range(times)]


def test_a_neighbour_behind_the_same_address_still_gets_in(ask, mother, father):
    invitation = ask()
    assert "tunggu" in wrong(mother.browser, 6)[-1]
    found = father.browser.post("/kode", {"code": invitation.short_code})["Location"]
    assert found == path(invitation.find_url)
    assert "tunggu" in wrong(mother.browser)[0]


def test_fresh_cookies_do_not_buy_more_than_sixty_guesses_a_minute_from_one_address(ask, time):
    invitation = ask()
    told = [wrong(Client(), REMOTE_ADDR="203.0.113.7")[0] for _ in range(61)]
    assert [("tunggu" in one) for one in told] == [False] * 60 + [True]
    code = {"code": invitation.short_code}
    assert "tunggu" in Client().post("/kode", code, REMOTE_ADDR="203.0.113.7")["Location"]
    assert Client().post("/kode", code, REMOTE_ADDR="203.0.113.8")["Location"] == path(invitation.find_url)
    time.move(timedelta(minutes=1))
    assert Client().post("/kode", code, REMOTE_ADDR="203.0.113.7")["Location"] == path(invitation.find_url)


def test_a_household_has_one_address_of_the_sixth_kind(ask):
    ask()
    for number in range(60):
        wrong(Client(), REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
    assert "tunggu" in wrong(Client(), REMOTE_ADDR="2001:db8:1:2:ffff::1")[0]
    assert "tidak-cocok" in wrong(Client(), REMOTE_ADDR="2001:db8:1:3::1")[0]


def test_behind_the_proxy_each_caller_has_its_own_address_and_cannot_choose_it(ask, settings):
    ask()
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for number in range(60):
        wrong(Client(), HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 203.0.113.7")
    assert "tunggu" in wrong(Client(), HTTP_X_FORWARDED_FOR="198.51.100.99, 203.0.113.7")[0]
    assert "tidak-cocok" in wrong(Client(), HTTP_X_FORWARDED_FOR="203.0.113.8")[0]


def test_a_cookie_that_the_house_did_not_sign_counts_as_none(ask):
    ask()
    browser = Client()
    for number in range(6):
        browser.cookies["kode"] = f"made-up-{number}:x"
        told = wrong(browser)[0]
    assert "tidak-cocok" in told  # held by its address alone


def test_the_bound_of_guessing_is_as_it_is_told():
    from ruangaman.rooms.families import codes

    every, minutes = len(codes.ALPHABET) ** 8, codes.LIFE // codes.PAUSE
    assert (every, minutes) == (2**40, 15)
    for tries, most in (
        (codes.WRONG_TRIES, 7e-11),
        (codes.ADDRESS_WRONG_TRIES, 9e-10),
        (codes.ALL_WRONG_TRIES, 9e-9),
    ):
        assert tries * minutes / every < most


def test_sign_in_by_mail_answers_the_same_for_known_and_unknown_addresses(ask, mother, deliver):
    ask(guardian_email="ibu@example.org")
    (letter,) = deliver()
    mother.post(link_in(letter))
    from ruangaman.rooms.families.models import ConsentRequest

    one = ConsentRequest.objects.get()
    token = path(api.invitation(one.pk, now=one.created_at).find_url).rsplit("/", 1)[1]
    mother.browser.post(f"/izin/{token}/jawab", {"answer": "yes"})
    mother.visit(f"/izin/{token}/bukti/kantor/kantor-contoh", "sari")
    assert Guardian.objects.get().email_verified_at is not None
    fresh = Client()
    known = fresh.post("/masuk/surel", {"email": "Ibu@Example.org"}, follow=True)
    unknown = fresh.post("/masuk/surel", {"email": "lain@example.org"}, follow=True)
    strip = re.compile(r'value="[^"]*"|"challenge": *"[^"]*"')
    assert strip.sub("", known.content.decode()) == strip.sub("", unknown.content.decode())
    sent = deliver()
    assert [one.template for one in sent] == ["login"]
    page = fresh.post(link_in(sent[0]), follow=True)
    assert "Aplikasi Sari" in page.content.decode()


def test_a_known_mother_answers_a_second_childs_request_through_her_mail(ask, mother, deliver):
    """Known address, no verdict: she picks which of her children it is, of those whose age fits."""
    first = ask(guardian_email="ibu@example.org")
    (letter,) = deliver()
    mother.post(link_in(letter))
    mother.answer(first, "yes", "sari")
    second = ask("Sari", 10, OBROL)
    fresh = Person("mother", mother.office)
    fresh.say(second, "yes")
    token = path(second.find_url).rsplit("/", 1)[1]
    fresh.post(f"/izin/{token}/bukti/surel", email="ibu@example.org")
    (login,) = deliver()
    fresh.post(link_in(login))
    page = fresh.say(second, "yes")
    child = row(first).child.root.pk
    assert str(child) in page.content.decode()
    done = fresh.post(f"/izin/{token}/bukti/anak", child=str(child))
    assert "Izin tersimpan. Sari sudah tahu." in done.content.decode()
    assert row(second).child.root.pk == child


def test_one_guardian_is_not_flooded_and_nobody_learns_it(ask, deliver, heard):
    answers = [ask("Anak", 10, guardian_email="ibu@example.org") for _ in range(8)]
    assert all(one.short_code for one in answers)
    assert len(deliver()) == 6
    assert Outgoing.objects.filter(state="dropped").count() == 2


def test_one_child_cannot_ask_without_end(ask):
    child = api.add_child(nickname="Sari", age=None, now=row(ask()).created_at)
    for _ in range(20):
        ask(child=child)
    with pytest.raises(api.RequestRefused, match="too-many"):
        ask(child=child)


@pytest.mark.parametrize(
    "wrong", ["x", "a b@c.d", "a@b@c", "a@", "@b", "a@b,c@d", "<a@b>", "a@b\nBcc: x@y", "x" * 300 + "@y"]
)
def test_what_is_no_address_is_refused(ask, wrong):
    with pytest.raises(api.RequestRefused, match="address"):
        ask(guardian_email=wrong)


def test_the_childs_side_page_sends_a_mail_and_answers_neutrally(ask, deliver, mother):
    invitation = ask()
    page = mother.get(invitation.page_url).content.decode()
    assert invitation.short_code in page
    assert invitation.tile.code in page
    assert "Cocokkan kode" in page
    assert "https://wa.me/?text=Bu%2C%20aku%20minta%20izin%20pakai%20Dongeng%20Kita." in page
    sent = mother.post(path(invitation.page_url) + "/surel", email="ibu@example.org").content.decode()
    assert "Kalau alamatnya benar dan kami boleh menulis ke sana, surelnya segera sampai." in sent
    assert len(deliver()) == 1
    assert ASK


@pytest.mark.parametrize("before", [0, 5])
def test_what_cannot_be_an_address_is_told_and_kept_also_over_the_limit(ask, deliver, mother, before):
    url = path(ask().page_url) + "/surel"
    for _ in range(before):
        mother.post(url, email="ibu@example.org")
    deliver()
    told = mother.browser.post(url, {"email": "ibu.example.org"})
    assert told.status_code == 400
    page = told.content.decode()
    assert "Alamat surel ini belum lengkap. Tulis seperti ibu@contoh.id." in page
    assert 'value="ibu.example.org"' in page
    assert "segera sampai" not in page
    assert deliver() == []


@pytest.mark.parametrize("how", ["closed at the platform", "not mine"])
def test_a_used_link_of_a_request_that_nobody_answered_does_not_say_answered(ask, deliver, how):
    invitation = ask(guardian_email="ibu@example.org")
    (letter,) = deliver()
    browser, link = Client(), link_in(letter)
    browser.post(link)
    if how == "not mine":
        browser.post(find_path(invitation) + "/jawab", {"answer": "not_mine"})
    else:
        api.close(api.ChildRef(row(invitation).child_id), now=clock.now())
    page = browser.get(link)
    assert page.status_code == 410
    assert "Permintaan ini sudah ditutup." in page.content.decode()
    assert "sudah dijawab" not in page.content.decode()


def test_a_used_link_of_an_answered_request_says_so(ask, deliver, mother):
    invitation = ask(guardian_email="ibu@example.org")
    (letter,) = deliver()
    mother.post(link_in(letter))
    mother.answer(invitation, "yes", "sari")
    page = mother.get(link_in(letter))
    assert page.status_code == 410
    assert "Permintaan ini sudah dijawab." in page.content.decode()
    mother.post(link_in(letter) + "/lagi")
    assert deliver() == []


def test_the_buttons_say_yes_and_no_under_their_own_name(ask, mother):
    page = mother.get(ask().find_url).content.decode()
    for said in ("yes", "no", "not_mine"):
        assert f'name="answer" value="{said}"' in page


def test_the_verdict_leaves_the_address_at_once_and_is_kept_encrypted(ask, mother):
    from django.contrib.sessions.models import Session

    invitation = ask()
    mother.say(invitation, "yes")
    token = path(invitation.find_url).rsplit("/", 1)[1]
    there = mother.browser.post(f"/izin/{token}/bukti/kantor/kantor-contoh")
    from urllib.parse import parse_qs, urlsplit

    query = {k: v[0] for k, v in parse_qs(urlsplit(there["Location"]).query).items()}
    verdict = mother.office.verdict("mother", "sari", nonce=query["nonce"], name_asked=query["name_check"])
    answer = mother.browser.get("/izin/bukti/kembali", {"state": query["state"], "verdict": verdict})
    assert answer.status_code == 303
    assert verdict not in answer["Location"]
    assert "Kantor Contoh: terbukti" in mother.browser.get(answer["Location"]).content.decode()
    kept = json.dumps([session.get_decoded() for session in Session.objects.all()])
    assert verdict not in kept
    assert state(invitation) == "opened"


def test_who_learns_what_is_what_is_really_sent(ask, mother):
    """The sentence on the proof page names everything that a verdict carries (times and method are parts of these)."""
    from ruangaman.core import verdicts

    said = mother.say(ask(), "yes").content.decode()
    words = {
        "relation": "hubungan", "level": "tingkat bukti", "verified": "tingkat bukti", "method": "tingkat bukti",
        "checked_at": "waktunya", "expires_at": "waktunya", "child_age": "umur anak", "reference": "nomor pemeriksaan",
        "guardian": "dua kode acak", "child": "dua kode acak", "provider": "Kantor", "court_order": "hubungan",
        "name_fits": "cocok tidaknya nama", "name_check": "kode dari nama panggilan Sari",
    }  # fmt: skip
    assert set(words) == verdicts.ALWAYS | verdicts.WHEN_RELATED | verdicts.OPTIONAL
    for word in words.values():
        assert word in said
