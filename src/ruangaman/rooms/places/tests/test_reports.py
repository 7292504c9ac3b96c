"""A child tells of a hole; an adult reads it first, words it anew, a body answers, the child reads the answer."""

import json
from datetime import timedelta

import pytest
import yaml
from django.core import serializers
from django.db import IntegrityError, transaction

from ruangaman.core.reports.grid import cell_of
from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.places import api, roles
from ruangaman.rooms.places.errors import NotFound
from ruangaman.rooms.places.models import Report, ReportClock, ReportCount, ReportStep
from ruangaman.rooms.places.report_errors import ReportOver, ReportRefused, TooManyReports
from ruangaman.rooms.places.reports import answers, desk, sending, tables, telling, wheres
from ruangaman.rooms.vault import api as vault
from ruangaman.rooms.vault.models import Sealed

from .conftest import NOON
from .reporting import ANSWER, EAST, PLAIN, STORY, WEST, acting, answered, idea, published, told


def kinds_of_entries() -> list[str]:
    return list(Entry.objects.order_by("index").values_list("kind", flat=True))


def test_from_a_child_to_the_end(city, moderator, hour):
    row = told(city)
    number, word = sending.shown_number(row), sending.secret_words(row)["id"]
    assert row.held == ["home", "name"]
    assert row.urgent
    found = sending.find(city, number.lower(), word.upper(), network="a", now=hour())
    assert found == row
    accepted = published(city, moderator, row, now=hour.pass_(hours=2))
    assert (accepted.serial, accepted.body, accepted.text_en) == (1, "pu", PLAIN["en"])
    answered(city, moderator, row, "planned", now=hour.pass_(days=1), planned_on=hour().date())
    answered(city, moderator, row, "solved", now=hour.pass_(days=1))
    row.refresh_from_db()
    assert row.state == "solved"
    assert [step.what for step in row.steps.all()] == ["published", "planned", "solved"]
    assert kinds_of_entries()[-5:] == [
        "report.received", "report.opened", "report.published", "report.planned", "report.solved",
    ]  # fmt: skip
    assert not ReportClock.objects.filter(met_at__isnull=True).exists()


def test_what_was_told_stands_sealed_and_nowhere_else(city, moderator):
    row = told(city)
    published(city, moderator, row)
    for model in (Report, ReportStep, ReportClock, ReportCount, Entry):
        text = serializers.serialize("json", model.objects.all())
        assert "rumahku" not in text
        assert "Sari" not in text
    assert b"rumahku" not in b"".join(bytes(one) for one in Sealed.objects.values_list("sealed", flat=True))
    assert sending.words_of(row) == STORY


def test_the_place_is_a_square_and_the_time_a_part_of_the_day(city):
    row = told(city)
    cell = cell_of(106.80541, -6.19537, 100)
    assert (row.row, row.column, row.metres, row.area) == (cell.row, cell.column, 100, WEST)
    assert (row.week, row.day, row.place_name) == ("school", "morning", "Taman Melati")


@pytest.mark.parametrize(
    ("where", "area", "name", "exact"),
    [
        ("", "99.71", "", False), (f"a:{EAST}", EAST, "Sukajadi", False), ("p:sd-1", EAST, "SDN Karanganyar", True),
        (f"c:{cell_of(106.8151, -6.1933, 100)}", EAST, "", True),
    ],
)  # fmt: skip
def test_every_way_to_say_where(city, where, area, name, exact):
    row = told(city, where=where)
    assert (row.area, row.place_name, row.row is not None) == (area, name, exact)


def test_a_street_of_two_kelurahan_is_two_choices(city):
    streets = wheres.of_city(city, 100).streets
    assert [(one.name, one.area) for one in streets] == [
        ("Gang Mangga", WEST), ("Jalan Raya", WEST), ("Jalan Raya", EAST),
    ]  # fmt: skip
    assert told(city, where=streets[2].key).area == EAST


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"kind": "murder"}, "kind"), ({"words": " \n "}, "nothing"), ({"week": "monday"}, "when"),
        ({"day": ""}, "when"),
        ({"where": "p:rumah"}, "where"), ({"where": "a:31.71.01.1001"}, "where"), ({"where": "c:0:0"}, "where"),
        ({"where": "c:1.5:2"}, "where"), ({"where": "106.8,-6.2"}, "where"), ({"where": "s:"}, "where"),
    ],
)  # fmt: skip
def test_what_is_not_complete_is_refused_and_nothing_is_kept(city, wrong, why):
    with pytest.raises(ReportRefused) as refused:
        told(city, **wrong)
    assert refused.value.facts["why"] == why
    assert not Report.objects.exists()
    assert not ReportCount.objects.exists()


def test_two_kelurahan_of_one_name_are_told_apart(city, tmp_path):
    path = tmp_path / city.slug / "map" / "areas.geojson"
    areas = json.loads(path.read_text())
    for one in areas["features"]:
        if one["properties"]["level"] == "kelurahan":
            one["properties"]["name"] = "Sukajadi"
    areas["features"].append(
        {"properties": {"code": "99.71.01", "level": "kecamatan", "name": "Barat", "parent": "99.71"}}
    )
    areas["features"][2]["properties"]["parent"] = "99.71.02"
    path.write_text(json.dumps(areas))
    assert dict(wheres.of_city(city, 100).areas) == {WEST: "Sukajadi (Barat)", EAST: f"Sukajadi ({EAST})"}


def test_a_city_without_files_takes_reports_all_the_same(melati, settings, tmp_path):
    settings.CITIES_DIR = tmp_path
    assert told(melati, where="").area == "99.71"
    with pytest.raises(ReportRefused):
        told(melati, where="c:-6867:118097")


@pytest.mark.parametrize(
    "broken", ["", "{", "[]", '{"features": [1, {"properties": 2}]}', '{"features": {}}', "[[[["]
)
def test_broken_files_of_a_city_never_stop_a_page(city, tmp_path, broken):
    for name in ("map/areas.geojson", "map/walks-6-12-day-foot.geojson", "results/places.json"):
        (tmp_path / city.slug / name).write_text(broken)
    found = wheres.of_city(city, 100)
    assert (found.areas, list(found.places), list(found.streets)) == ({}, [], [])


def test_the_same_form_twice_is_one_report(city):
    once = bytes(range(32))
    assert told(city, once=once) == told(city, once=once, words="Lain lagi")
    assert Report.objects.count() == 1


def test_a_network_has_a_limit_within_the_hour_and_the_next_hour_is_free(city, hour):
    most = tables.kinds(city).limits.an_hour
    for index in range(most):
        told(city, once=index.to_bytes(32, "big"), words="Lampu mati", kind="dark")
    with pytest.raises(TooManyReports):
        told(city)
    assert told(city, network="198.51.100.7")
    assert told(city, now=hour.pass_(hours=1), once=b"x" * 32)


def test_what_comes_side_by_side_is_within_the_limit_too(city, monkeypatch):
    most = tables.kinds(city).limits.an_hour
    real, waiting = sending.ledger.line_up, [most]

    def others_first() -> None:
        """All others of the network pass the first look before this one stands in line."""
        real()
        while waiting[0]:
            waiting[0] -= 1
            sending.counting.count("report", "203.0.113.9", now=NOON)

    monkeypatch.setattr(sending.ledger, "line_up", others_first)
    with pytest.raises(TooManyReports):
        told(city)
    assert not Report.objects.exists()


def test_many_networks_lock_nobody_else_out(city, moderator):
    table = yaml.safe_load(tables.text_of(city, "kinds"))
    table["limits"]["wrong_of_all"] = 5  # as tables had it that cities may have brought
    tables.load(city, "kinds", yaml.safe_dump(table).encode(), by=moderator.user, now=NOON)
    row = told(city)
    for index in range(10):
        assert sending.find(city, f"{index:08}", "salah", network=f"a{index}", now=NOON) is None
    assert sending.find(city, row.number, sending.secret_words(row)["id"], network="here", now=NOON) == row


def test_guesses_side_by_side_are_counted_one_after_the_other(city, monkeypatch):
    row, most = told(city), tables.kinds(city).limits.wrong_of_one
    real, waiting = sending.ledger.line_up, [most]

    def others_first() -> None:
        real()
        while waiting[0]:
            waiting[0] -= 1
            sending.counting.count("wrong-number", row.number, now=NOON)

    monkeypatch.setattr(sending.ledger, "line_up", others_first)
    with pytest.raises(TooManyReports):
        sending.find(city, row.number, sending.secret_words(row)["id"], network="here", now=NOON)


def test_wrong_words_are_counted_and_all_alike(city, hour):
    row = told(city)
    word = sending.secret_words(row)["en"]
    assert sending.find(city, row.number, "padi padi padi", network="a", now=NOON) is None
    assert sending.find(city, "2222-2222", word, network="a", now=NOON) is None
    for _ in range(tables.kinds(city).limits.wrong_of_one - 1):
        sending.find(city, row.number, "salah", network="b", now=NOON)
    with pytest.raises(TooManyReports):
        sending.find(city, row.number, word, network="c", now=NOON)
    assert sending.find(city, row.number, word, network="c", now=hour.pass_(hours=1)) == row


def test_danger_to_a_child_goes_first_and_is_never_public(city, moderator):
    told(city, kind="hole", words="Lubang dalam")
    told(city, kind="dark", words="Gelap sekali")
    hurt = told(city, kind="person", words="Ada orang yang galak")
    heard = told(city, kind="dark", words="Di gang gelap itu aku diancam")
    assert {row.pk for row in desk.waiting(city, moderator)[:2]} == {hurt.pk, heard.pk}
    assert heard.danger
    assert not heard.private
    row = published(city, moderator, hurt, body="pppa")
    assert row.private
    assert not telling.public(city).exists()
    assert telling.features(city)["features"] == []
    assert telling.by_area(city, telling.names(city)) == []


# An adult reads it first


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"id": STORY, "en": "A hole."}, "personal"),
        ({"id": "Ada lubang di depan rumahku.", "en": "A hole."}, "personal"),
        ({"id": "Ada lubang. Hubungi 0812 3456 789.", "en": "A hole."}, "personal"),
        ({"id": "Ada lubang.", "en": "A hole, see www.x.id"}, "personal"),
        ({"id": "ada lubang besar dekat taman melati", "en": "A hole."}, "original"),
        ({"id": "", "en": "A hole."}, "words"), ({"id": "Ada lubang."}, "words"),
        ({"id": "Ada lubang. " * 60, "en": "A hole."}, "long"),
    ],
)  # fmt: skip
def test_what_is_shown_is_a_rewording_that_finds_nobody(city, moderator, said, why):
    row = told(city, words="Ada lubang besar dekat Taman Melati")
    with pytest.raises(ReportRefused) as refused:
        published(city, moderator, row, said=said)
    assert refused.value.facts["why"] == why
    assert Report.objects.get().state == "received"


def test_only_who_opened_it_reads_and_decides(city, moderator, person):
    other = acting(person("pppa"), city, "moderate")
    row = told(city)
    for act in (
        lambda: desk.publish(
            city, moderator, row.pk, said=PLAIN, body="pu", private=False, photo=False, now=NOON
        ),
        lambda: desk.refuse(city, moderator, row.pk, reason="unclear", said=PLAIN, now=NOON),
    ):
        with pytest.raises(ReportOver):
            act()
    desk.open_it(city, moderator, row.pk, now=NOON)
    row.refresh_from_db()
    assert desk.words(row, moderator) == STORY
    assert desk.words(row, other) == ""
    desk.open_it(city, other, row.pk, now=NOON)
    row.refresh_from_db()
    assert desk.words(row, moderator) == ""
    assert kinds_of_entries().count("report.opened") == 2


def test_a_kelurahan_sees_and_answers_its_own_area_alone(city, person):
    west = acting(person("kelurahan"), city, "moderate")
    mine, theirs, nobodys = told(city), told(city, where="p:sd-1"), told(city, where="")
    assert [row.pk for row in desk.waiting(city, west)] == [mine.pk]
    for row in (theirs, nobodys):
        with pytest.raises(NotFound):
            desk.get(city, west, row.pk)
        with pytest.raises(NotFound):
            desk.open_it(city, west, row.pk, now=NOON)
    assert published(city, west, mine).serial == 1


def test_a_refusal_is_read_by_its_sender_alone_and_forgotten(city, moderator, hour):
    row = told(city)
    desk.open_it(city, moderator, row.pk, now=NOON)
    said = {
        "id": "Kami belum mengerti. Ceritakan lagi, ya.",
        "en": "We do not understand yet. Tell us again.",
    }
    with pytest.raises(ReportRefused):
        desk.refuse(city, moderator, row.pk, reason="rude", said=said, now=NOON)
    desk.refuse(city, moderator, row.pk, reason="unclear", said=said, now=NOON)
    row.refresh_from_db()
    assert sending.answer_of(row) == said
    assert not telling.public(city).exists()
    api.settle_due(hour.pass_(days=30))
    row.refresh_from_db()
    assert sending.answer_of(row) == {"id": "", "en": ""}
    assert row.forgotten_at == NOON + tables.kinds(city).keep_after_closed


def test_what_was_decided_is_not_decided_again(city, moderator):
    row = told(city)
    published(city, moderator, row)
    for act in (
        lambda: published(city, moderator, row),
        lambda: desk.refuse(city, moderator, row.pk, reason="unclear", said=PLAIN, now=NOON),
    ):
        with pytest.raises(ReportOver):
            act()
    answered(city, moderator, row, "solved")
    with pytest.raises(ReportOver):
        answered(city, moderator, row)
    with pytest.raises(ReportOver):
        desk.send(city, moderator, row.pk, "dishub", now=NOON)


# What is the same


def test_duplicates_are_proposed_joined_and_count(city, moderator, hour):
    first = published(city, moderator, told(city))
    near = told(
        city,
        where=f"c:{cell_of(106.8060, -6.1950, 100)}",
        words="Ada got tanpa tutup",
        now=hour.pass_(days=2),
    )
    told(city, where="p:sd-1", words="Jauh dari sana")
    told(city, kind="dark", words="Gelap")
    found = desk.alike(city, moderator, near)
    assert [row.pk for row, _ in found] == [first.pk]
    desk.open_it(city, moderator, near.pk, now=hour())
    desk.join(city, moderator, near.pk, first.pk, now=hour())
    assert telling.public(city).get().told == 2
    answered(city, moderator, first, "solved", now=hour())
    near.refresh_from_db()
    assert sending.root(near).state == "solved"
    assert near.closed_at == hour()
    assert sending.root(near).steps.last().text_id == ANSWER["id"]


def test_joining_a_group_keeps_every_reporter_and_one_root(city, moderator):
    rows = [told(city, words=f"Lubang {index}") for index in range(3)]
    for row in rows:
        desk.open_it(city, moderator, row.pk, now=NOON)
    desk.join(city, moderator, rows[0].pk, rows[1].pk, now=NOON)
    desk.join(city, moderator, rows[1].pk, rows[2].pk, now=NOON)
    assert {row.joined_to_id for row in Report.objects.filter(state="joined")} == {rows[2].pk}
    with pytest.raises(ReportOver):
        desk.join(city, moderator, rows[2].pk, rows[0].pk, now=NOON)
    with pytest.raises(ReportRefused):
        desk.join(city, moderator, rows[2].pk, rows[2].pk, now=NOON)


def test_danger_goes_over_and_no_clock_ends_later_by_joining(city, moderator, hour):
    calm = published(city, moderator, told(city, kind="dark", words="Lampu jalan mati"))
    before = {one.what: one.due_at for one in calm.clocks.all()}
    afraid = told(city, kind="dark", words="Aku takut pulang lewat situ", now=hour.pass_(hours=3))
    desk.open_it(city, moderator, afraid.pk, now=hour())
    desk.join(city, moderator, afraid.pk, calm.pk, now=hour())
    calm.refresh_from_db()
    assert calm.urgent
    assert calm.danger
    after = {one.what: one.due_at for one in calm.clocks.all()}
    assert all(after[what] <= due for what, due in before.items())
    assert after["answer"] < before["answer"]


def test_a_hazard_and_an_idea_are_not_the_same(city, moderator):
    hazard, wish = told(city), idea(city, "Mau zebra cross")
    desk.open_it(city, moderator, hazard.pk, now=NOON)
    with pytest.raises(ReportRefused):
        desk.join(city, moderator, hazard.pk, wish.pk, now=NOON)


# The right body, and its answers


def test_it_is_sent_to_the_right_body_and_may_be_sent_on(city, moderator):
    row = published(city, moderator, told(city))
    assert tables.bodies(city).right_for(row.kind, row.area) == "pu"
    desk.send(city, moderator, row.pk, "dishub", now=NOON)
    row.refresh_from_db()
    assert row.body == "dishub"
    assert row.steps.last().what == "sent"
    for wrong in ("dishub", "nasa"):
        with pytest.raises(ReportRefused):
            desk.send(city, moderator, row.pk, wrong, now=NOON)


@pytest.mark.parametrize(
    ("what", "more", "why"),
    [
        ("published", {}, "answer"), ("not_solved", {}, "reason"), ("not_solved", {"reason": "lazy"}, "reason"),
        ("planned", {}, "planned"), ("planned", {"planned_on": NOON.date().replace(year=2025)}, "planned"),
    ],
)  # fmt: skip
def test_an_answer_without_its_reason_or_day_is_refused(city, moderator, what, more, why):
    row = published(city, moderator, told(city))
    with pytest.raises(ReportRefused) as refused:
        answered(city, moderator, row, what, **more)
    assert refused.value.facts["why"] == why


def test_a_plan_is_for_a_day_as_people_say_it(city, moderator):
    row = published(city, moderator, told(city))
    night = NOON.replace(hour=18)  # 01.00 WIB of the day after
    with pytest.raises(ReportRefused):
        answered(city, moderator, row, "planned", planned_on=night.date(), now=night)
    answered(city, moderator, row, "planned", planned_on=night.date() + timedelta(days=1), now=night)


def test_an_answer_is_in_both_languages_and_finds_nobody(city, moderator):
    row = published(city, moderator, told(city))
    for said in ({"id": "Sudah."}, {"id": "Sudah.", "en": " "}, {"id": "Tanya Bu Tuti.", "en": "Ask her."}):
        with pytest.raises(ReportRefused):
            answers.answer(city, moderator, row.pk, what="answered", said=said, now=NOON)
    assert not ReportStep.objects.filter(what="answered").exists()


# Clocks


def test_a_reminder_and_lateness_come_once_at_their_due_second(city, moderator, hour):
    row = told(city, kind="dark", words="Lampu mati")
    clock = row.clocks.get()
    assert api.settle_due(hour.pass_(days=1.9)) == 0
    assert api.settle_due(hour.pass_(days=0.5)) == 1
    assert api.settle_due(hour()) == 0
    clock.refresh_from_db()
    assert clock.reminded_at == clock.remind_at
    assert api.settle_due(hour.pass_(days=5)) == 1
    assert api.settle_due(hour()) == 0
    clock.refresh_from_db()
    assert clock.late_at == clock.due_at
    late = Entry.objects.filter(kind="report.late").get()
    assert late.at == clock.due_at
    assert telling.late_moderation(city) == (1, 1)
    published(city, moderator, row, now=hour())
    assert telling.late_moderation(city) == (0, 0)


def test_an_answer_after_its_time_was_late_though_no_job_ran(city, moderator, hour):
    row = published(city, moderator, told(city))
    answered(city, moderator, row, now=hour.pass_(days=4))
    clock = row.clocks.get(what="answer")
    assert (clock.late_at, clock.met_at) == (clock.due_at, hour())
    assert api.settle_due(hour()) in (0, 1)  # the reminder of another clock may have come
    assert Entry.objects.filter(kind="report.late").count() == 1


def test_what_is_late_says_so_until_it_is_answered(city, moderator, hour):
    row = published(city, moderator, told(city))
    known = telling.names(city)
    assert not telling.line(telling.public(city).get(), known)["late"]
    api.settle_due(hour.pass_(days=4))
    assert telling.line(telling.public(city).get(), known)["late"]
    assert telling.features(city)["features"][0]["properties"]["late"]
    answered(city, moderator, row, now=hour())
    assert not telling.line(telling.public(city).get(), known)["late"]


def test_an_urgent_report_has_the_shorter_clocks(city):
    calm, urgent = told(city, kind="dark", words="Lampu mati"), told(city)
    assert urgent.clocks.get().due_at < calm.clocks.get().due_at


def test_words_and_photo_are_forgotten_on_time_and_what_was_shown_stays(city, moderator, hour):
    row = published(city, moderator, told(city))
    answered(city, moderator, row, "solved", now=hour.pass_(days=1))
    assert api.settle_due(hour.pass_(days=29)) == 0
    assert sending.words_of(Report.objects.get()) == STORY
    api.settle_due(hour.pass_(days=1))
    row = Report.objects.get()
    assert (row.family, row.words, row.state) == (None, None, "solved")
    assert not Sealed.objects.filter(kind__startswith="places.report").exists()
    assert telling.public(city).get().text_id == PLAIN["id"]
    assert sending.find(city, row.number, sending.secret_words(row)["id"], network="a", now=hour()) is None
    assert (
        Entry.objects.filter(kind="report.forgotten").get().at
        == NOON.replace(day=26) + tables.kinds(city).keep_after_closed
    )


def test_what_nobody_read_ends_and_is_forgotten_in_any_case(city, hour):
    told(city)
    api.settle_due(hour.pass_(days=400))
    row = Report.objects.get()
    assert (row.state, row.refusal, row.words) == ("refused", "unread", None)


def test_an_old_one_that_is_still_open_can_be_answered_after_its_words_are_gone(city, moderator, hour):
    row = published(city, moderator, told(city))
    api.settle_due(hour.pass_(days=401))
    answered(city, moderator, row, "solved", now=hour())
    assert Report.objects.get().state == "solved"


def test_the_database_itself_keeps_a_text_without_words_from_the_public(city):
    row = told(city)
    for change in ({"state": "published"}, {"state": "joined"}, {"state": "lost"}, {"row": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=row.pk).update(forgotten_at=NOON)


# What everybody reads


def test_the_map_has_squares_and_no_points(city, moderator):
    published(city, moderator, told(city))
    published(city, moderator, told(city, where=f"a:{EAST}", words="Ada kabel jatuh", kind="cable"))
    found = telling.features(city)["features"]
    assert len(found) == 1
    assert found[0]["geometry"]["type"] == "Polygon"
    text = json.dumps(found)
    assert "106.80541" not in text
    assert row_secret(Report.objects.first()) not in text


def row_secret(row: Report) -> str:
    return row.number


def test_areas_count_open_and_solved(city, moderator):
    for index in range(3):
        published(city, moderator, told(city, words=f"Lubang {index}"))
    answered(city, moderator, Report.objects.filter(serial=2).get(), "solved")
    found = telling.by_area(city, telling.names(city))
    assert [(one["name"], one["open"], one["solved"]) for one in found] == [("Karanganyar", 2, 1)]


# The city's own tables


def test_a_city_brings_its_own_clocks_and_what_runs_keeps_its_times(city, person, moderator, hour):
    boss = person("pppa")
    before = told(city).clocks.get().due_at
    text = tables.text_of(city, "clocks").replace(
        "id: moderate, days: 3, urgent_days: 1,", "id: moderate, days: 9, urgent_days: 7,"
    )
    tables.load(city, "clocks", text.encode(), by=boss, now=hour.pass_(hours=1))
    assert ReportClock.objects.get().due_at == before
    assert told(city, now=hour()).clocks.get().due_at == hour.pass_(days=7)
    assert "report.table-loaded" in kinds_of_entries()


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"a: [", b"clocks: []", b"x" * 300_000, b"!!python/object:os.system 1"]
)
def test_a_broken_table_is_refused_and_ours_holds(city, person, content):
    before = tables.clocks(city)
    with pytest.raises(tables.ReportRulesMalformed):
        tables.load(city, "clocks", content, by=person("pppa"), now=NOON)
    assert tables.clocks(city) == before


def test_a_kind_that_the_city_dropped_keeps_its_reports(city, moderator, person, hour):
    row = published(city, moderator, told(city))
    lines = [line for line in tables.text_of(city, "kinds").splitlines() if "id: hole" not in line]
    tables.load(city, "kinds", "\n".join(lines).encode(), by=person("pppa"), now=hour.pass_(hours=1))
    assert telling.line(telling.public(city).get(), telling.names(city))["kind"] == "hole"
    with pytest.raises(ReportRefused):
        told(city)
    assert tables.bodies(city).right_for(row.kind, row.area) == "pu"


def test_roles_that_may_not_moderate_have_no_way_in(city, person):
    for role in ("ngo", "company", "forum_anak", "auditor", "bappeda"):
        assert roles.acting(person(role), city, "moderate") is None


def test_the_vault_has_one_key_for_each_report(city):
    one, other = told(city), told(city)
    vault.forget_family(vault.FamilyRef(one.family), now=NOON)
    assert sending.words_of(Report.objects.get(pk=one.pk)) == ""
    assert sending.words_of(Report.objects.get(pk=other.pk)) == STORY
