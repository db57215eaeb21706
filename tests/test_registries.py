"""What is named is found, recognised and streamed: files, folders, archives, standard input, JSON in any layout."""

import gzip
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas
import pytest

from trialcriteria.records import Skipped, Trial
from trialcriteria.registries import FORMATS, read, recognise

FIXTURES = Path(__file__).parent / "fixtures" / "registries"
TEXT = "Inclusion Criteria:\n\n* Age \\>= 18\r\n* ≥ 1 lesion"


def study(number: int = 1, text: str | None = TEXT) -> dict[str, object]:
    """A study as ClinicalTrials.gov's API v2 gives it."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"TEST{number:04}", "briefTitle": "Tea and sleep"},
            "statusModule": {"overallStatus": "RECRUITING"},
            "conditionsModule": {"conditions": ["Insomnia", "Stress"]},
            "designModule": {"phases": ["PHASE1", "PHASE2"]},
            "eligibilityModule": {
                "eligibilityCriteria": text,
                "healthyVolunteers": True,
                "sex": "FEMALE",
                "minimumAge": "6 Months",
                "maximumAge": "N/A",
            },
        },
        "hasResults": False,
    }


def trial(number: int, source: object) -> Trial:
    """What `study(number)` is read as."""
    return Trial(
        trial_id=f"TEST{number:04}",
        registry="ctgov",
        source=str(source),
        eligibility_text=TEXT,
        title="Tea and sleep",
        conditions=("Insomnia", "Stress"),
        phase="PHASE1|PHASE2",
        status="RECRUITING",
        sex="FEMALE",
        minimum_age=0.5,
        maximum_age=None,
        healthy_volunteers=True,
    )


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def zipped(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def texts(path: Path, **options: str) -> list[tuple[str, str]]:
    found = list(read(path, **options))
    assert all(isinstance(record, Trial) for record in found), found
    return [(record.trial_id, record.eligibility_text) for record in found if isinstance(record, Trial)]


SEVERAL = [study(1), study(2), study(3)]
LAYOUTS = {
    "a bare array": json.dumps(SEVERAL),
    "a bare array, indented": json.dumps(SEVERAL, indent=2),
    "a page of the API": json.dumps({"totalCount": 3, "studies": SEVERAL, "nextPageToken": "x"}),
    "a page of the API, indented": json.dumps({"studies": SEVERAL}, indent=1),
    "pages one after another": "\n".join(json.dumps({"studies": [one], "nextPageToken": "x"}) for one in SEVERAL),
    "one study a line": "\n".join(map(json.dumps, SEVERAL)) + "\n",
    "one study a line, CRLF and blank lines": "\r\n\r\n".join(map(json.dumps, SEVERAL)),
    "indented studies one after another": "\n".join(json.dumps(one, indent=1) for one in SEVERAL),
    "with a byte order mark": "\ufeff" + json.dumps(SEVERAL),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_api_json_in_any_layout_gives_every_study(layout: str, tmp_path: Path) -> None:
    path = written(tmp_path / "studies", LAYOUTS[layout])
    assert list(read(path)) == [trial(n, f"{path}#{n}") for n in (1, 2, 3)]


def test_one_study_is_called_by_its_file_alone(tmp_path: Path) -> None:
    path = written(tmp_path / "one.json", json.dumps(study(), indent=4))
    assert list(read(path)) == [trial(1, path)]


def test_a_study_larger_than_any_buffer_is_read_whole(tmp_path: Path) -> None:
    long = "Inclusion Criteria:\n" + '* Age at least 18 years "or" \\>= 65\n' * 300_000
    path = written(tmp_path / "long.json", json.dumps([study(1, long), study(2)]))
    assert texts(path) == [("TEST0001", long), ("TEST0002", TEXT)]


def test_gzip_is_read_through(tmp_path: Path) -> None:
    path = written(tmp_path / "studies.json.gz", gzip.compress(json.dumps(SEVERAL).encode()))
    assert list(read(path)) == [trial(n, f"{path}#{n}") for n in (1, 2, 3)]


def test_a_zip_of_one_study_a_member_is_read_member_by_member(tmp_path: Path) -> None:
    path = zipped(tmp_path / "all.zip", {f"NCT{n}/{n}.json": json.dumps(study(n)) for n in (2, 1)})
    assert list(read(path)) == [trial(n, f"{path}/NCT{n}/{n}.json") for n in (2, 1)]


def test_a_directory_is_read_in_order_and_what_is_of_no_known_kind_is_listed(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    written(tmp_path / "deeper" / "2.json", json.dumps(study(2)))
    written(tmp_path / "b.json", json.dumps(study(1)))
    zipped(tmp_path / "c.zip", {"3.json": json.dumps(study(3))})
    written(tmp_path / "a.py", "print()")
    written(tmp_path / "other.csv", "x,y\n1,2\n")
    written(tmp_path / "package.json", '{"name": "x"}')
    written(tmp_path / ".hidden.json", json.dumps(study(4)))
    unknown = "not a format that is read here"
    assert list(read(tmp_path)) == [
        Skipped(str(tmp_path / ".hidden.json"), "hidden file"),
        Skipped(str(tmp_path / "a.py"), unknown),
        trial(1, tmp_path / "b.json"),
        trial(3, f"{tmp_path}/c.zip/3.json"),
        trial(2, tmp_path / "deeper" / "2.json"),
        Skipped(str(tmp_path / "other.csv"), unknown),
        Skipped(str(tmp_path / "package.json"), unknown),
    ]


def test_standard_input_is_recognised_by_its_bytes(tmp_path: Path) -> None:
    code = (
        "from trialcriteria.registries import read\n"
        "for record in read('-'): print(record.source, record.trial_id, ascii(record.eligibility_text))"
    )
    packed = zipped(tmp_path / "a.zip", {"1.json": json.dumps(study())})
    table = io.BytesIO()
    pandas.DataFrame({"nct_id": ["T1"], "criteria": ["Adults"]}).to_parquet(table)
    for content, expected in [
        (json.dumps(SEVERAL[:1]).encode(), f"standard input TEST0001 {TEXT!a}"),
        (packed.read_bytes(), f"standard input/1.json TEST0001 {TEXT!a}"),
        (gzip.compress(b"nct_id,criteria\nT1,Adults\n"), "standard input:2 T1 'Adults'"),
        (table.getvalue(), "standard input#1 T1 'Adults'"),
        (b"Adults", "standard input stdin 'Adults'"),
    ]:
        done = subprocess.run([sys.executable, "-c", code], input=content, capture_output=True, check=True)
        assert done.stdout.decode().splitlines() == [expected]


def test_a_format_can_be_forced(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "nct_id,criteria\nT1,Adults\n")
    assert texts(path, format="text") == [("a", "nct_id,criteria\nT1,Adults\n")]
    with pytest.raises(ValueError, match="no format 'excel'; there are: ctgov-json, "):
        read(path, format="excel")


def test_each_format_is_recognised_by_content_whatever_the_file_is_called() -> None:
    heads = {
        "ctgov-json": json.dumps(study()).encode(),
        "ctgov-xml": (FIXTURES / "legacy.xml").read_bytes(),
        "ictrp": (FIXTURES / "ictrp.xml").read_bytes(),
        "parquet": b"PAR1\x15\x04",
        "aact": (FIXTURES / "aact" / "eligibilities.txt").read_bytes(),
        "delimited": b"nct_id,criteria\nT1,Adults\n",
        "page": (FIXTURES / "page_today.txt").read_bytes(),
        "text": b"Inclusion criteria: adults",
    }
    assert list(heads) == list(FORMATS)
    assert [recognise(head, "misleading.dat") for head in heads.values()] == list(FORMATS)


def test_the_samples_are_read_without_a_fault() -> None:
    samples = Path(__file__).parents[1] / "samples"
    found = [record for record in read(samples) if not isinstance(record, Skipped)]
    names = [record.trial_id for record in found if isinstance(record, Trial)]
    assert sorted(names) == sorted(
        [*(f"TEST{n:04}" for n in range(1, 13)), "TEST0002", "TEST0005", "TEST0009", "protocol"]
    )
    assert len(found) == len(names)
