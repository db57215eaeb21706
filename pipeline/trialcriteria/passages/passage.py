"""One bullet, paragraph or heading, and how it stood on the page."""

import re

from trialcriteria.passages.ordinals import Rank

_NUMBERED = re.compile(r"(\(?)1([.)])")


class Passage:
    """One bullet, paragraph or heading: the raw stretch of its content and how it stood on the page."""

    __slots__ = (
        "bare", "content", "end", "first", "head", "indent", "index", "inline", "marker", "more", "ordinal", "shape",
        "start",
    )  # fmt: skip

    def __init__(self, head: int, start: int, end: int, indent: int, content: int, marker: str) -> None:
        self.head = head  # where its list marker starts
        self.start = start
        self.end = end
        self.indent = indent
        self.content = content  # column of the first word
        self.marker = marker  # bullet characters, "" for none
        self.ordinal = ""  # "1." "(a)" "①", "" for none
        self.first = 0  # the ordinal's value
        self.shape = marker[:1]  # of the ordinal, else the bullet
        self.bare = not marker
        self.inline = 0  # how many headings stood before it on its line
        self.index = -1  # of its criterion, once it is one
        self.more: list[tuple[int, int]] = []  # plain items below it in the same list, as (start, end)

    def bullet(self, marker: str) -> None:
        """Say by which bullet it is listed."""
        self.marker, self.shape, self.bare = marker, marker[:1], False

    def number(self, ordinal: str, said: Rank) -> None:
        """Say by which ordinal it is listed."""
        self.ordinal, self.shape, self.first = ordinal, said.shape, said.value
        self.bare = False

    @property
    def last(self) -> int:
        """The number of its last item, 0 if they have none."""
        return self.first + len(self.more) if self.ordinal else 0

    def split_last(self) -> "Passage":
        """The last of the plain items below, as a passage of its own."""
        value = self.last
        start, end = self.more.pop()
        item = Passage(start, start, end, self.indent, self.content, self.marker)
        if self.ordinal:
            item.number(self._numbered(value), Rank(self.shape, value))
        return item

    def spread(self) -> list["Passage"]:
        """The plain items below as passages of their own."""
        return [self.split_last() for _ in range(len(self.more))][::-1]

    def next_start(self, scan: str) -> str:
        """What a line starts with that goes on with the list: its margin, bullet and next number."""
        if not self.ordinal:
            return scan[self.start - self.content : self.start]
        number = self._numbered(self.last + 1)
        space = scan[self.head + len(self.marker) + len(self.ordinal) : self.start]
        return (self.marker + number + space).rjust(self.content) if number else ""

    def _numbered(self, value: int) -> str:
        """How this list prints a number; "" for letters and other rare forms."""
        form = _NUMBERED.fullmatch(self.shape)
        return f"{form[1]}{value}{form[2]}" if form else ""

    def __repr__(self) -> str:
        return f"Passage({self.head}, {self.start}, {self.end}, {self.indent}, {self.marker + self.ordinal!r})"
