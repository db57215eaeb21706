"""XML records cut out of a stream one at a time, so that a broken one costs itself only and memory stays flat.

Each record is parsed alone. A DTD stands before the root element and so never reaches the parser: no entity can be
declared, expanded or fetched. A file that brings one is refused, because its text may need what is declared there.
"""

import codecs
import re
from collections.abc import Iterator
from xml.etree import ElementTree  # safe here: see above

from trialcriteria.records import Fault
from trialcriteria.registries.decoding import text_of
from trialcriteria.registries.sources import HEAD, MAX_RECORD, Document

_PROLOG = re.compile(r"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\b.*?(?=<[A-Za-z]))*+<([\w:.-]+)", re.DOTALL)
_ENCODING = re.compile(rb"""<\?xml[^>]*?\bencoding\s*=\s*["']([\w.-]+)""")
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_KEEP = 4096  # bytes that may hold the beginning of a tag, or the end of the root and blanks after it
_NO_DTD = "Remove the DOCTYPE if no entity of it is used; nothing is ever fetched or expanded."
_AGAIN = "Download the file again, in smaller parts if it is an ICTRP export."


def root_of(head: str) -> str | None:
    """The name of the root element.

    >>> root_of('<?xml version="1.0"?><!-- a comment --><trials><trial/></trials>')
    'trials'
    """
    found = _PROLOG.match(head.lstrip("\ufeff"))
    return found.group(1) if found else None


def elements(document: Document, tag: str) -> Iterator[tuple[str, ElementTree.Element] | Fault]:
    """Every element called `tag` with the name of its source, or the fault that stands in its place."""
    if document.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield Fault(document.name, None, "invalid_text", "XML in UTF-16", "Save the file as UTF-8.")
        return
    declared = _ENCODING.search(document.head)
    encoding = declared.group(1).decode() if declared else "utf-8"
    alone = root_of(text_of(document.head)) == tag
    for number, found in enumerate(_chunks(document, tag), 1):
        source = document.name if alone else f"{document.name}#{number}"
        yield found if isinstance(found, Fault) else _parsed(found, encoding, source)


def _parsed(chunk: bytes, encoding: str, source: str) -> tuple[str, ElementTree.Element] | Fault:
    try:
        return source, ElementTree.fromstring(chunk.decode(encoding))
    except (UnicodeDecodeError, LookupError) as error:
        return Fault(
            source, None, "invalid_text", str(error), "Save the file in the encoding that its first line says."
        )
    except ElementTree.ParseError as error:
        return Fault(source, None, "broken_record", f"not well-formed XML: {error}", "Download this record again.")


def _chunks(document: Document, tag: str) -> Iterator[bytes | Fault]:
    """The bytes of each record, from its start tag to its end tag."""
    opening = re.compile(rf"<{tag}[\s>]".encode())
    whole = re.compile(rf"<{tag}[\s>].*?</{tag}\s*>".encode(), re.DOTALL)
    rest, begun = b"", False
    while more := document.stream.read(max(HEAD, len(rest))):
        rest += more
        first = opening.search(rest)
        if not begun and _DTD.search(rest, 0, first.start() if first else len(rest)):
            yield Fault(document.name, None, "dtd_refused", "the file declares a DTD or entities", _NO_DTD)
            return
        begun, end = begun or first is not None, 0
        for record in whole.finditer(rest):
            yield record.group()
            end = record.end()
        rest = rest[end:] if opening.search(rest, end) else rest[end:][-_KEEP:]
        if len(rest) > MAX_RECORD:
            yield Fault(document.name, None, "record_too_large", f"over {MAX_RECORD} bytes", "Split the file.")
            rest = b""
    yield from _ending(document, tag, rest, opening.search(rest) is not None)


def _ending(document: Document, tag: str, rest: bytes, cut: bool) -> Iterator[Fault]:
    """The fault for a file that ends too early: ICTRP's exports do, after some thousands of records."""
    root = root_of(text_of(document.head))
    if cut:
        yield Fault(document.name, None, "truncated", f"the file ends inside a <{tag}>", _AGAIN)
    elif root and root != tag and f"</{root}".encode() not in rest:
        yield Fault(document.name, None, "truncated", f"no </{root}> at the end: records may be missing", _AGAIN)
