"""Where bytes come from: a file, standard input, a directory or a zip, each of them gzipped or not.

Everything is handed on as a `Document`: a name, the first bytes (to recognise the format by) and a stream. Archives
are read member by member and never unpacked; what lies in an archive inside an archive is skipped and said so.
"""

import gzip
import io
import os
import shutil
import stat
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple, cast

from trialcriteria.records import Fault, Skipped

HEAD = 64 * 1024
"""How many bytes a format is recognised by."""

MAX_RECORD = 64 * 1024 * 1024
"""No single record may be larger: what streams stays flat in memory, whatever an archive unpacks to."""

DAMAGED = (EOFError, zlib.error, zipfile.BadZipFile, OSError, UnicodeDecodeError, NotImplementedError)
"""What reading a damaged file or archive raises; `registries.read` turns it into a fault, once for all formats."""

Sibling = Callable[[str], IO[bytes] | None]

_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
_DATA_SUFFIXES = {".csv", ".gz", ".json", ".jsonl", ".ndjson", ".parquet", ".tsv", ".txt", ".xml", ".zip"}
_CHECK_THE_FILE = "Copy or download the file again; `gzip -t` or `unzip -t` says whether it is whole."


@dataclass(frozen=True)
class Document:
    """One stream of bytes to be read as one format."""

    name: str
    """How tables and faults call it: the path as given, `archive.zip/member`, or `standard input`."""
    stem: str
    head: bytes
    stream: io.BufferedReader
    named: bool
    """Asked for by the user, rather than found in a directory or an archive."""
    sibling: Sibling
    """Opens another file of the same folder, or gives None: AACT keeps titles beside the criteria."""
    file: IO[bytes] | None = None
    """The same bytes where they can be sought in, if they can."""

    @contextmanager
    def seekable(self) -> Iterator[IO[bytes]]:
        """The bytes in a file that can be sought in; Parquet is read from its end."""
        if self.file is not None:
            self.file.seek(0)
            yield self.file
            return
        with tempfile.TemporaryFile() as spool:
            shutil.copyfileobj(self.stream, spool)
            spool.seek(0)
            yield spool


class Part(NamedTuple):
    """A file of an input, which can be read apart from the others."""

    path: Path
    named: bool
    """Asked for by the user, rather than found in a directory."""


Source = str | os.PathLike[str] | Part
Found = Document | Fault | Skipped
Opened = Callable[[IO[bytes], int], None]
"""Told of each file that is opened, with its size, by whoever wants to know how far the reading is."""


def nobody(file: IO[bytes], size: int) -> None:
    """Nobody wants to know."""


def documents(source: Source, opened: Opened = nobody) -> Iterator[Found]:
    """Every document of a file, a directory, an archive or `-` (standard input), each open until the next is asked."""
    if source == "-":
        yield from _opened(sys.stdin.buffer, "standard input", "stdin", True, _no_sibling)
        return
    for part in [source] if isinstance(source, Part) else parts(source):
        if isinstance(part, Part):
            yield from _file(*part, opened)
        else:
            yield part


def parts(source: str | os.PathLike[str]) -> Iterator[Part | Fault | Skipped]:
    """The files of a directory, or the one file that it is, in the order in which they are read; none is opened."""
    path = Path(source)
    if path.is_dir():
        yield from _directory(path, named=True)
    else:
        yield Part(path, named=True)


def _directory(path: Path, named: bool) -> Iterator[Part | Fault | Skipped]:
    try:
        entries = sorted(os.listdir(path))  # noqa: PTH208 - strings, since there may be a million of them
    except OSError as error:
        yield _unreadable(str(path), error)
        return
    if named and not entries:
        yield Fault(str(path), None, "empty_directory", "the directory holds no file", "Name a directory with files.")
    for child in (path / entry for entry in entries):
        if child.name.startswith("."):
            yield Skipped(str(child), "hidden file")
        elif child.is_symlink() and child.is_dir():
            yield Skipped(str(child), "link to a directory; name the directory itself to read it")
        elif child.is_dir():
            yield from _directory(child, False)
        elif child.exists() and not child.is_file():
            yield Skipped(str(child), "not a regular file")
        else:
            yield Part(child, named=False)


def _file(path: Path, named: bool, opened: Opened) -> Iterator[Found]:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield Fault(str(path), None, "missing_file", "there is no such file", "Check the path.")
        return
    except OSError as error:
        yield _unreadable(str(path), error)
        return
    with file:
        opened(file, os.fstat(file.fileno()).st_size)
        yield from _opened(file, str(path), _stem(path.name), named, lambda name: _beside(path.parent / name))


def _opened(raw: IO[bytes], name: str, stem: str, named: bool, sibling: Sibling) -> Iterator[Found]:
    """The document or documents in a stream: itself, what it is the gzip of, or the members of a zip."""
    try:
        head = raw.read(HEAD)
    except DAMAGED as error:
        yield damaged(name, error)
        return
    if head.startswith(_GZIP):
        unzipped = cast(IO[bytes], gzip.GzipFile(fileobj=_replayed(head, raw)))
        yield from _unzipped(unzipped, name, stem, named, sibling)
    elif head.startswith(_ZIP):
        yield from _archive(raw, head, name, named)
    else:
        yield _document(raw, head, name, stem, named, sibling, raw if raw.seekable() else None)


def _unzipped(inner: IO[bytes], name: str, stem: str, named: bool, sibling: Sibling) -> Iterator[Found]:
    try:
        head = inner.read(HEAD)
    except DAMAGED as error:
        yield damaged(name, error)
        return
    yield _document(inner, head, name, stem, named, sibling, None)


def _archive(raw: IO[bytes], head: bytes, name: str, named: bool) -> Iterator[Found]:
    with tempfile.TemporaryFile() as spool:
        file: IO[bytes] = raw
        if not raw.seekable():
            shutil.copyfileobj(_replayed(head, raw), spool)
            file = spool
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            yield Fault(name, None, "damaged_archive", f"not a whole zip: {error}", _CHECK_THE_FILE)
            return
        with archive:
            yield from _members(archive, name, named)


def _members(archive: zipfile.ZipFile, name: str, named: bool) -> Iterator[Found]:
    members = [member for member in archive.infolist() if not member.filename.endswith("/")]
    if any(member.filename == "[Content_Types].xml" for member in members):
        yield unread(name, named, "an Office document", "Save it as plain text (.txt), or a sheet as CSV.")
        return
    if not members:
        yield Fault(name, None, "empty_archive", "the zip holds no file", "Name a zip with files in it.")
    for member in members:
        yield from _member(archive, member, f"{name}/{member.filename}")


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Iterator[Found]:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if refused := _refusal(member, path):
        yield Fault(name, None, "refused_member", refused, "Unpack the archive yourself and name what you trust in it.")
        return
    if path.name.startswith(".") or path.parts[0] == "__MACOSX":
        yield Skipped(name, "hidden file")
        return
    try:
        with archive.open(member) as raw:
            head = raw.read(HEAD)
            if head.startswith((_GZIP, *_ZIP)):
                yield Skipped(name, "archive inside an archive; unpack the outer one to read it")
            else:
                sibling = _in_archive(archive, path)
                yield _document(raw, head, name, _stem(path.name), False, sibling, None)
    except DAMAGED as error:
        yield damaged(name, error)


def _refusal(member: zipfile.ZipInfo, path: PurePosixPath) -> str | None:
    """Why a member is not read. Nothing is ever unpacked, but such an archive was made to do harm: say so."""
    if not path.parts:
        return "it has no name"
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "its path leads out of the archive"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "it is a symbolic link"
    if member.flag_bits & 1:
        return "it is encrypted"
    return None


def _document(
    raw: IO[bytes], head: bytes, name: str, stem: str, named: bool, sibling: Sibling, file: IO[bytes] | None
) -> Found:
    if not head and (named or Path(name).suffix.lower() in _DATA_SUFFIXES):
        return Fault(name, None, "empty_file", "the file has no bytes", "Copy or download the file again.")
    if not head:
        return Skipped(name, "empty file")
    return Document(name, stem, head, _replayed(head, raw), named, sibling, file)


def unread(name: str, named: bool, what: str, way_out: str) -> Fault | Skipped:
    """A file of no kind we read: a fault if it was asked for by name, else only listed as skipped."""
    return Fault(name, None, "unknown_format", what, way_out) if named else Skipped(name, what)


def damaged(name: str, error: Exception) -> Fault:
    """The fault for a stream that broke off while it was read."""
    if isinstance(error, UnicodeDecodeError):
        return Fault(name, None, "invalid_text", str(error), "Save the file as UTF-8.")
    detail = f"{error or type(error).__name__}; records after the last one listed here are lost"
    return Fault(name, None, "damaged_file", detail, _CHECK_THE_FILE)


def _unreadable(name: str, error: OSError) -> Fault:
    return Fault(name, None, "unreadable_file", error.strerror or str(error), "Check the file's permissions.")


def _stem(name: str) -> str:
    """The name without its last suffix, and without `.gz` before that.

    >>> _stem("NCT01234567.json.gz"), _stem("protocol.v2.txt"), _stem(".txt")
    ('NCT01234567', 'protocol.v2', '.txt')
    """
    path = PurePosixPath(name)
    return PurePosixPath(path.stem).stem if path.suffix.lower() == ".gz" else path.stem


def _beside(path: Path) -> IO[bytes] | None:
    return path.open("rb") if path.is_file() else None


def _in_archive(archive: zipfile.ZipFile, path: PurePosixPath) -> Sibling:
    def sibling(name: str) -> IO[bytes] | None:
        beside = path.with_name(name)
        member = archive.NameToInfo.get(str(beside))
        return archive.open(member) if member and not _refusal(member, beside) else None

    return sibling


def _no_sibling(name: str) -> None:
    return None


class _Replayed(io.RawIOBase):
    """A stream whose first bytes were already looked at, from its first byte again; a pipe cannot be rewound."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        if not self._head:
            data = self._rest.read(len(buffer))
            buffer[: len(data)] = data
            return len(data)
        taken = min(len(buffer), len(self._head))
        buffer[:taken] = self._head[:taken]
        self._head = self._head[taken:]
        return taken


def _replayed(head: bytes, rest: IO[bytes]) -> io.BufferedReader:
    return io.BufferedReader(_Replayed(head, rest), HEAD)
