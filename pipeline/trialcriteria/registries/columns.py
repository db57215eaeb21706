"""Which column of a table holds what, by the names that people give them.

Names are compared in lower case with everything but letters and digits as `_`, so that `#nct_id`, `NCT Number` and
`nctNumber`, or a path such as `protocolSection.identificationModule.nctId`, are all understood.
"""

import ast
import json
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from trialcriteria.records import Fault, Trial
from trialcriteria.registries.stated import joined, sex, words, words_of, years, yes_or_no

ACCEPTED: dict[str, tuple[str, ...]] = {
    "id": (
        *("nct_id", "nctid", "nct_number", "nct", "nct_no", "trial_id", "trialid", "trial_number", "study_id"),
        *("studyid", "registry_id", "registration_number", "main_id", "eudract_number", "eu_ct_number", "isrctn", "id"),
    ),
    "criteria": (
        *("eligibility_criteria", "eligibilitycriteria", "criteria", "eligibility", "eligibility_text"),
        *("criteria_text", "eligibility_criteria_text", "eligibility_criteria_textblock", "criteria_textblock"),
    ),
    "inclusion": (
        *("inclusion_criteria", "inclusioncriteria", "inclusion", "inclusion_text", "inclusion_criterion"),
        *("inc_criteria", "key_inclusion_criteria", "participant_inclusion_criteria", "principal_inclusion_criteria"),
    ),
    "exclusion": (
        *("exclusion_criteria", "exclusioncriteria", "exclusion", "exclusion_text", "exclusion_criterion"),
        *("exc_criteria", "key_exclusion_criteria", "participant_exclusion_criteria", "principal_exclusion_criteria"),
    ),
    "title": (
        "brief_title",
        "brieftitle",
        "study_title",
        "public_title",
        "title",
        "official_title",
        "scientific_title",
    ),
    "conditions": ("conditions", "condition", "diseases", "condition_or_disease"),
    "phase": ("phase", "phases", "study_phase", "trial_phase"),
    "status": ("overall_status", "overallstatus", "status", "study_status", "recruitment_status"),
    "sex": ("sex", "gender", "eligible_sex", "inclusion_gender"),
    "minimum_age": ("minimum_age", "minimumage", "min_age", "age_min", "agemin", "inclusion_agemin"),
    "maximum_age": ("maximum_age", "maximumage", "max_age", "age_max", "agemax", "inclusion_agemax"),
    "healthy_volunteers": ("healthy_volunteers", "healthyvolunteers", "accepts_healthy_volunteers"),
}
"""What a column may be called, the likeliest name first."""

_SITE_EXPORT = {"nct_number", "study_title", "study_url"}
_SEPARATORS = re.compile(r"[|;]")


class ColumnNames(NamedTuple):
    """The columns that a user names; None where the usual names shall be looked for."""

    id: str | None = None
    criteria: str | None = None
    inclusion: str | None = None
    exclusion: str | None = None


class Layout(NamedTuple):
    """Which column holds what: what it holds -> position in the header."""

    columns: dict[str, int]
    missing: tuple[str, ...] = ()
    """Columns that the user named and the table does not have."""

    @property
    def has_criteria(self) -> bool:
        """Whether there is anything to read."""
        return not self.missing and bool(self.columns.keys() & {"criteria", "inclusion", "exclusion"})


def layout(header: Sequence[str], names: ColumnNames) -> Layout:
    """What each column of a table holds.

    >>> layout(["#nct_id", "Phases", "Eligibility Criteria", "notes"], ColumnNames()).columns
    {'id': 0, 'criteria': 2, 'phase': 1}
    >>> layout(["key", "text"], ColumnNames(id="key", criteria="wording")).missing
    ('wording',)
    """
    plain = {_plain(name): at for at, name in reversed(list(enumerate(header)))}
    plain |= {short: at for name, at in plain.items() if (short := name.split("module_")[-1]) not in plain}
    exact = {name: at for at, name in reversed(list(enumerate(header)))}
    asked = {what: name for what, name in names._asdict().items() if name is not None}
    columns, missing = {}, []
    for what, accepted in ACCEPTED.items():
        if what in asked:
            at = exact.get(asked[what], plain.get(_plain(asked[what])))
        else:
            at = next((plain[name] for name in accepted if name in plain), None)
        if at is not None:
            columns[what] = at
        elif what in asked:
            missing.append(asked[what])
    return Layout(columns, tuple(missing))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def no_criteria_column(source: str, header: Sequence[str], found: Layout) -> Fault:
    """The fault for a table without criteria: which columns it has, and which would do."""
    has = "columns found: " + ", ".join(header[:40]) + (" …" if len(header) > 40 else "")
    if found.missing:
        absent = ", ".join(found.missing)
        return Fault(source, None, "missing_column", f"no column {absent}; {has}", "Name columns that the table has.")
    if {_plain(name) for name in header} >= _SITE_EXPORT:
        detail = f"this is the CSV that the ClinicalTrials.gov site exports, which lacks the eligibility text; {has}"
        way_out = "Download the same search as JSON, in the site's own download dialogue or from its API."
        return Fault(source, None, "no_criteria_column", detail, way_out)
    accepted = ", ".join(ACCEPTED["criteria"]) + "; or " + ", ".join(ACCEPTED["inclusion"] + ACCEPTED["exclusion"])
    way_out = f"Name the column with --criteria-column, or call it one of: {accepted}."
    return Fault(source, None, "no_criteria_column", has, way_out)


def trial(stated: Mapping[str, object], source: str) -> Trial | Fault:
    """One row as a trial; `stated` maps what a cell holds (the keys of `ACCEPTED`) to the cell."""
    record = words(stated.get("id"))
    texts = {}
    for what in ("criteria", "inclusion", "exclusion"):
        cell = stated.get(what)
        if isinstance(cell, float):  # how pandas writes an empty cell
            cell = words(cell)
        if cell is not None and not isinstance(cell, str):
            detail = f"the {what} cell holds {type(cell).__name__}, not text"
            return Fault(source, record, "criteria_not_text", detail, "Save the criteria as one text a trial.")
        texts[what] = cell or ""
    text, sections = joined(texts["inclusion"], texts["exclusion"])
    if texts["criteria"].strip():
        text, sections = texts["criteria"], ()
    return Trial(
        trial_id=record or "",
        registry="table",
        source=source,
        eligibility_text=text,
        title=words(stated.get("title")),
        conditions=_listed(stated.get("conditions")),
        phase=words(stated.get("phase")) or "|".join(words_of(stated.get("phase"))) or None,
        status=words(stated.get("status")),
        sex=sex(stated.get("sex")),
        minimum_age=years(words(stated.get("minimum_age"))),
        maximum_age=years(words(stated.get("maximum_age"))),
        healthy_volunteers=yes_or_no(stated.get("healthy_volunteers")),
        fields=sections,
    )


def _listed(cell: object) -> tuple[str, ...]:
    """A cell that may hold a list: a real one, one written as JSON or Python, or `A|B`.

    >>> _listed("['asthma', 'copd']"), _listed("Asthma|COPD"), _listed(["Asthma"]), _listed("Asthma, mild")
    (('asthma', 'copd'), ('Asthma', 'COPD'), ('Asthma',), ('Asthma, mild',))
    """
    if not isinstance(cell, str):
        return words_of(cell)
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(cell) if cell.lstrip().startswith("[") else None
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(found, list):
            return words_of(found)
    return words_of(_SEPARATORS.split(cell))
