"""Which passage is what: section heading, arm, topic label, title, boilerplate, or one or several criteria.

Works on one stretch of prepared text and gives its parts in order; `criteria.py` makes the tree of them.
"""

import itertools
import re
from bisect import bisect_right

from trialcriteria import headings, runons
from trialcriteria.headings import Heading
from trialcriteria.headings.arms import Below
from trialcriteria.margins import levelled
from trialcriteria.midlines import inline_headings
from trialcriteria.passages import COLONS, Passage, passages, plain, remainder
from trialcriteria.unnamed import Part, announced_exclusion

SKIPPED = Heading(None, None, 0, kind="skipped")
_SENTENCE_END = re.compile(r"[.;)]\s+(?=[A-Z])")
_DOTS = "•●▪■◦⁃‣"
_HEADINGS_A_LINE = 4  # "Part A: Inclusion Criteria: Women:"; more is no heading and would take forever
_PROSE = 150.0  # sentences longer than this on average are left together among other paragraphs


def parts(scan: str, start: int, end: int) -> list[Part]:
    """The parts of scan[start:end] in order.

    >>> scan = "Inclusion: adults\\n\\nExclusion:\\n- asthma"
    >>> [(scan[p.start:p.end], h.kind if h else "criterion") for p, h in parts(scan, 0, len(scan))]
    [('Inclusion:', 'section'), ('adults', 'criterion'), ('Exclusion:', 'section'), ('asthma', 'criterion')]
    """
    cuts = [start, *inline_headings(scan, start, end), end]
    signs = [" -", *(dot for dot in _DOTS if dot in scan)]
    queue = [p for a, b in itertools.pairwise(cuts) for p in _stretch(scan, a, b, signs, (start, end))][::-1]
    found: list[Part] = []
    folded = False
    while queue:
        passage = queue.pop()
        inside = scan[passage.start : passage.end]
        heading = None
        if passage.bare or inside[-1] in COLONS or (len(inside) <= 90 and ("lusion" in inside or "LUSION" in inside)):
            announced = bool(found) and not found[-1][0].bare and scan[found[-1][0].end - 1] in COLONS
            heading = _heading_of(scan, passage, queue, announced) if passage.inline < _HEADINGS_A_LINE else None
        if heading:
            queue += [*_rest(scan, passage, heading), *passage.spread()][::-1]
        elif inside[-1] in COLONS and "lusion" in inside and (tail := _heading_at_end(scan, passage)):
            queue += [tail, passage]
            continue
        elif passage.bare or passage.ordinal or any(sign in inside for sign in signs):
            folded = True
        found.append((passage, heading))
    found = _without_title(scan, found)
    if not any(heading and heading.section == "exclusion" for _, heading in found):
        found = [part for passage, heading in found for part in ((passage, heading), *_criteria(passage.spread()))]
        turn = announced_exclusion(scan, found)
        if turn:
            found, folded = _turned(scan, found, *turn), True
    return levelled(scan, _unfolded(scan, found, signs) if folded else found)


def _stretch(scan: str, start: int, end: int, signs: list[str], page: tuple[int, int]) -> list[Passage]:
    """The passages of scan[start:end]; one that begins within a line is set in as that line is."""
    found = passages(scan, start, end, signs, page)
    front = scan[scan.rfind("\n", 0, start) + 1 : start]
    margin = len(front) - len(front.lstrip())
    if found and margin:
        found[0].indent += margin
        found[0].content += margin
    return found


def _criteria(pieces: list[Passage]) -> list[Part]:
    return [(piece, None) for piece in pieces]


def _turned(scan: str, found: list[Part], n: int, start: int, length: int) -> list[Part]:
    """The parts with the n-th cut at the words inside it that announce reasons for exclusion."""
    passage = found[n][0]
    tail = Passage(start, start, passage.end, passage.indent, passage.content, "")
    heading = Heading("exclusion", None, length)
    rest = _criteria(_rest(scan, tail, heading))
    passage.end = passage.start + len(scan[passage.start : start].rstrip())
    front = found[: n + 1] if passage.end > passage.start else found[:n]
    return [*front, (tail, heading), *rest, *found[n + 1 :]]


def _heading_at_end(scan: str, passage: Passage) -> Passage | None:
    """The section heading that is the last sentence of a passage, cut off it: "… is allowed. Exclusion for Part 2:"."""
    ends = list(_SENTENCE_END.finditer(scan, max(passage.start, passage.end - 200), passage.end))
    if not ends:
        return None
    start = ends[-1].end()
    text = plain(scan, start, passage.end)[0]
    found = headings.section_heading(text)
    if not found or found.stop < len(text):
        return None
    tail = Passage(start, start, passage.end, passage.indent, passage.content, "")
    passage.end = ends[-1].start() + 1
    return tail


def _heading_of(scan: str, passage: Passage, queue: list[Passage], announced: bool) -> Heading | None:
    """The heading that `passage` is or begins with.

    `queue` holds the passages after it, next one last; `announced`: the bullet above ends in a colon.
    """
    text = plain(scan, passage.start, min(passage.end, passage.start + headings.LONGEST + 1))[0]
    if not passage.bare:
        return _bulleted_heading(text)
    if headings.is_boilerplate(text):
        return SKIPPED
    found = headings.section_heading(text)
    if found:
        return found
    splits = headings.splitting_label(text)
    if splits:
        return Heading(None, None, splits, kind="split")
    below = _follows(scan, passage, queue)
    if queue and (arm := headings.arm_line(text, below)):
        return Heading(None, arm[0], len(text), "cohort")
    labels = (below == "items" or (queue and text[-1] in COLONS)) and headings.is_label(text)
    labels = labels and not (announced and text[-1] not in COLONS)
    return Heading(None, None, len(text), kind="label") if labels else None


def _bulleted_heading(text: str) -> Heading | None:
    if len(text) > headings.LONGEST:
        return None
    found = headings.section_heading(text, True)
    if not found and text[-1] in COLONS and (arm := headings.arm_line(text, "items", True)):
        return Heading(None, arm[0], len(text), "cohort")
    return found


def _follows(scan: str, passage: Passage, queue: list[Passage]) -> Below:
    """What stands below: list items (at once or below a lead-in), items "near" below a short line, a section."""
    if not queue:
        return ""
    below = queue[-1]
    if not below.bare:
        return "items" if below.indent >= passage.indent else ""
    lead = scan[below.end - 1] in COLONS
    if len(queue) < 2 or not (lead or below.end - below.start < 60):
        return ""
    if headings.section_heading(plain(scan, below.start, below.end)[0]):
        return "section"
    if queue[-2].bare:
        return ""
    return "items" if lead else "near"


def _rest(scan: str, passage: Passage, heading: Heading) -> list[Passage]:
    """What follows a heading on its own line, as passages; `passage` keeps the heading."""
    if heading.kind == "skipped":
        return []
    if heading.stop >= passage.end - passage.start:
        return []
    text, pairs = plain(scan, passage.start, min(passage.end, passage.start + 2 * headings.LONGEST))
    if heading.stop >= len(text):
        return []
    at, offset = next(pair for pair in reversed(pairs) if pair[0] <= heading.stop)
    cut = offset + heading.stop - at
    rest = remainder(scan, cut, passage.end)
    passage.end = passage.start + len(scan[passage.start : cut].rstrip())
    if rest is None:
        return []
    rest.inline = passage.inline + 1
    rest.indent = passage.indent if passage.bare else passage.indent + 2
    rest.content = rest.indent + rest.start - rest.head
    return runons.labelled(scan, rest) if heading.kind == "split" else [rest]


def _without_title(scan: str, found: list[Part]) -> list[Part]:
    """A title and a paragraph on the purpose, before the first bullet or heading, are no criteria."""
    lead = 0
    while lead < len(found) and found[lead][0].bare and not found[lead][1]:
        lead += 1
    if not 0 < lead < len(found):
        return found
    marked: list[Part] = []
    for n, (passage, _) in enumerate(found[:lead]):
        text = plain(scan, passage.start, min(passage.end, passage.start + 400))[0]
        skipped = headings.is_purpose(text) or (n == 0 and headings.is_title(text))
        marked.append((passage, SKIPPED if skipped else None))
    return marked + found[lead:]


def _unfolded(scan: str, found: list[Part], signs: list[str]) -> list[Part]:
    """Paragraphs and bullets that hold several criteria, cut into them."""
    prose: dict[int, tuple[int, float]] | None = None
    numbered = _Numbering(found)
    out: list[Part] = []
    for n, part in enumerate(found):
        passage, heading = part
        if heading:
            numbered.leave(heading)
            out.append(part)
            continue
        inside = scan[passage.start : passage.end]
        pieces = [passage]
        if passage.ordinal or (passage.bare and numbered.open):
            pieces = numbered.cut(scan, passage, n)
        if any(sign in inside for sign in signs):
            pieces = [cut for piece in pieces for cut in runons.dotted(scan, piece)]
        if passage.bare and len(pieces) == 1:
            prose = _prose(found) if prose is None else prose
            pieces = runons.sentences(scan, passage, *prose[n]) if n in prose else pieces
        if len(pieces) == 1:
            out.append(part)
        else:
            out += _criteria([*pieces, *passage.spread()])
    return out


class _Numbering:
    """The numbered lists being read, outermost first, and where each goes on."""

    def __init__(self, found: list[Part]) -> None:
        self.open: dict[str, Passage] = {}
        self.found = found
        self.places: dict[str, list[int]] = {}
        for n, (passage, _) in enumerate(found):
            if passage.ordinal:
                self.places.setdefault(passage.shape, []).append(n)

    def leave(self, heading: Heading) -> None:
        if heading.kind == "section":
            self.open.clear()

    def cut(self, scan: str, passage: Passage, n: int) -> list[Passage]:
        """`passage` cut where an open list goes on inside it, unless the next number stands where it should."""
        if passage.ordinal:
            self._enter(passage)
        pieces = [passage]
        if passage.more:
            return pieces
        for shape, item in reversed(self.open.items()):
            later, value = self._next(shape, n), item.last
            last = 99 if later <= value else later - 1
            if last > value:
                rest = pieces.pop()
                pieces += runons.counted(scan, rest, item, last)
        for piece in pieces[1:]:
            if piece.ordinal:
                self._enter(piece)
        return pieces

    def _enter(self, passage: Passage) -> None:
        """Lists below the one that goes on are over."""
        shape = passage.shape
        while shape in self.open and next(reversed(self.open)) != shape:
            self.open.popitem()
        self.open[shape] = passage

    def _next(self, shape: str, n: int) -> int:
        """The next number of this shape printed as one, 0 if there is none."""
        places = self.places.get(shape, [])
        at = bisect_right(places, n)
        return self.found[places[at]][0].first if at < len(places) else 0


def _prose(found: list[Part]) -> dict[int, tuple[int, float]]:
    """Paragraphs of sections without bullets -> (least number of sentences, their greatest mean length) to be cut."""
    out: dict[int, tuple[int, float]] = {}
    group: list[int] = []
    bullets = False
    for n, (passage, heading) in enumerate([*found, (found[-1][0], SKIPPED)] if found else []):
        if heading and (heading.kind in ("section", "split") or n == len(found)):
            if not bullets:
                limit = (2, 1e9) if len(group) < 3 else (3, _PROSE)
                out.update(dict.fromkeys(group, limit))
            group, bullets = [], False
        elif not heading:
            bullets = bullets or not passage.bare
            group.append(n)
    return out
