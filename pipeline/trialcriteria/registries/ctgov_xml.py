"""ClinicalTrials.gov's legacy XML: `<clinical_study>`, one a file or many in one.

The text is what the XML says it is: `&#xD;` stays a carriage return, indentation and wrapping stay as they are.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from trialcriteria.records import Fault, Trial
from trialcriteria.registries.columns import ColumnNames
from trialcriteria.registries.elements import elements, root_of
from trialcriteria.registries.sources import Document
from trialcriteria.registries.stated import sex, words, words_of, years, yes_or_no

_STUDY = "clinical_study"


def recognises(head: str, name: str, names: ColumnNames) -> bool:
    """Whether the root element is a study, or a wrapper that begins with one."""
    root = root_of(head)
    return root == _STUDY or (root is not None and f"<{_STUDY}" in head)


def read(document: Document, names: ColumnNames) -> Iterator[Trial | Fault]:
    """One trial a study."""
    for found in elements(document, _STUDY):
        yield found if isinstance(found, Fault) else _trial(*found)


def _trial(source: str, study: Element) -> Trial:
    return Trial(
        trial_id=words(study.findtext("id_info/nct_id")) or "",
        registry="ctgov",
        source=source,
        eligibility_text=study.findtext("eligibility/criteria/textblock") or "",
        title=words(study.findtext("brief_title")) or words(study.findtext("official_title")),
        conditions=words_of(condition.text for condition in study.findall("condition")),
        phase=words(study.findtext("phase")),
        status=words(study.findtext("overall_status")),
        sex=sex(study.findtext("eligibility/gender")),
        minimum_age=years(study.findtext("eligibility/minimum_age")),
        maximum_age=years(study.findtext("eligibility/maximum_age")),
        healthy_volunteers=yes_or_no(study.findtext("eligibility/healthy_volunteers")),
    )
