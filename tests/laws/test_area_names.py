"""Names of areas find their codes inside their parents and nowhere else; what fits none or two is told, not guessed."""

import csv
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruangaman.adapters import city_codes
from ruangaman.core.reach import area_names
from ruangaman.core.reach.area_names import CodesMalformed, Found

WORDS = city_codes.own_words()
ROWS = [
    ("32", "", "Jawa Barat"),
    ("32.01", "32", "Kabupaten Bogor"),
    ("32.71", "32", "Kota Bogor"),
    ("32.73", "32", "Kota Bandung"),
    ("32.73.01", "32.73", "Sukasari"),
    ("32.73.09", "32.73", "Sukajadi"),
    ("32.73.01.1001", "32.73.01", "Sukajadi"),
    ("32.73.09.1001", "32.73.09", "Sukajadi"),
    ("32.73.09.1002", "32.73.09", "Pulau Panggang"),
    ("32.73.09.1003", "32.73.09", "Kota Bambu"),
]
TABLE = area_names.register(ROWS, {"3273040001": "32.73.09.1001"}, WORDS)


def find(*path: tuple[str, str], scope: str = "32") -> Found:
    return area_names.find(TABLE, WORDS, scope, path)


def test_the_same_name_is_another_area_in_another_parent():
    assert find(("kab", "Kota Bandung"), ("kec", "Sukasari"), ("kel", "Sukajadi")).code == "32.73.01.1001"
    assert find(("kab", "Kota Bandung"), ("kec", "Sukajadi"), ("kel", "Sukajadi")).code == "32.73.09.1001"
    assert find(("kec", "Sukajadi"), scope="32.73").code == "32.73.09"


def test_a_name_is_not_looked_for_outside_its_parent():
    assert find(("kab", "Kota Bandung"), ("kec", "Sukasari"), ("kel", "Kota Bambu")) == Found(
        None, "no-name", "Kota Bambu < 32.73.01"
    )
    assert find(("kel", "Sukajadi")).why == "parent-not-told"
    assert find(("kec", "Sukasari")).why == "parent-not-told"


def test_two_areas_that_differ_by_the_word_before_them_are_told_apart_by_it_or_not_at_all():
    assert find(("kab", "KOTA BOGOR")).code == "32.71"
    assert find(("kab", "Kab. Bogor")).code == "32.01"
    assert find(("kab", "Bogor")) == Found(None, "two-names", "Bogor < 32")


@pytest.mark.parametrize(
    "written", ["PULAU PANGGANG", "P. Panggang", "p panggang", "Pulau-Panggang", "KELURAHAN P. PANGGANG"]
)
def test_ways_of_writing_one_name(written):
    assert find(("kec", "Kec. Suka Jadi"), ("kel", written), scope="32.73").code == "32.73.09.1002"


def test_a_word_that_belongs_to_the_name_is_kept():
    assert find(("kec", "Sukajadi"), ("kel", "KELURAHAN KOTA BAMBU"), scope="32.73").code == "32.73.09.1003"
    assert find(("kec", "Sukajadi"), ("kel", "Bambu"), scope="32.73").why == "no-name"


def test_the_city_may_be_told_by_name_and_must_be_the_one():
    assert find(("kab", "Kota Bandung"), ("kec", "Sukasari"), scope="32.73").code == "32.73.01"
    assert find(("kab", "Kota Bogor"), ("kec", "Sukasari"), scope="32.73").why == "no-name"


def test_an_exception_counts_in_its_parent_alone():
    words = area_names.with_exceptions(WORDS, [("kel", "32.73.01", "Suka Djadi", "32.73.01.1001")])
    path = [("kec", "Sukasari"), ("kel", "Kelurahan Suka Djadi")]
    assert area_names.find(TABLE, words, "32.73", path).code == "32.73.01.1001"
    assert area_names.find(TABLE, words, "32.73", [("kec", "Sukajadi"), path[1]]).code is None


@pytest.mark.parametrize(
    ("told", "code"),
    [("32.73.09.1001", "32.73.09.1001"), ("3273091001", "32.73.09.1001"), ("32.73", "32.73"), ("32.73.09.9999", None),
     ("3273040001", None), ("", None), ("Sukajadi", None)],
)  # fmt: skip
def test_codes_of_kemendagri_with_dots_or_as_the_table_has_them(told, code):
    assert area_names.coded(TABLE, told).code == code


def test_a_code_of_bps_goes_by_the_table_of_both():
    assert area_names.of_bps(TABLE, " 3273040001 ").code == "32.73.09.1001"
    assert area_names.of_bps(TABLE, "3273091001").why == "not-in-table"


@pytest.mark.parametrize(
    ("told", "number"),
    [("RW 05", "RW05"), ("RW05", "RW05"), ("005", "RW05"), ("rw. 12", "RW12"), ("RW 011", "RW11"),
     ("rukun warga 3", "RW03"), ("RW 0", None), ("", None), ("Kawasan Industri", None), ("RW 05A", None)],
)  # fmt: skip
def test_numbers_of_rw(told, number):
    assert area_names.rw(told) == number


NAMES = st.sampled_from(
    ["Sukajadi", "Suka Maju", "Desa Suka Maju", "Kota Suka Maju", "P. Suka", "Pulau Suka", "Cempaka"]
)


@st.composite
def tables(draw):
    rows = [("11", "", "Satu")]
    for kab in range(draw(st.integers(1, 3))):
        rows.append((f"11.0{kab}", "11", draw(NAMES)))
        for kec in range(draw(st.integers(0, 3))):
            rows.append((f"11.0{kab}.0{kec}", f"11.0{kab}", draw(NAMES)))
            for kel in range(draw(st.integers(0, 3))):
                rows.append((f"11.0{kab}.0{kec}.100{kel}", f"11.0{kab}.0{kec}", draw(NAMES)))
    return rows


@settings(max_examples=200, deadline=None)
@given(tables(), st.lists(NAMES, min_size=1, max_size=3))
def test_what_is_found_is_called_so_in_each_of_its_parents(rows, names):
    """Read plainly: of each parent's areas exactly one bears the name as written, or else without a word before."""
    table = area_names.register(rows, {}, WORDS)
    path = list(zip(area_names.STEPS, names, strict=False))
    found = area_names.find(table, WORDS, "11", path)
    parent: str | None = "11"
    for step, name in path:
        inside = [(code, its) for code, above, its in rows if above == parent]
        said, bare = area_names.plain(name, WORDS), stripped(name, step)
        fits = {code for code, its in inside if said in (area_names.plain(its, WORDS), stripped(its, step))}
        if not fits:
            fits = {
                code for code, its in inside if bare in (area_names.plain(its, WORDS), stripped(its, step))
            }
        parent = fits.pop() if len(fits) == 1 else None
        if parent is None:
            break
    assert found.code == parent
    assert (found.code is None) == bool(found.why)


def stripped(name: str, step: str) -> str:
    key = area_names.plain(name, WORDS)
    fits = [area_names.plain(one, WORDS) for one in WORDS.before[step]]
    longest = max((one for one in fits if key.startswith(one) and key != one), key=len, default="")
    return key[len(longest) :]


@pytest.mark.parametrize(
    "rows",
    [[("11", "", "A"), ("11", "", "B")], [("11.01", "12", "A")], [("1101", "11", "A")], [("11", "", " ")],
     [("", "", "A")]],
)  # fmt: skip
def test_a_table_that_contradicts_itself_is_refused(rows):
    with pytest.raises(CodesMalformed):
        area_names.register(rows, {}, WORDS)


def codes_in(folder, *, without: str = ""):
    heads = {"provinces": ("code", "name"), "regencies": ("code", "province_code", "name"),
             "districts": ("code", "regency_code", "name"), "villages": ("code", "district_code", "name")}  # fmt: skip
    for depth, (name, head) in enumerate(heads.items()):
        rows = [row for row in ROWS if row[0].count(".") == depth]
        lines = [head, *((row[0], row[2]) if depth == 0 else row for row in rows)]
        content = "\n".join(",".join(line) for line in lines).encode()
        if name == without:
            continue
        if name == "villages":
            (folder / "villages.csv.gz").write_bytes(gzip.compress(content))
        else:
            (folder / f"{name}.csv").write_bytes(content)
    return folder


def test_a_folder_of_codes_with_bps_and_exceptions_of_its_own(tmp_path):
    codes_in(tmp_path)
    with (tmp_path / "bps.csv").open("w", newline="") as out:
        csv.writer(out).writerows([("code", "bps"), ("32.73.01.1001", "77")])
    (tmp_path / "exceptions.csv").write_text(
        "level,parent,written,code,since,source\nkel,32.73.01,Soekadjadi,32.73.01.1001,2026-01-01,ejaan lama\n"
    )
    table, words = city_codes.read(tmp_path, "32")
    assert area_names.of_bps(table, "77").code == "32.73.01.1001"
    path = [("kec", "Sukasari"), ("kel", "Soekadjadi")]
    assert area_names.find(table, words, "32.73", path).code == "32.73.01.1001"
    assert set(table.names) == {code for code, _, _ in ROWS}


@pytest.mark.parametrize("without", ["provinces", "villages"])
def test_a_folder_without_one_of_the_tables_is_refused(tmp_path, without):
    with pytest.raises(CodesMalformed):
        city_codes.read(codes_in(tmp_path, without=without))


def test_an_exception_without_date_and_source_is_refused(tmp_path):
    codes_in(tmp_path)
    (tmp_path / "exceptions.csv").write_text(
        "level,parent,written,code\nkel,32.73.01,Soekadjadi,32.73.01.1001\n"
    )
    with pytest.raises(CodesMalformed):
        city_codes.read(tmp_path)


@pytest.mark.parametrize("content", [b"\xff\xfe,\x00", b"\x1f\x8bbroken"])
def test_tables_that_are_none_are_refused(tmp_path, content):
    codes_in(tmp_path)
    (tmp_path / "villages.csv.gz").write_bytes(content)
    with pytest.raises(CodesMalformed):
        city_codes.read(tmp_path)
