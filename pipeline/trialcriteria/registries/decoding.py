"""Bytes to text, decided once for all formats, so that offsets mean the same everywhere.

- A byte order mark says the encoding (UTF-8 or UTF-16) and is no part of the text. Everything else is UTF-8.
- Line ends stay as they are: CRLF counts two.
- Bytes that are not UTF-8 are never replaced. A CSV or a text that is *clearly* Windows-1252 (`mend`) is read as that,
  since spreadsheets still save it, and its source says so. Whatever else is not UTF-8 is quarantined record by record.
"""

import codecs
import io
import re
from typing import IO

_ESCAPED = re.compile("[\udc80-\udcff]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_ALWAYS_CLEAR = frozenset("‘’“”–—•…™°±µ·×½¼¾®©\xa0")
_AFTER_A_LETTER = frozenset("²³")  # in old Macintosh text the same bytes are ≤ and ≥, but not after the m of m²

WINDOWS = " (read as Windows-1252)"
"""What a record's source says when its bytes were not UTF-8."""


def text_of(head: bytes) -> str:
    """The first bytes of a file as text to recognise its format by; never what a record is read from."""
    return head.decode(_encoding(head), errors="replace").rstrip("\ufffd")


def text_stream(head: bytes, stream: IO[bytes]) -> io.TextIOWrapper:
    """The stream as text. A byte that is not UTF-8 comes out as a lone surrogate, for `mend` or a fault to find."""
    return io.TextIOWrapper(stream, encoding=_encoding(head), errors="surrogateescape", newline="")


def _encoding(head: bytes) -> str:
    return "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def is_whole(text: str) -> bool:
    """Whether text can be written as UTF-8 again: it holds no stray byte and no half of a character pair.

    >>> is_whole("≥ 18"), is_whole("\\udce9")
    (True, False)
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def mend(text: str) -> str | None:
    """The text with its stray bytes read as Windows-1252, or None where that would be a guess.

    It is no guess when every non-ASCII byte stands alone between ASCII characters (East Asian and UTF-8 bytes come in
    runs) and each is a typographic sign, a letter within a word, or ² or ³ after a letter.

    >>> mend("caf\\udce9 37 \\udcb0C, kg/m\\udcb2")
    'café 37 °C, kg/m²'
    >>> mend("age \\udcb3 18") is None       # ³ here, but ≥ in a Macintosh text: a wrong guess turns a limit around
    True
    """
    if len(_NOT_ASCII.findall(text)) != len(_ESCAPED.findall(text)):
        return None
    mended = _ESCAPED.sub(lambda stray: _windows(stray.group()), text)
    return mended if all(_is_clear(mended, sign.start()) for sign in _NOT_ASCII.finditer(mended)) else None


def _windows(stray: str) -> str:
    return stray.encode("utf-8", "surrogateescape").decode("cp1252", "surrogateescape")


def _is_clear(text: str, at: int) -> bool:
    before, sign, after = text[at - 1 : at] if at else "", text[at], text[at + 1 : at + 2]
    if not (before + after).isascii():
        return False
    if sign in _AFTER_A_LETTER:
        return before.isalpha()
    return sign in _ALWAYS_CLEAR or (sign.isalpha() and (before.isalpha() or after.isalpha()))
