"""Every format gives the text as its registry states it, the registry's own fields and a source to find again."""

import csv
import gzip
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from test_registries import FIXTURES, study, texts, written, zipped
from trialcriteria.records import Fault, Field, Skipped, Trial
from trialcriteria.registries import read
from trialcriteria.registries.aact import decoded


def test_legacy_xml_keeps_the_text_as_the_xml_states_it() -> None:
    path = FIXTURES / "legacy.xml"
    assert list(read(path)) == [
        Trial(
            trial_id="TEST0000005",
            registry="ctgov",
            source=str(path),
            eligibility_text="\n        Inclusion Criteria:\r\n\r\n"
            "          -  Stroke < 6 months ago & able to stand\r\n\r\n"
            "        Exclusion Criteria:\r\n\r\n          -  LVEF < 30 %\r\n      ",
            title="Walking after a stroke",
            conditions=("Stroke", "Hemiparesis"),
            phase="N/A",
            status="Completed",
            sex="ALL",
            minimum_age=18.0,
            healthy_volunteers=False,
        )
    ]


def test_many_legacy_studies_in_one_file_or_zip_are_all_read(tmp_path: Path) -> None:
    one = (FIXTURES / "legacy.xml").read_text()
    bare = one[one.index("<clinical_study>") :]
    several = written(tmp_path / "several.xml", f"<search_results>{bare * 3}</search_results>")
    packed = zipped(tmp_path / "packed.zip", {"a/1.xml": one, "b/2.xml": one})
    sources = [record.source for path in (several, packed) for record in read(path) if isinstance(record, Trial)]
    assert sources == [*(f"{several}#{n}" for n in (1, 2, 3)), f"{packed}/a/1.xml", f"{packed}/b/2.xml"]


def test_xml_is_read_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + (FIXTURES / "legacy.xml").read_text().split("?>", 1)[1]
    path = written(tmp_path / "old.xml", text.replace("Stroke &lt;", "Ménière &lt;").encode("latin-1"))
    assert "Ménière < 6 months" in texts(path)[0][1]


def test_an_ictrp_export_gives_criteria_with_the_section_of_each_field() -> None:
    path = FIXTURES / "ictrp.xml"
    first, second, third = read(path)
    inclusion = "Inclusion criteria: 1. Numbness for at least 6 weeks;\r<br>2. BMI <= 35 kg/m2."
    exclusion = "Exclusion criteria: 1. Wrist surgery within 12 months;"
    assert first == Trial(
        trial_id="TESTR2600000001",
        registry="ictrp",
        source=f"{path}#1",
        eligibility_text=f"{inclusion}\n\n{exclusion}",
        title="Night-time splints for sore wrists",
        conditions=("carpal tunnel syndrome", "neuropathy"),
        phase="N/A",
        status="Not Recruiting",
        sex="ALL",
        minimum_age=18.0,
        maximum_age=80.0,
        fields=(Field(0, 77, "inclusion"), Field(79, 133, "exclusion")),
    )
    assert isinstance(second, Trial)
    assert isinstance(third, Fault)
    assert (second.title, second.sex, second.minimum_age, second.maximum_age) == (
        "Early feeding after hip surgery",
        "FEMALE",
        65.0,
        None,
    )
    assert (second.fields, third.reason, third.record) == ((), "no_eligibility_text", "TESTR2600000003")


def test_the_who_data_set_of_a_registry_is_read_like_the_export() -> None:
    path = FIXTURES / "who_data_set.xml"
    assert list(read(path)) == [
        Trial(
            trial_id="TESTR2600000004",
            registry="ictrp",
            source=f"{path}#1",
            eligibility_text="Cough for 3 days or more\n\nKnown asthma",
            title="Honey for coughs",
            conditions=("Cough",),
            phase="Phase 2",
            status="Recruiting",
            sex="ALL",
            minimum_age=1.0,
            maximum_age=5.0,
            fields=(Field(0, 24, "inclusion"), Field(26, 38, "exclusion")),
        )
    ]


def aact_records(prefix: str) -> list[object]:
    """What the AACT fixture is read as, without what is skipped."""
    way_out = "Look the record up at its registry: it may state no criteria, or not in this download."
    return [
        Trial(
            trial_id="TEST0000001",
            registry="aact",
            source=f"{prefix}:2",
            eligibility_text="Inclusion Criteria:\n* ECOG 0~2\n* Body weight of ~50 kg or more\n"
            "* Stable disease | on therapy\n  * for 4 weeks\nExclusion Criteria:\n1. Grade III~IV toxicity\n"
            "2. HbA1c 7%~11%",
            title="A new pill",
            conditions=("Carcinoma", "Fatigue"),
            phase="PHASE1/PHASE2",
            status="RECRUITING",
            sex="ALL",
            minimum_age=18.0,
            healthy_volunteers=False,
        ),
        Trial(
            trial_id="TEST0000002",
            registry="aact",
            source=f"{prefix}:3",
            eligibility_text="\n       Inclusion Criteria:\n          -  Aged 6 to 23 months with a cough that has\n"
            "            lasted for three days\n        Exclusion Criteria:\n          -  Known asthma\n     ",
            title="Honey for coughs",
            conditions=("Cough",),
            phase="PHASE2",
            status="COMPLETED",
            sex="FEMALE",
            minimum_age=0.5,
            maximum_age=23 * (30.4375 / 365.25),
            healthy_volunteers=True,
        ),
        Fault(f"{prefix}:4", "TEST0000003", "no_eligibility_text", "the record has no eligibility text", way_out),
    ]


def test_aact_tables_are_joined_and_their_line_ends_restored(tmp_path: Path) -> None:
    folder = FIXTURES / "aact"
    named = folder / "eligibilities.txt"
    assert list(read(named)) == aact_records(str(named))
    assert [r for r in read(folder) if not isinstance(r, Skipped)] == aact_records(str(named))
    skipped = [Path(r.source).name for r in read(folder) if isinstance(r, Skipped)]
    assert skipped == ["README.md", "conditions.txt", "studies.txt"]
    packed = zipped(tmp_path / "aact.zip", {path.name: path.read_bytes() for path in folder.glob("*.txt")})
    assert [r for r in read(packed) if not isinstance(r, Skipped)] == aact_records(f"{packed}/eligibilities.txt")


def test_aact_criteria_are_read_without_the_other_tables(tmp_path: Path) -> None:
    path = written(tmp_path / "eligibilities.txt", (FIXTURES / "aact" / "eligibilities.txt").read_bytes())
    expected = [
        record._replace(title=None, conditions=(), phase=None, status=None) if isinstance(record, Trial) else record
        for record in aact_records(str(path))
    ]
    assert list(read(path)) == expected


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("1. Consent~2. ECOG 0~2~3. Age 18~65 years", "1. Consent\n2. ECOG 0~2\n3. Age 18~65 years"),
        ("Children~Weight over 10 kg~Able to swallow", "Children\nWeight over 10 kg\nAble to swallow"),
        ("signed consent~able to walk (aided)~age over 50", "signed consent\nable to walk (aided)\nage over 50"),
        (
            "DISEASE CHARACTERISTICS:~Confirmed sarcoma~ANC 1500",
            "DISEASE CHARACTERISTICS:\nConfirmed sarcoma\nANC 1500",
        ),
        ("~~        Exclusion Criteria:~~          - None", "\n\n        Exclusion Criteria:\n\n          - None"),
        ("* NYHA III~IV~* mild~moderate pain~* score 1 \\~ 3", "* NYHA III~IV\n* mild~moderate pain\n* score 1 \\~ 3"),
        ("about ~5 cups (~1 litre) of 600~<900 units", "about ~5 cups (~1 litre) of 600~<900 units"),
    ],
)
def test_a_tilde_of_aact_is_a_line_end_unless_it_is_a_range_or_says_about(stored: str, text: str) -> None:
    assert decoded(stored) == text


@given(st.text(alphabet="ab1 .:*-~I\\\r", max_size=60))
@settings(max_examples=200)
def test_restoring_line_ends_moves_no_offset(stored: str) -> None:
    assert decoded(stored).replace("\n", "~") == stored


HEADERS = [
    "nct_id,eligibility_criteria",
    "#nct_id,criteria",
    "NCT Number,Eligibility Criteria",
    "trial_id;eligibility",
    "TrialID\tEligibility text",
    "protocolSection.identificationModule.nctId,protocolSection.eligibilityModule.eligibilityCriteria",
]


@pytest.mark.parametrize("header", HEADERS)
def test_the_usual_column_names_and_delimiters_are_known(header: str, tmp_path: Path) -> None:
    sign = next(sign for sign in "\t;," if sign in header)
    path = written(tmp_path / "table.txt", f'{header}\nT1{sign}"Age, in years; ""65"" or\r\nmore"\n')
    assert texts(path) == [("T1", 'Age, in years; "65" or\r\nmore')]


def test_a_table_gives_all_that_it_states_and_joins_separate_columns(tmp_path: Path) -> None:
    path = written(
        tmp_path / "table.csv",
        "nct_id,title,conditions,phases,status,gender,min_age,max_age,healthy volunteers,Inclusion Criteria,"
        "Exclusion criteria\n"
        "T1,Tea,\"['Insomnia', 'Stress']\",Phase 1|Phase 2,Recruiting,Both,18,80 Years,No,Adults,Pregnancy\n",
    )
    assert list(read(path)) == [
        Trial(
            trial_id="T1",
            registry="table",
            source=f"{path}:2",
            eligibility_text="Adults\n\nPregnancy",
            title="Tea",
            conditions=("Insomnia", "Stress"),
            phase="Phase 1|Phase 2",
            status="Recruiting",
            sex="ALL",
            minimum_age=18.0,
            maximum_age=80.0,
            healthy_volunteers=False,
            fields=(Field(0, 6, "inclusion"), Field(8, 17, "exclusion")),
        )
    ]


def test_columns_that_a_user_names_go_before_the_usual_ones(tmp_path: Path) -> None:
    path = written(tmp_path / "table.csv", "nct_id,key,criteria,ins,outs\nT1,K1,unused,Adults,Pregnancy\n")
    assert texts(path, id_column="key", criteria_column="ins") == [("K1", "Adults")]
    split = written(tmp_path / "split.csv", "key,ins,outs\nK1,Adults,Pregnancy\n")
    named = {"id_column": "key", "inclusion_column": "ins", "exclusion_column": "outs"}
    assert texts(split, **named) == [("K1", "Adults\n\nPregnancy")]


def test_rows_without_an_id_are_called_by_the_stem(tmp_path: Path) -> None:
    one = written(tmp_path / "one.csv", "title,criteria\nTea,Adults\n")
    several = written(tmp_path / "several.csv", "nct_id,criteria\n,Adults\nT2,Children\n,Women\n,Men\n")
    assert [name for name, _ in texts(one)] == ["one"]
    assert sorted(texts(several)) == [
        ("T2", "Children"),
        ("several#1", "Adults"),
        ("several#2", "Women"),
        ("several#3", "Men"),
    ]


def test_parquet_is_read_also_from_a_zip_and_through_gzip(tmp_path: Path) -> None:
    frame = pandas.DataFrame({"nct_id": ["T1", "T2"], "criteria": ["Adults\r\n≥ 18", "Children"], "x": [1, 2]})
    frame["conditions"] = [["Insomnia"], None]
    path = tmp_path / "table.parquet"
    frame.to_parquet(path)
    packed = zipped(tmp_path / "packed.zip", {"table.parquet": path.read_bytes()})
    squeezed = written(tmp_path / "table.parquet.gz", gzip.compress(path.read_bytes()))
    for source in (path, packed, squeezed):
        assert texts(source) == [("T1", "Adults\r\n≥ 18"), ("T2", "Children")]
    assert [r.conditions for r in read(path) if isinstance(r, Trial)] == [("Insomnia",), ()]


def test_flat_json_records_have_the_columns_of_tables(tmp_path: Path) -> None:
    path = written(
        tmp_path / "rows.jsonl", '{"nct_id": "T1", "criteria": "Adults"}\n{"nct_id": "T2", "criteria": "Men"}\n'
    )
    assert texts(path) == [("T1", "Adults"), ("T2", "Men")]


def test_plain_text_is_one_trial_called_by_its_stem(tmp_path: Path) -> None:
    path = written(tmp_path / "my.protocol.txt", "Inclusion Criteria:\r\n• Age ≥ 18\r\n")
    assert list(read(path)) == [Trial("my.protocol", "text", str(path), "Inclusion Criteria:\r\n• Age ≥ 18\r\n")]


def test_texts_of_the_chia_corpus_carry_the_section_that_their_name_states(tmp_path: Path) -> None:
    path = written(tmp_path / "TEST0001_exc.txt", "Pregnancy")
    assert list(read(path)) == [
        Trial("TEST0001_exc", "text", str(path), "Pregnancy", fields=(Field(0, 9, "exclusion"),))
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_says_the_encoding_and_is_no_part_of_the_text(encoding: str, tmp_path: Path) -> None:
    text = written(tmp_path / "a.txt", "• Age ≥ 18\r\n".encode(encoding))
    table = written(tmp_path / "b.csv", "nct_id,criteria\r\nT1,Age ≥ 18\r\n".encode(encoding))
    assert texts(text) + texts(table) == [("a", "• Age ≥ 18\r\n"), ("T1", "Age ≥ 18")]


def test_text_that_is_clearly_windows_1252_is_read_so_and_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "Sjögren’s, 37 °C, 3 mg/m² ± 1".encode("cp1252"))
    (found,) = read(path)
    assert found == Trial("a", "text", f"{path} (read as Windows-1252)", "Sjögren’s, 37 °C, 3 mg/m² ± 1")


def page_parts(path: Path) -> list[tuple[str, str]]:
    (page,) = read(path)
    assert isinstance(page, Trial)
    assert (page.registry, page.eligibility_text) == ("page", path.read_bytes().decode())
    return [(field.section, page.eligibility_text[field.start : field.end]) for field in page.fields]


def test_a_page_of_todays_registry_gives_its_two_sections_and_its_fields() -> None:
    path = FIXTURES / "page_today.txt"
    assert page_parts(path) == [
        (
            "inclusion",
            "Inclusion Criteria:\n\n* Knee pain for at least 3 months\n* Pain score of 4 or more out of 10",
        ),
        (
            "exclusion",
            "Exclusion Criteria:\n\n* Burns or open wounds at the knee\n* Steroid injection within 6 weeks",
        ),
    ]
    (page,) = read(path)
    assert page._replace(eligibility_text="", fields=()) == Trial(
        trial_id="NCT99999901",
        registry="page",
        source=str(path),
        eligibility_text="",
        title="Warm Packs for Knee Pain",
        conditions=("Osteoarthritis of the Knee",),
        phase="Not Applicable",
        status="Recruiting",
        sex="ALL",
        minimum_age=40.0,
        maximum_age=85.0,
        healthy_volunteers=False,
    )


def test_a_classic_page_without_headings_gives_one_section_and_no_contact() -> None:
    path = FIXTURES / "page_classic.txt"
    expected = "Drinks no more than two cups of tea a day\nSleeps fewer than 6 hours a night"
    assert page_parts(path) == [("inclusion", expected)]
    (page,) = read(path)
    assert isinstance(page, Trial)
    assert (page.trial_id, page.title, page.minimum_age, page.sex) == ("NCT99999902", None, 18.0, "FEMALE")


# A lone carriage return in a quoted cell is kept as well, so every text but the few that are faults must come back.
CRITERIA = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=80)
QUICK = settings(max_examples=60)


@given(CRITERIA.filter(str.strip), CRITERIA.filter(str.strip))
@QUICK
def test_criteria_come_back_from_json_and_csv_as_they_were(one: str, other: str) -> None:
    with TemporaryDirectory() as folder:
        records = written(Path(folder) / "a.json", json.dumps([study(1, one), study(2, other)]))
        assert [text for _, text in texts(records)] == [one, other]
        table = Path(folder) / "b.csv"
        with table.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["nct_id", "criteria", "note"], ["T1", one, other], ["T2", other, ""]])
        assert texts(table) == [("T1", one), ("T2", other)]


@given(CRITERIA.filter(str.strip))
@QUICK
def test_a_text_file_comes_back_as_it_was(text: str) -> None:
    with TemporaryDirectory() as folder:
        path = written(Path(folder) / "a.txt", "Inclusion\r\n" + text)
        assert texts(path, format="text") == [("a", "Inclusion\r\n" + text)]
