"""The files that are left of a recorded run after a loss of power.

The recorder's log contains what was written, when, and what was synced. After a loss of power at some moment there is

- of a file: everything that was written before the beginning of a sync that had returned by then. Of each later write
  all, nothing, or some of its sectors. Changes of the size (growing, truncating) happen in their order, so a first part
  of them survives; bytes that were never written read as zeros.
- of the names in a folder: all changes before a sync of the *folder* that had returned, and a first part of the later
  ones, in their order. A sync of a file does not keep its name, and a sync of a folder does not keep bytes.

POSIX promises no more. Real file systems lose less: ext4 keeps the name of a synced file, for instance.

A page of the cache is written to the disk as it is at some moment, so a sector with a later write but without an
earlier one cannot exist. `Chance.in_order` respects this; otherwise all writes are independent, a stricter test than
reality. With `Chance.apart`, every process writes through its own cache, as ranks on different computers do, so a sync
saves only the writes of its own process.
"""

import random
import struct
from dataclasses import dataclass, field
from pathlib import Path

HEADER = struct.Struct("<IIQQQQII")
CHANGES_OF_NAMES = "CRUMX"
CHANGES_OF_FILES = "WTG"


@dataclass
class Record:
    kind: str
    process: int
    begin: int
    end: int
    inode: int
    offset: int
    path: str
    data: bytes

    def __str__(self):
        size = f" {len(self.data)} bytes" if self.kind == "W" else ""
        return f"{self.kind} {self.path!r} at {self.offset}{size}, process {self.process}"


def read_log(path):
    """The records, in the order in which the calls came back; of a log that is being written, the complete ones."""
    log, at, records = Path(path).read_bytes(), 0, []
    while at + HEADER.size <= len(log):
        kind, process, begin, end, inode, offset, path_length, data_length = HEADER.unpack_from(log, at)
        at += HEADER.size
        if at + path_length + data_length > len(log):
            break
        name = log[at:at + path_length].decode()
        at += path_length
        records.append(Record(chr(kind), process, begin, end, inode, offset, name, log[at:at + data_length]))
        at += data_length
        if records[-1].kind == "!":
            raise ValueError(f"{name!r} was changed in a way that the recorder cannot follow")
    return sorted(records, key=lambda record: record.end)


@dataclass
class Chance:
    """How much of what was not synced survives."""
    draw: random.Random = field(repr=False)
    share: float = 0.5  # of the writes survive; in_order: of the sectors hold all that was written
    torn: float = 0.3  # of the others survive in some of their sectors; in_order: hold what was written first
    sector: int = 512  # bytes that reach the disk together
    in_order: bool = False
    apart: bool = False

    def first_part(self, least, most):
        """How many of the changes that keep their order survive: often the fewest, often all."""
        return self.draw.choice([least, most, self.draw.randint(least, most)])


class Everything:
    """Nothing is lost: what kill -9 leaves."""
    sector, apart = 512, False

    def first_part(self, least, most):
        return most


class File:
    """One file (not one name): what was in it at the start, how it changed, when it was synced."""

    def __init__(self, content=b""):
        self.content, self.changes, self.syncs = content, [], []

    def after(self, cut, chance):
        """The bytes that a crash at the time `cut` leaves."""
        changes = [change for change in self.changes if change.begin <= cut]
        safe_until = {}  # by process
        for sync in self.syncs:
            if sync.end <= cut:
                cache = sync.process if chance.apart else None
                safe_until[cache] = max(sync.begin, safe_until.get(cache, 0))
        safe = [change.end <= safe_until.get(change.process if chance.apart else None, 0) for change in changes]

        # Sizes after each change, if all happen; the first part of these changes will be taken
        sizes, size = [], len(self.content)
        for change in changes:
            reach = change.offset + len(change.data)
            size = change.offset if change.kind == "T" else max(size, reach)
            sizes.append(size)
        before = [len(self.content), *sizes]
        resizing = [k for k in range(len(changes)) if sizes[k] != before[k]]
        least = max((n + 1 for n, k in enumerate(resizing) if safe[k]), default=0)
        resized = set(resizing[:chance.first_part(least, len(resizing))])

        content = bytearray(self.content)
        survives = self.survival(changes, safe, chance)
        for k, change in enumerate(changes):
            if k in resized:
                del content[sizes[k]:]
                content.extend(bytes(sizes[k] - len(content)))
            elif sizes[k] < before[k]:
                break  # what was written after a truncation cannot be there without it
            if change.kind == "W":
                for first, last in sectors(change, chance.sector):
                    last = min(last, len(content))
                    if first < last and survives(k, first // chance.sector):
                        content[first:last] = change.data[first - change.offset:last - change.offset]
        return bytes(content)

    @staticmethod
    def survival(changes, safe, chance):
        """A function: does the part of change number k that lies in this sector survive?"""
        if isinstance(chance, Everything):
            return lambda k, sector: True
        draw = chance.draw
        # 0: is lost, 1: survives, None: survives in part
        def fate():
            return 1 if draw.random() < chance.share else None if draw.random() < chance.torn else 0

        if chance.in_order:
            kept = {}  # by sector: how many changes came before it went to the disk

            def survives(k, sector):
                if sector not in kept:
                    whole = fate()
                    kept[sector] = draw.randint(0, len(changes)) if whole is None else whole * len(changes)
                return safe[k] or k < kept[sector]
            return survives
        fates = [fate() for _ in changes]
        return lambda k, sector: safe[k] or (draw.random() < 0.5 if fates[k] is None else fates[k] == 1)


def sectors(change, size):
    """The parts of a write, by sector: first byte, behind the last byte."""
    first, end = change.offset, change.offset + len(change.data)
    while first < end:
        last = min(end, (first // size + 1) * size)
        yield first, last
        first = last


class Folder:
    """The names in one folder, without those in folders below."""

    def __init__(self):
        self.names, self.changes, self.syncs = {}, [], []

    def after(self, cut, chance):
        changes = [change for change, _ in self.changes if change.begin <= cut]
        safe_until = max((sync.begin for sync in self.syncs if sync.end <= cut), default=0)
        least = max((n + 1 for n, change in enumerate(changes) if change.end <= safe_until), default=0)
        names = dict(self.names)
        for change, file in self.changes[:chance.first_part(least, len(changes))]:
            apply(change, file, names)
        return names


def apply(change, file, names):
    if change.kind in "CM":
        names[leaf(change.path)] = file
    elif change.kind == "R":
        old, new = change.path.split("\0")
        names[leaf(new)] = names.pop(leaf(old))
    else:
        names.pop(leaf(change.path))


def parent(path):
    return path.rpartition("/")[0]


def leaf(path):
    return path.rpartition("/")[2]


class Recording:
    """A run according to the log, beginning with the folder `start` (see `snapshot`). Records for which `forget` is
    true are left out: that of a sync, for instance."""

    def __init__(self, start, records, forget=lambda record: False):
        self.records = [record for record in records if not forget(record)]
        self.folders = {"": Folder()}
        by_inode = {}
        for name, (inode, content) in start.items():
            self.folders[""].names[name] = by_inode[inode] = File(content)

        for record in self.records:
            if record.kind in CHANGES_OF_NAMES:
                where = parent(record.path.split("\0")[0])
                file = None
                if record.kind == "C":
                    # A number comes back with the next file, once nothing has it any more
                    file = by_inode[record.inode] = File()
                elif record.kind == "M":
                    self.folders.setdefault(record.path, Folder())
                elif record.kind == "R" and parent(record.path.split("\0")[1]) != where:
                    raise ValueError(f"{record}: between folders, which is not modelled")
                self.folders[where].changes.append((record, file))
            elif record.kind in CHANGES_OF_FILES:
                by_inode[record.inode].changes.append(record)
            elif record.kind == "S":
                by_inode[record.inode].syncs.append(record)
            elif record.kind == "D":
                self.folders[record.path].syncs.append(record)
            else:
                raise ValueError(f"unknown kind of record: {record}")

    def crash(self, cut, chance):
        """What is left: the names of files below the folder with their bytes, those of folders with None."""
        left = {}

        def descend(path):
            for name, file in self.folders[path].after(cut, chance).items():
                whole = f"{path}/{name}" if path else name
                left[whole] = file and file.after(cut, chance)
                if file is None:
                    descend(whole)
        descend("")
        return left


def snapshot(folder):
    """The files of a folder without folders in it: name -> (inode, bytes)."""
    return {path.name: (path.stat().st_ino, path.read_bytes()) for path in Path(folder).iterdir()}


def write_folder(folder, files):
    for name, content in files.items():
        path = Path(folder) / name
        if content is None:
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
