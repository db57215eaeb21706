"""Unescaping and unwrapping, with a map back to raw offsets.

Remnants of HTML and odd line ends are first overwritten by line breaks of the same length (`prepare`), so that every
offset stays true; `plain` then makes the text of one criterion.
"""

import html
import re

_REMNANT = re.compile(
    r"</?(?:br|p|li|ul|ol|div|tr|td)\s{0,3}/?>|&(?:nbsp|#160|#xA0|#13|#10|#x0?D|#x0?A);", re.IGNORECASE
)
_LONE_RETURN = re.compile(r"\r(?!\n)")
_ODD_BREAKS = ("\x0b", "\x0c", "\x85", "\u2028", "\u2029")
_WIDE = re.compile(r"[^\S\n]{8}(?<=\S[^\S\n]{8})")  # a gap, as between the columns of a table
_MARKUP = re.compile(
    r"\n\s*+|(?<=\S)[^\S\n]{8,}+\s*+|\\?&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}\d{0,2});|\\[!-/:-@\[-`{-~]|<U\+[0-9A-F]{4,5}>"
)


def prepare(text: str) -> str:
    """`text` with `<br>`, `&#x0D;`, lone carriage returns and their like as line breaks, every offset unchanged.

    >>> prepare("a<br/>b<li>c&nbsp;d")
    'a    \\nb\\n•  c      d'
    """
    if "<" in text or "&" in text:
        text = _REMNANT.sub(_overwrite, text)
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        text = _LONE_RETURN.sub("\n", text)
    for odd in _ODD_BREAKS:
        if odd in text:
            text = text.replace(odd, "\n")
    return text


def _overwrite(match: re.Match[str]) -> str:
    found = match[0]
    name = found.strip("</ >&;").lower()
    if name == "li" and found[1] != "/":
        return "\n•".ljust(len(found))
    blank = name in ("nbsp", "#160", "#xa0", "td", "li")
    return " " * len(found) if blank else "\n".rjust(len(found))


def plain(scan: str, start: int, end: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Unescaped, unwrapped text of scan[start:end] with wide gaps as one blank, and pairs that map it back.

    Each pair is a position in it and the raw offset there.

    >>> plain("ANC \\\\>= 1\\n   x", 0, 14)
    ('ANC >= 1 x', ((0, 0), (5, 6), (9, 13)))
    """
    text = scan[start:end]
    if "\\" not in text and "&" not in text and "<U+" not in text and _WIDE.search(text) is None:
        return _unwrapped(text, start) if "\n" in text else (text, ((0, start),))
    parts: list[str] = []
    pairs = [(0, start)]
    length, last = 0, start
    for match in _MARKUP.finditer(scan, start, end):
        stop = match.start()
        sign = scan[stop]
        if sign.isspace():
            part, sign = scan[last:stop].rstrip(), " "
        elif sign == "<":  # "<U+2265>", as R writes what its locale lacks
            part, sign = scan[last:stop], chr(int(match[0][3:-1], 16))
        else:  # an escaped character, or an entity that may itself be escaped
            part, sign = scan[last:stop], html.unescape(match[0].lstrip("\\") or "\\")
            if len(sign) != 1 and scan[stop] == "&":
                continue
        parts += (part, sign[0])
        length += len(part) + 1
        last = match.end() if len(sign) == 1 else stop + 2
        pairs.append((length, last))
    parts.append(scan[last:end])
    return "".join(parts), tuple(pairs)


def _unwrapped(text: str, start: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The same for text that holds line breaks and nothing to unescape."""
    parts: list[str] = []
    pairs: list[tuple[int, int]] = []
    length = 0
    for line in text.split("\n"):
        words = line.strip()
        if words:
            pairs.append((length, start + line.index(words[0])))
            parts.append(words)
            length += len(words) + 1
        start += len(line) + 1
    return " ".join(parts), tuple(pairs)
