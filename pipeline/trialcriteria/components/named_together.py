"""Measures that one phrase names together: "total or direct bilirubin", "PT/INR", "transaminases (ALT, AST)"."""

import re

from trialcriteria.components.limits import Hit
from trialcriteria.components.nearest import INNERMOST


def as_named(text: str, found: list[Hit]) -> list[Hit]:
    """The measures that the words of some name: both bilirubins, both transaminases, and none of them twice."""
    return _both_bilirubins(text, _named_once(text, found))


def _named_once(text: str, found: list[Hit]) -> list[Hit]:
    """ "Transaminases (ALT, AST)", "PT/INR": what only sums up or comes with the others is no measure of its own."""
    named = {id for id, _ in found}
    if "transaminases" in named and named & {"alt", "ast"}:
        return [hit for hit in found if hit[0] != "transaminases"]
    if "transaminases" in named:
        return [part for hit in found for part in _both_transaminases(text, hit)]
    spans = {id: span for id, span in found if span}
    if list(spans) == ["fev1", "fvc"] and INNERMOST.sub("", text[spans["fev1"][1] : spans["fvc"][0]]).strip() == "/":
        return [("fev1_fvc", (spans["fev1"][0], spans["fvc"][1]))]
    ratio = spans.get("fev1_fvc")
    if ratio:  # "FEV1/FVC (forced vital capacity) ratio"
        beside = {id for id in ("fev1", "fvc") if id in spans and IN_BRACKETS.fullmatch(text, ratio[1], spans[id][0])}
        whole = ratio[0], max([ratio[1], *(spans[id][1] for id in beside)])
        return [("fev1_fvc", whole) if hit[0] == "fev1_fvc" else hit for hit in found if hit[0] not in beside]
    if {"pt", "inr"} <= spans.keys() and re.search(r"(?i)\bPT\s?/\s?INR|INR\s?/\s?PT|PT[- ]INR|PT\s?\(INR\)", text):
        return [hit for hit in found if hit[0] != "pt"]
    return found


IN_BRACKETS = re.compile(r"\s*[(\[]\s*")
TOTAL_AND = re.compile(r"\b(total)\s*(?:and/or|and|or|/|&)\s*$", re.I)
DIRECT_AND = re.compile(r"\b(direct|conjugated)\s*(?:and/or|and|or|/|&)\s*$", re.I)
OTHER_BILIRUBIN = {"direct_bilirubin": ("bilirubin", TOTAL_AND), "bilirubin": ("direct_bilirubin", DIRECT_AND)}


def _both_bilirubins(text: str, found: list[Hit]) -> list[Hit]:
    """ "Total or direct bilirubin ≤ 2 x ULN": the noun is said once."""
    out: list[Hit] = []
    for id, span in found:
        other, words = OTHER_BILIRUBIN.get(id, ("", None))
        said = words.search(text, max(0, span[0] - 20), span[0]) if words and span else None
        out += [(other, said.span(1)), (id, span)] if said else [(id, span)]
    return out


BOTH = re.compile(r"transferases|transaminases|alanine.*aspartate|aspartate.*alanine", re.I)


def _both_transaminases(text: str, hit: Hit) -> list[Hit]:
    """ "Transaminases ≤ 3 x ULN" is a limit on ALT and one on AST; "liver enzymes" may be more than these."""
    id, span = hit
    if id != "transaminases" or span is None or not BOTH.search(text, *span):
        return [hit]
    return [("alt", span), ("ast", span)]
