"""Other groups: an amount for those whom the one in front is not for: "> 14 units (men), 7 (women)"."""

import re

from trialcriteria.components.amounts import Quantity

FARTHEST = 80  # characters between the two amounts
GROUPS = (  # each of groups that exclude each other
    r"(?:M|F|(?:fe)?males?|(?:wo)?men|boys|girls)\b",
    r"(?:adults?|children|adolescents?|infants?|neonates?)\b",
    r"(?:non-?\s?)?(?:diabetics?|smokers?|Asians?|Japanese|pregnant)\b",
    r"(?:part|cohort|arm|stratum|group|phase)\s+[A-Z0-9]{1,3}\b",
    r"(?:with(?:out)?|no)\b",
)
LED = (
    r"\s*[(\[]?(?:(?:for|in|if|among)\s+)?(?:(?:the|adult|healthy)\s+)?"
    r"(?:(?:patients|subjects|participants|those)\s+)?"
)
OTHERS = tuple(
    (
        re.compile(
            rf"(?:\s+of\s+[a-z]+)?(?:\s+(?:per|a|each)\s+(?:day|week))?(?:\s*\([^()]{{1,25}}\))?{LED}(?P<who>{group})[^;,.<>≤≥\d()]{{0,40}}?[)\]]?"
            r"\s*(?:[,;/&]\s*|(?<=[\s)\],])(?:and|or)\s+){1,2}",
            re.I,
        ),
        re.compile(rf"{LED}(?P<who>{group})", re.I),
    )
    for group in GROUPS
)


COMMA = re.compile(r"\s*,\s*(?:(?:or|and|but)\s+)?")
OF_SOME = re.compile(
    r"\s+(?:for|in|if|with)\s+(?:(?:the|an?|known|documented|there\s+(?:is|are))\s+)*(?:case|presence|patients?|subjects?|"
    r"participants?|those|people|adults?|children|adolescents?|(?:wo)?men|(?:fe)?males?|diabetics?|smokers?|gilbert|liver|hepatic|bone|"
    r"brain|metasta\w+)\b",
    re.I,
)


def of_another_group(text: str, q: Quantity, last: Quantity) -> bool:
    """ "> 14 units (men), 7 (women)", "≥ 9 g/dL in adults or 8 g/dL in children": each says whom it is for.

    So does "≤ 1.5 mg/dL, 2 mg/dL in patients with one kidney", whose first amount is for the others.
    """
    if not 0 < q.start - last.end < FARTHEST:
        return False
    same = (q.unit or q.reference) and (q.unit, q.reference) == (last.unit, last.reference)
    if same and COMMA.fullmatch(text, last.end, q.start) and OF_SOME.match(text, q.end):
        return True
    for beside, behind in OTHERS:
        other = behind.match(text, q.end)
        one = beside.fullmatch(text, last.end, q.start) if other else None
        if one and other and one["who"].lower() != other["who"].lower():
            return True
    return False
