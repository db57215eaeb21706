"""The WHO's International Clinical Trials Registry Platform, its XML export and the registries' XML in WHO's form.

`<Trials_downloaded_from_ICTRP>` holds flat `<Trial>`s; the data set that registries send (`<trials><trial>`) nests the
same fields and calls some of them differently, so fields are looked up by name at any depth. The criteria come in two
fields, but for half of the trials the exclusion text sits inside the inclusion field (see `stated.joined`). `<br>` and
`&#x0D;` that registries left in the text stay: offsets count in what the file says.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from trialcriteria.records import Fault, Trial
from trialcriteria.registries.columns import ColumnNames
from trialcriteria.registries.decoding import text_of
from trialcriteria.registries.elements import elements, root_of
from trialcriteria.registries.sources import Document
from trialcriteria.registries.stated import joined, sex, words, words_of, years

_TAGS = {"Trials_downloaded_from_ICTRP": "Trial", "trials": "trial"}
_LISTED = re.compile(r"\s*(?:;|\||<br\s*/?>)\s*")


def recognises(head: str, name: str, names: ColumnNames) -> bool:
    """Whether the root element is one of WHO's."""
    return root_of(head) in _TAGS


def read(document: Document, names: ColumnNames) -> Iterator[Trial | Fault]:
    """One trial a record."""
    tag = _TAGS.get(root_of(text_of(document.head)) or "", "Trial")
    for found in elements(document, tag):
        yield found if isinstance(found, Fault) else _trial(*found)


def _trial(source: str, record: Element) -> Trial:
    fields = {element.tag.lower(): "".join(element.itertext()) for element in record.iter()}

    def stated(*tags: str) -> str:
        return next((fields[tag] for tag in tags if fields.get(tag, "").strip()), "")

    text, sections = joined(stated("inclusion_criteria"), stated("exclusion_criteria"))
    return Trial(
        trial_id=stated("trialid", "trial_id").strip(),
        registry="ictrp",
        source=source,
        eligibility_text=text,
        title=words(stated("public_title", "scientific_title")),
        conditions=words_of(_LISTED.split(stated("condition", "hc_freetext"))),
        phase=words(stated("phase")),
        status=words(stated("recruitment_status")),
        sex=sex(stated("inclusion_gender", "gender")),
        minimum_age=years(stated("inclusion_agemin", "agemin")),
        maximum_age=years(stated("inclusion_agemax", "agemax")),
        fields=sections,
    )
