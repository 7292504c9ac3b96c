"""The day of a city's build is the day of its people, not of the clock of the machine."""

from datetime import UTC, date, datetime

from ruangaman.adapters import clock
from ruangaman.site.commands._django import today


def test_at_one_in_the_morning_it_is_the_new_day(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 25, 18, tzinfo=UTC))
    assert today() == date(2026, 11, 26)
    monkeypatch.setenv("RUANGAMAN_TIME_ZONE", "UTC")
    assert today() == date(2026, 11, 25)
