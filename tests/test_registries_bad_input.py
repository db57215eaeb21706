"""Whatever is wrong with an input is said in plain words, costs no more than itself, and never raises."""

import gzip
import json
import os
import stat
import tracemalloc
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from test_registries import FIXTURES, LAYOUTS, TEXT, study, texts, written, zipped
from trialcriteria.records import Fault, Skipped, Trial
from trialcriteria.registries import columns, read

BROKEN = '{"protocolSection": {"identificationModule": {"nctId": "TEST'


def faults(path: Path | str, **options: str) -> list[Fault]:
    """The faults of an input, each of which must say something in every field that a user reads."""
    found = [record for record in read(path, **options) if isinstance(record, Fault)]
    assert all(fault.source and fault.reason and fault.detail and fault.way_out for fault in found)
    return found


def reasons(path: Path | str, **options: str) -> list[tuple[str, str | None]]:
    """What each record became: ("trial", id), ("skipped", None), or the reason of a fault and the record's id."""
    faults(path, **options)
    return [
        ("trial", record.trial_id)
        if isinstance(record, Trial)
        else (record.reason, record.record)
        if isinstance(record, Fault)
        else ("skipped", None)
        for record in read(path, **options)
    ]


def test_a_missing_file_is_a_fault() -> None:
    assert list(read("no/such.json")) == [
        Fault("no/such.json", None, "missing_file", "there is no such file", "Check the path.")
    ]


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_fault(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "Adults")
    path.chmod(0)
    assert reasons(path) == [("unreadable_file", None)]


def test_empty_inputs_are_faults(tmp_path: Path) -> None:
    assert reasons(tmp_path) == [("empty_directory", None)]
    assert reasons(written(tmp_path / "a.json", "")) == [("empty_file", None)]
    assert reasons(written(tmp_path / "a.json.gz", gzip.compress(b""))) == [("empty_file", None)]
    assert reasons(zipped(tmp_path / "a.zip", {})) == [("empty_archive", None)]
    assert reasons(zipped(tmp_path / "b.zip", {"a.xml": "", "__init__.py": ""})) == [
        ("empty_file", None),
        ("skipped", None),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '{"studies": []}'),
        ("a.csv", "nct_id,criteria\n"),
        ("a.xml", "<Trials_downloaded_from_ICTRP></Trials_downloaded_from_ICTRP>"),
    ],
)
def test_a_file_without_a_record_is_a_fault(name: str, content: str, tmp_path: Path) -> None:
    assert reasons(written(tmp_path / name, content)) == [("no_records", None)]


def test_an_empty_parquet_table_is_a_fault(tmp_path: Path) -> None:
    pandas.DataFrame({"nct_id": [], "criteria": []}).to_parquet(tmp_path / "a.parquet")
    assert reasons(tmp_path / "a.parquet") == [("no_records", None)]


def test_a_table_without_criteria_says_which_columns_it_has_and_which_would_do(tmp_path: Path) -> None:
    (fault,) = faults(written(tmp_path / "a.csv", "nct_id,wording\nT1,Adults\n"))
    assert (fault.reason, fault.detail) == ("no_criteria_column", "columns found: nct_id, wording")
    assert all(name in fault.way_out for name in columns.ACCEPTED["criteria"] + columns.ACCEPTED["inclusion"])
    pandas.DataFrame({"nct_id": ["T1"], "wording": ["Adults"]}).to_parquet(tmp_path / "a.parquet")
    assert [f.detail for f in faults(tmp_path / "a.parquet")] == ["columns found: nct_id, wording"]


def test_the_csv_of_the_registry_site_is_told_apart(tmp_path: Path) -> None:
    path = written(
        tmp_path / "ctg-studies.csv", "NCT Number,Study Title,Study URL,Sex,Age\nT1,Tea,https://x,ALL,ADULT\n"
    )
    (fault,) = faults(path)
    assert fault.detail.startswith("this is the CSV that the ClinicalTrials.gov site exports, which lacks")
    assert fault.way_out.startswith("Download the same search as JSON")


def test_a_column_that_the_user_names_and_the_table_lacks_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults(written(tmp_path / "a.csv", "nct_id,criteria\nT1,Adults\n"), criteria_column="wording")
    assert (fault.reason, fault.detail) == ("missing_column", "no column wording; columns found: nct_id, criteria")


def test_a_file_whose_columns_the_user_names_is_a_table_whatever_it_is_called(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "key,wording\nT1,Adults\n")
    assert texts(path, id_column="key", criteria_column="wording") == [("T1", "Adults")]
    assert reasons(path, criteria_column="text") == [("missing_column", None)]


def test_rows_that_do_not_fit_their_header_are_quarantined_alone(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv",
        'nct_id,criteria\nT1,Adults, or children\nT2\nT3,Women,,\n\n,\nT4,"Men" only\n'
        'T5,Adults\nT6,"never closed\nT7,x\n',
    )
    assert reasons(path) == [
        ("wrong_number_of_cells", "T1"),
        ("wrong_number_of_cells", "T2"),
        ("trial", "T3"),
        ("broken_row", None),
        ("trial", "T5"),
        ("broken_row", None),
    ]
    assert [fault.source for fault in faults(path)] == [f"{path}:{line}" for line in (2, 3, 7, 9)]


def test_fields_longer_than_the_csv_modules_own_limit_are_read(tmp_path: Path) -> None:
    long = "Age at least 18 years, " * 450_000
    assert texts(written(tmp_path / "a.csv", f'nct_id,criteria\nT1,"{long}"\nT2,Adults\n')) == [
        ("T1", long),
        ("T2", "Adults"),
    ]


def test_a_criterion_of_10_mb_is_read_in_every_format(tmp_path: Path) -> None:
    long = "Age at least 18 years; " * 450_000
    xml = (FIXTURES / "legacy.xml").read_text().replace("LVEF &lt; 30 %", long)
    for name, content in [
        ("a.json", json.dumps(study(1, long))),
        ("a.xml", xml),
        ("eligibilities.txt", f"nct_id|gender|healthy_volunteers|criteria\nT1|ALL|f|{long}\n"),
        ("b.txt", long),
        ("c.txt.gz", gzip.compress(long.encode())),
    ]:
        content = content if isinstance(content, bytes) else content.encode()
        assert [long in text for _, text in texts(written(tmp_path / name, content))] == [True]


def test_a_record_beyond_the_limit_is_quarantined_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("ctgov_json", "elements", "text", "delimited"):
        monkeypatch.setattr(f"trialcriteria.registries.{module}.MAX_RECORD", 200_000)
    long = "Age at least 18 years; " * 20_000
    records = written(tmp_path / "a.json", json.dumps([study(1, long), study(2)]))
    xml = (FIXTURES / "ictrp.xml").read_text()
    export = written(tmp_path / "a.xml", xml.replace("Numbness", long))
    table = written(tmp_path / "a.csv", f"nct_id,criteria\nT1,{long}\nT2,Adults\n")
    assert reasons(records) == [("broken_record", None), ("trial", "TEST0002")]
    assert reasons(export)[:2] == [("record_too_large", None), ("trial", "TESTR2600000002")]
    assert reasons(table) == [("broken_row", None), ("trial", "T2")]
    assert reasons(written(tmp_path / "a.txt", long)) == [("record_too_large", None)]


@pytest.mark.parametrize(
    "broken",
    [
        BROKEN,
        BROKEN + '"} "}}',
        '{"protocolSection": {"eligibilityModule": {"eligibilityCriteria": "raw\nline end"}}}',
        '{"protocolSection": NULL}',
        '{"protocolSection": {"x": ' + "1" * 5000 + "}}",
        '{"protocolSection": ' + "[" * 100_000 + "}",
    ],
)
def test_a_broken_json_record_costs_only_itself(broken: str, tmp_path: Path) -> None:
    whole = [json.dumps(study(n)) for n in (1, 2)]
    for name, joiner, frame in [
        ("a.ndjson", "\n", "%s"),
        ("b.json", ", ", "[%s]"),
        ("c.json", ",\n ", '{"studies":[%s]}'),
    ]:
        path = written(tmp_path / name, frame % joiner.join([whole[0], broken, whole[1]]))
        assert reasons(path) == [("trial", "TEST0001"), ("broken_record", None), ("trial", "TEST0002")]


def test_flat_json_goes_on_after_a_broken_record_too(tmp_path: Path) -> None:
    one, other = ('{"nct_id": "T1", "criteria": "Adults"}', '{"nct_id": "T3", "criteria": "Men"}')
    path = written(tmp_path / "a.json", f'[{one}, {{"nct_id": "T2", "criteria": oops}}, {other}]')
    assert reasons(path) == [("trial", "T1"), ("broken_record", None), ("trial", "T3")]


def test_json_that_is_no_study_is_a_fault_each(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", json.dumps([study(1), 7, None, "x", {"a": 1}, study(2, None), study(3, " ")]))
    assert reasons(path) == [
        ("trial", "TEST0001"),
        ("not_a_record", None),
        ("not_a_record", None),
        ("not_a_record", None),
        ("no_criteria_column", None),
        ("no_eligibility_text", "TEST0002"),
        ("no_eligibility_text", "TEST0003"),
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_json_cut_short_loses_no_record_that_was_whole(layout: str, tmp_path: Path) -> None:
    text = LAYOUTS[layout]
    path = written(tmp_path / "a.json", text[: text.rindex('"eligibilityCriteria"') + 30])
    assert reasons(path) == [("trial", "TEST0001"), ("trial", "TEST0002"), ("broken_record", None)]


def test_a_broken_xml_record_costs_only_itself(tmp_path: Path) -> None:
    xml = (FIXTURES / "ictrp.xml").read_text()
    for spoilt in ("<Public_title>Night & day", "<Public_title><oops>", "<Public_title>&nbsp;", "<Public_title>\x1f"):
        path = written(tmp_path / "a.xml", xml.replace("<Public_title>", spoilt, 1))
        assert reasons(path) == [
            ("broken_record", None),
            ("trial", "TESTR2600000002"),
            ("no_eligibility_text", "TESTR2600000003"),
        ]


def test_a_broken_xml_member_costs_only_itself(tmp_path: Path) -> None:
    xml = (FIXTURES / "legacy.xml").read_text()
    path = zipped(tmp_path / "a.zip", {"1.xml": xml[:600], "2.xml": xml.replace("</phase>", ""), "3.xml": xml})
    assert reasons(path) == [("truncated", None), ("broken_record", None), ("trial", "TEST0000005")]


def test_an_ictrp_export_that_ends_too_early_says_so(tmp_path: Path) -> None:
    xml = (FIXTURES / "ictrp.xml").read_text()
    whole = [("trial", "TESTR2600000001"), ("trial", "TESTR2600000002")]
    inside = written(tmp_path / "a.xml", xml[: xml.index("TESTR2600000003")])
    between = written(tmp_path / "b.xml", xml[: xml.index("<TrialID>TESTR2600000003")].rpartition("<Trial>")[0])
    assert reasons(inside) == reasons(between) == [*whole, ("truncated", None)]


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
DTDS = {
    "entities that multiply": f"<!DOCTYPE clinical_study [{BOMB}]>",
    "an entity from a file": '<!DOCTYPE clinical_study [<!ENTITY e9 SYSTEM "file:///etc/passwd">]>',
    "a DTD from the network": '<!DOCTYPE clinical_study SYSTEM "http://example.org/x.dtd">',
}


@pytest.mark.parametrize("dtd", DTDS.values(), ids=DTDS.keys())
def test_xml_with_a_dtd_is_refused(dtd: str, tmp_path: Path) -> None:
    xml = (FIXTURES / "legacy.xml").read_text()
    bomb = xml.replace("<clinical_study>", dtd + "<clinical_study>").replace("LVEF", "&e9;")
    assert reasons(written(tmp_path / "a.xml", bomb)) == [("dtd_refused", None)]
    late = bomb.replace("<!DOCTYPE", f"<!--{' ' * 70_000}--><!DOCTYPE")
    assert reasons(written(tmp_path / "b.xml", late), format="ctgov-xml") == [("dtd_refused", None)]


def test_invalid_utf8_is_quarantined_record_by_record(tmp_path: Path) -> None:
    broken = json.dumps(study(1, "§")).encode().replace(b"\\u00a7", b"\xff\xfe")
    path = written(tmp_path / "a.json", b"[" + broken + b"," + json.dumps(study(2)).encode() + b"]")
    assert reasons(path) == [("invalid_text", "TEST0001"), ("trial", "TEST0002")]
    rows = b"nct_id,criteria\nT1,age \xb3 18\nT2,caf\xe9\nT3,\xc3\xa9 \xe9\nT4,\xe2\x89\xa5 18\n"
    table = written(tmp_path / "a.csv", rows)
    assert reasons(table) == [("invalid_text", "T1"), ("trial", "T2"), ("invalid_text", "T3"), ("trial", "T4")]
    read_so = [(record.source, record.eligibility_text) for record in read(table) if isinstance(record, Trial)]
    assert read_so == [(f"{table}:3 (read as Windows-1252)", "café"), (f"{table}:5", "≥ 18")]
    assert reasons(written(tmp_path / "a.txt", b"\xa1\xdd 18 \xcb\xea")) == [("invalid_text", None)]
    xml = (FIXTURES / "legacy.xml").read_bytes().replace(b"Stroke &lt;", b"\xff")
    assert reasons(written(tmp_path / "a.xml", xml)) == [("invalid_text", None)]
    utf16 = (FIXTURES / "legacy.xml").read_text().replace("UTF-8", "UTF-16").encode("utf-16")
    assert reasons(written(tmp_path / "b.xml", utf16)) == [("invalid_text", None)]


def test_nul_characters_and_half_characters_are_quarantined(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", json.dumps([study(1, "age\0"), study(2, "\ud800"), study(3)]))
    assert reasons(path) == [("nul_characters", "TEST0001"), ("invalid_text", "TEST0002"), ("trial", "TEST0003")]
    table = written(tmp_path / "a.csv", "nct_id,criteria\nT1,a\0b\nT2,Adults\n")
    assert reasons(table) == [("nul_characters", "T1"), ("trial", "T2")]
    unmarked = written(tmp_path / "a.txt", "Adults".encode("utf-16-le"))
    assert reasons(unmarked) == [("nul_characters", "a")]


def test_blank_text_is_a_record_without_eligibility(tmp_path: Path) -> None:
    assert reasons(written(tmp_path / "a.txt", " \r\n")) == [("no_eligibility_text", "a")]
    assert reasons(written(tmp_path / "a.csv", "nct_id,criteria\nT1,\n")) == [("no_eligibility_text", "T1")]
    page = (FIXTURES / "page_classic.txt").read_text().replace("Criteria\n", "\n")
    assert reasons(written(tmp_path / "page.txt", page)) == [("no_eligibility_text", "NCT99999902")]


def test_criteria_that_are_no_text_are_a_fault(tmp_path: Path) -> None:
    pandas.DataFrame({"nct_id": ["T1"], "criteria": [["a", "b"]]}).to_parquet(tmp_path / "a.parquet")
    assert reasons(tmp_path / "a.parquet") == [("criteria_not_text", "T1")]
    path = written(tmp_path / "a.jsonl", '{"nct_id": "T1", "criteria": 5}\n{"nct_id": "T2", "criteria": "x"}')
    assert reasons(path) == [("criteria_not_text", "T1"), ("trial", "T2")]


def test_a_truncated_gzip_gives_what_came_before_the_cut(tmp_path: Path) -> None:
    many = [json.dumps(study(n, TEXT + os.urandom(20_000).hex())) for n in range(1, 21)]
    data = gzip.compress("\n".join(many).encode())
    found = reasons(written(tmp_path / "a.ndjson.gz", data[: len(data) // 2]))
    whole = len(found) - 1
    assert 4 < whole < 11
    assert found == [*(("trial", f"TEST{n:04}") for n in range(1, whole + 1)), ("damaged_file", None)]
    assert reasons(written(tmp_path / "b.txt.gz", gzip.compress(b"Adults")[:-5])) == [("damaged_file", None)]


def test_damaged_archives_are_faults(tmp_path: Path) -> None:
    good = zipped(tmp_path / "a.zip", {f"{n}.json": json.dumps(study(n)) for n in (1, 2, 3)}).read_bytes()
    assert reasons(written(tmp_path / "cut.zip", good[:-30])) == [("damaged_archive", None)]
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        place = archive.getinfo("2.json").header_offset + 60
    spoilt = bytearray(good)
    spoilt[place] ^= 0xFF
    assert reasons(written(tmp_path / "spoilt.zip", bytes(spoilt))) == [
        ("trial", "TEST0001"),
        ("damaged_file", None),
        ("trial", "TEST0003"),
    ]
    assert reasons(written(tmp_path / "a.parquet", b"PAR1 cut short")) == [("damaged_file", None)]


def test_a_damaged_table_beside_aact_criteria_costs_only_titles(tmp_path: Path) -> None:
    criteria = (FIXTURES / "aact" / "eligibilities.txt").read_bytes()
    written(tmp_path / "studies.txt", "something else\n")
    found = reasons(written(tmp_path / "eligibilities.txt", criteria))
    assert found[:3] == [("no_records", None), ("trial", "TEST0000001"), ("trial", "TEST0000002")]


def test_members_that_lead_out_of_an_archive_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        for name in ("../up.json", "/absolute.json", "a/../../b.json", "C:/x.json", "..\\back.json", "ok.json"):
            archive.writestr(name, json.dumps(study()))
    assert reasons(path) == [*[("refused_member", None)] * 6, ("trial", "TEST0001")]


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "a.zip", {"1.json": json.dumps(study())}).read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (fault,) = faults(written(tmp_path / "b.zip", bytes(data)))
    assert (fault.reason, fault.detail) == ("refused_member", "it is encrypted")


def test_an_archive_inside_an_archive_is_skipped(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"1.json": json.dumps(study())}).read_bytes()
    outer = zipped(tmp_path / "outer.zip", {"inner.zip": inner, "x.json.gz": gzip.compress(b"{}"), "__MACOSX/a": "x"})
    why = "archive inside an archive; unpack the outer one to read it"
    assert list(read(outer)) == [
        Skipped(f"{outer}/inner.zip", why),
        Skipped(f"{outer}/x.json.gz", why),
        Skipped(f"{outer}/__MACOSX/a", "hidden file"),
    ]


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"{\\rtf1", "a rich text document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Office document"),
        (b"<!doctype html><html>", "a web page"),
        (b"notes.txt".ljust(257, b"\0") + b"ustar", "a tar archive"),
        (b"\x89PNG\r\n\x1a\n", "not a format that is read here"),
        (b'{"name": "x"}', "not a format that is read here"),
        (b"id|nct_id|name\n1|T1|x\n", "a table of AACT without criteria; titles and conditions are read along with"),
        (gzip.compress(gzip.compress(b"x")), "compressed twice"),
    ],
)
def test_a_named_file_of_another_kind_is_a_fault_and_a_found_one_is_skipped(
    head: bytes, what: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "something", head)
    (fault,) = faults(path)
    (skipped,) = read(tmp_path)
    assert fault.reason == "unknown_format"
    assert fault.detail.startswith(what)
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith(what)


def test_an_office_document_is_no_archive_of_trials(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.docx", {"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})
    assert [fault.detail for fault in faults(path)] == ["an Office document"]


def test_links_to_directories_and_pipes_in_a_directory_are_skipped(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "loop").symlink_to(folder)
    (folder / "gone").symlink_to(tmp_path / "nothing")
    os.mkfifo(folder / "pipe")
    assert reasons(folder) == [("missing_file", None), ("skipped", None), ("skipped", None)]


def test_reading_stays_flat_in_memory(tmp_path: Path) -> None:
    one = json.dumps(study(1, "Age at least 18 years. " * 500))
    path = tmp_path / "a.json"
    with path.open("w") as file:
        file.write("[" + ",".join([one] * 3000) + "]")
    assert path.stat().st_size > 30_000_000
    tracemalloc.start()
    try:
        assert sum(1 for _ in read(path)) == 3000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000


MATERIAL = [
    *LAYOUTS.values(),
    *(path.read_text() for path in sorted(FIXTURES.rglob("*.*")) if path.suffix in (".xml", ".txt")),
    'nct_id,criteria\r\nT1,"Age, ≥ 18\r\n""x"""\r\nT2,Adults\r\n',
]


@given(st.sampled_from(MATERIAL), st.data())
@settings(max_examples=150)
def test_no_damage_to_a_file_makes_reading_raise(material: str, data: st.DataObject) -> None:
    content = bytearray(material.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, max(0, len(content) - 1)))
        length = data.draw(st.integers(0, 40))
        content[start : start + length] = data.draw(
            st.sampled_from([b"", b'"', b"\0", b"\xff", b"{", b"]", b"<a>", b"\n"])
        )
    content = content[: data.draw(st.integers(1, max(1, len(content))))]
    with TemporaryDirectory() as folder:
        found = list(read(written(Path(folder) / "a.dat", bytes(content) or b" ")))
    assert found
    assert str(found).encode()
