"""A house that estimates ages from faces does not start without the measured error of its model."""

import pytest

from ruangaman.rooms.ages.tests.test_faces import measured
from ruangaman.site import start


def test_nothing_starts_with_faces_and_without_their_measured_error(settings, tmp_path):
    settings.AGE_WAYS = ("token", "face")
    settings.SETTINGS_REFUSED = {}
    file = tmp_path / "kesalahan.yaml"
    file.write_text(measured())
    settings.FACE_ERROR_FILE = str(file)
    start._demand_measured_faces()
    for said, why in (("", "nobody measured it"), ("/nowhere/x.yaml", "cannot be read")):
        settings.FACE_ERROR_FILE = said
        with pytest.raises(start.SettingRefused) as refused:
            start._demand_measured_faces()
        assert refused.value.facts["setting"] == "RUANGAMAN_FACE_ERROR_FILE"
        assert refused.value.facts["why"].startswith(why)
    settings.AGE_WAYS = ("token",)
    with pytest.raises(start.SettingRefused):  # a file that is named is read, also while the way is off
        start._demand_measured_faces()
    settings.FACE_ERROR_FILE = ""
    start._demand_measured_faces()
