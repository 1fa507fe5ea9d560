"""A disk to cut the power of, or to fill up, under SQLite in this process: no root, no mount, no other SQLite.

SQLite reaches its files through a table of functions, its VFS. While `watched_disk` is open, the functions that write to files of
one directory are ours: they note what they were asked, then do it. What was written and synced in which order says what a power cut
would have left (`after_power_cut`); a full disk is the answer that SQLite's own VFS gives for ENOSPC.
"""

import _sqlite3
import ctypes
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path

SQLITE_OK, SQLITE_FULL = 0, 13
SECTOR = 512  # what a disk writes whole or not at all

_Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
_Sync = CFUNCTYPE(c_int, c_void_p, c_int)
# SQLite keeps the pointer to a name, so it is handed on as it came: ctypes would make a copy of a `c_char_p`, and drop it.
_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_Delete = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)


class _Methods(Structure):
    """`sqlite3_io_methods`, version 3 (https://www.sqlite.org/c3ref/io_methods.html)."""

    _fields_ = [
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", _Write),
        ("truncate", _Truncate),
        ("sync", _Sync),
        ("others", c_void_p * 13),
    ]


class _File(Structure):
    """`sqlite3_file`."""

    _fields_ = [("methods", POINTER(_Methods))]


class _Vfs(Structure):
    """The beginning of `sqlite3_vfs` (https://www.sqlite.org/c3ref/vfs.html)."""

    _fields_ = [
        ("version", c_int),
        ("size_of_file", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _Open),
        ("delete", _Delete),
    ]


@dataclass(frozen=True)
class Written:
    path: Path
    offset: int
    content: bytes


@dataclass(frozen=True)
class Truncated:
    path: Path
    size: int


@dataclass(frozen=True)
class Synced:
    path: Path


@dataclass(frozen=True)
class Deleted:
    path: Path


@dataclass(frozen=True)
class Acknowledged:
    """Not the disk's: a test notes here what somebody was told is stored."""

    what: str


Event = Written | Truncated | Synced | Deleted | Acknowledged


@dataclass
class Disk:
    """What has happened to the files of a directory, and whether it has room."""

    directory: Path
    is_full: bool = False
    events: list[Event] = field(default_factory=list)

    def acknowledge(self, what: str) -> None:
        """Notes that from now on a power cut must not lose this."""
        self.events.append(Acknowledged(what))


@contextmanager
def watched_disk(directory: Path) -> Iterator[Disk]:
    """Watches every file that SQLite opens in the directory meanwhile. Close the connections before it ends."""
    library = ctypes.CDLL(_sqlite3.__file__)  # finds SQLite's functions there, or in the library it is linked to
    library.sqlite3_vfs_find.restype = POINTER(_Vfs)
    vfs = library.sqlite3_vfs_find(None).contents
    disk = Disk(directory)
    watch = _Watch(disk, vfs.open, vfs.delete)
    vfs.open, vfs.delete = watch.open, watch.delete
    try:
        yield disk
    finally:
        vfs.open, vfs.delete = watch.real_open, watch.real_delete


class _Watch:
    def __init__(self, disk: Disk, real_open: object, real_delete: object) -> None:
        self._disk = disk
        self._paths: dict[int, Path] = {}
        self._tables: dict[int, _Methods] = {}  # by the address of SQLite's own; kept alive as long as a file may use them
        # Copies: the originals are views into the very table that is changed.
        self.real_open = _Open(ctypes.cast(real_open, c_void_p).value)  # type: ignore[arg-type]
        self.real_delete = _Delete(ctypes.cast(real_delete, c_void_p).value)  # type: ignore[arg-type]
        self.open, self.delete = _Open(self._open), _Delete(self._delete)

    def _ours(self, name: int | None) -> Path | None:
        """The file of this name, if it is one to watch."""
        path = Path(ctypes.string_at(name).decode()) if name else None
        return path if path and path.is_relative_to(self._disk.directory) else None

    def _open(self, vfs: int, name: int | None, file: int, flags: int, out: int) -> int:
        result: int = self.real_open(vfs, name, file, flags, out)
        path = self._ours(name)
        if result == SQLITE_OK and path:
            self._paths[file] = path
            opened = _File.from_address(file)
            opened.methods = ctypes.pointer(self._watched(opened.methods.contents))
        return result

    def _delete(self, vfs: int, name: int, sync: int) -> int:
        result: int = self.real_delete(vfs, name, sync)
        if path := self._ours(name):
            self._disk.events.append(Deleted(path))
        return result

    def _watched(self, real: _Methods) -> _Methods:
        address = ctypes.addressof(real)
        if address not in self._tables:
            watched = _Methods.from_buffer_copy(real)
            real_write, real_truncate, real_sync = real.write, real.truncate, real.sync
            disk, paths = self._disk, self._paths

            def write(file: int, content: int, length: int, offset: int) -> int:
                path = paths[file]
                if disk.is_full and offset + length > path.stat().st_size:
                    return SQLITE_FULL
                disk.events.append(Written(path, offset, ctypes.string_at(content, length)))
                return int(real_write(file, content, length, offset))

            def truncate(file: int, size: int) -> int:
                disk.events.append(Truncated(paths[file], size))
                return int(real_truncate(file, size))

            def sync(file: int, flags: int) -> int:
                result = int(real_sync(file, flags))
                disk.events.append(Synced(paths[file]))
                return result

            watched.write, watched.truncate, watched.sync = _Write(write), _Truncate(truncate), _Sync(sync)
            self._tables[address] = watched
        return self._tables[address]


def after_power_cut(before: dict[Path, bytes], events: Sequence[Event], chance: random.Random) -> dict[Path, bytes]:
    """The files as a power cut after these events may have left them; `before` has what was safely there at the start.

    What was synced is there. Of what was not, nothing is, or some sectors are, as the disk got to them.
    """
    share = chance.choice([0.0, 0.5, 0.9])
    files, pending = _synced(before, events)
    for path, left in pending.items():
        parts = [part for each in left for part in _sectors(each) if chance.random() < share]
        for part in parts:
            _apply(files.setdefault(path, bytearray()), part)
    return {path: bytes(content) for path, content in files.items()}


def _synced(
    before: dict[Path, bytes], events: Sequence[Event]
) -> tuple[dict[Path, bytearray], dict[Path, list[Written | Truncated]]]:
    """What is safe, and what still waits for a sync."""
    safe = {path: bytearray(content) for path, content in before.items()}
    pending: dict[Path, list[Written | Truncated]] = {}
    for event in events:
        match event:
            case Written() | Truncated():
                pending.setdefault(event.path, []).append(event)
            case Synced():
                content = safe.setdefault(event.path, bytearray())
                for each in pending.pop(event.path, []):
                    _apply(content, each)
            case Deleted():
                safe.pop(event.path, None)
                pending.pop(event.path, None)
    return safe, pending


def _sectors(event: Written | Truncated) -> Iterator[Written | Truncated]:
    if isinstance(event, Truncated):
        yield event
        return
    start = event.offset
    end = start + len(event.content)
    while start < end:
        stop = min((start // SECTOR + 1) * SECTOR, end)
        yield Written(event.path, start, event.content[start - event.offset : stop - event.offset])
        start = stop


def _apply(content: bytearray, event: Written | Truncated) -> None:
    size = event.size if isinstance(event, Truncated) else event.offset + len(event.content)
    if isinstance(event, Truncated) and size < len(content):
        del content[size:]
    content.extend(b"\0" * (size - len(content)))
    if isinstance(event, Written):
        content[event.offset : size] = event.content
