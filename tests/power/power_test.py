"""After a loss of power the same command ends with the bits of an undisturbed run.

Runs are recorded below the HDF5 library (recorder.cpp). From the record the folder is rebuilt as a loss of power could
have left it (disk.py), with a random part of what was not yet synced. Then the command is given again.

What needs a sync
- The store is complete or absent: sync of FILE.tmp before its rename. A sync of the folder keeps the name.
- Rows are whole or marked as doubtful: /writing = 1 is synced before the first row, and all rows and the summary are
  synced before /writing = 0. In between nothing is synced by default: flags may reach the disk before their rows, so
  the checksums of rows flagged done are checked when a run finds /writing = 1.
- With `--sync task` the rows of a process are on the disk before it writes the next ones, with `--sync SECONDS` (a
  minute: 60) at most this time later. Without it work can be lost, but no result is wrong.
- A checkpoint is synced, renamed, and its folder synced; so is the folder above, when it gets that folder.
- Nothing else needs one: empty files of the lock and of MPI-IO, and checkpoints of tasks that are done, may stay.

The moments are new in every run. HYPNOS_POWER_SEED=… repeats the choices, but not the timing of recorded runs.
HYPNOS_POWER_CASES is the number of losses of power (tests/power/run.sh: 600).
"""

import collections
import os
import random
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import unittest
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from hypnos_process import DONE, DONE_ROW, HYPNOS, INCOMPLETE, MOCK, ProcessTest, contents, row_checksums, rows

import h5py

from disk import Chance, Everything, Recording, read_log, snapshot, write_folder

RECORDER = Path(os.environ.get("HYPNOS_RECORDER", HYPNOS.parent / "tests/power/libpower_recorder.so")).resolve()
SEED = int(os.environ.get("HYPNOS_POWER_SEED", random.SystemRandom().randrange(10**9)))
CASES = int(os.environ.get("HYPNOS_POWER_CASES", 60))

STORE, JOB = "s.h5", "job.ini"
CHECKPOINTS = f"{STORE}.checkpoints"
# Rows of 12 tasks, each another, some kB long, in milliseconds
SMALL = {"experiment": "boltzmann", "N": 6, "stop": "steps", "max_steps": 20, "a": "0.3, 0.6, 1", "realizations": 4,
         "betas": "0.5, 1"}


@dataclass
class Run:
    """A recorded run and its expected result."""
    name: str
    start: dict  # the folder before it: name -> (inode, bytes)
    records: list
    left: dict  # the folder after it: name -> bytes
    program: Path
    words: tuple  # of the command
    expected: dict  # contents of the store in the end

    def recording(self, forget=lambda record: False):
        return Recording(self.start, self.records, forget)

    def tasks(self):
        return len(self.expected["realizations/done"][-1])  # a byte each


def some_record(records, draw):
    """The last call before power is lost: often beside a sync or rename, rarely before there is a store."""
    where = draw.random()
    if where < 0.3:
        n = draw.choice([n for n, record in enumerate(records) if record.kind in "SDR"])
        return records[max(0, n - draw.randint(0, 3))]
    created = next((n for n, record in enumerate(records) if record.kind == "R"), 0)
    return draw.choice(records[created if where < 0.9 else 0:])


class PowerTest(ProcessTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        print(f"HYPNOS_POWER_SEED={SEED}")
        cls.environment["OMPI_MCA_ess_singleton_isolated"] = "1"  # one rank needs no daemon
        cls.scratch = Path(tempfile.mkdtemp(prefix="hypnos-power-")).resolve()
        cls.addClassCleanup(shutil.rmtree, cls.scratch)
        cls.kinds = collections.Counter()
        cls.addClassCleanup(cls.report)
        cls.runs = []
        cls.runs.extend(recorded_runs(cls))

    @classmethod
    def report(cls):
        print("\n".join(f"{run.name}: {len(run.records)} records" for run in cls.runs))
        print("\n".join(f"{count:6} {kind}" for kind, count in sorted(cls.kinds.items())))

    # --- what is done ---

    @classmethod
    def record(cls, name, *words, program=HYPNOS, ranks=1, start=None, stop=False):
        """Runs `hypnos WORDS` in a folder of its own, which is `start` at first, and stops it gracefully after the
        first rows if wanted."""
        folder, log = cls.scratch / name, cls.scratch / f"{name}.log"
        folder.mkdir()
        write_folder(folder, start or {JOB: job_text(SMALL)})
        before = snapshot(folder)
        command = [str(program), *words]
        preload = {"LD_PRELOAD": str(RECORDER), "HYPNOS_POWER_FOLDER": str(folder), "HYPNOS_POWER_LOG": str(log)}
        if ranks > 1:
            exports = [word for name in preload for word in ("-x", name)]
            # the daemons of MPI write into other folders; recording them does no harm
            command = ["timeout", "-k", "5", "60", "mpirun", "--bind-to", "none", "-n", str(ranks), *exports, *command]
        process = subprocess.Popen(command, cwd=folder, env={**cls.environment, **preload}, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while stop and process.poll() is None:
            # the marks at the beginning are some writes, a row is one for each observable
            if log.exists() and sum(record.path == STORE and record.kind == "W" for record in read_log(log)) > 25:
                process.send_signal(signal.SIGUSR1)
                break
            time.sleep(0.002)
        out, err = process.communicate(timeout=90)
        if process.returncode != (INCOMPLETE if stop else DONE):
            raise AssertionError(f"{name}: exit code {process.returncode}\n{out}\n{err}")
        records = read_log(log)
        left = Recording(before, records).crash(records[-1].end, Everything())
        there = {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
                 for path in folder.rglob("*")}
        if left != there:
            raise AssertionError(f"{name}: the log does not contain everything that happened to {sorted(there)}")
        return Run(name, before, records, left, program, words, contents(folder / STORE))

    def call(self, run, folder, *words):
        answer = subprocess.run([run.program, *words], cwd=folder, env=self.environment, timeout=60,
                                stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return answer.returncode, answer.stdout + answer.stderr

    def lose_power(self, run, recording, draw, cuts=None, spoil=lambda files: None, **fixed):
        """One loss of power, after one of the records `cuts`, and the next run. Returns what is wrong, if anything, as
        text."""
        cut = draw.choice(cuts) if cuts else some_record(recording.records, draw)
        chance = Chance(draw, **{"share": draw.choice([0, 0.1, 0.5, 0.9, 1]), "torn": draw.choice([0, 0.3]),
                                 "sector": draw.choice([512, 4096]), "in_order": draw.random() < 0.5,
                                 "apart": draw.random() < 0.5, **fixed})
        files = recording.crash(cut.end, chance)
        spoil(files)
        case = f"{run.name}, after {cut}, {chance}"
        folder = Path(tempfile.mkdtemp(dir=self.scratch))
        try:
            write_folder(folder, files)
            # A machine needs a while to come back. A lock whose content was lost has only its age to say it is dead.
            for path in folder.rglob("*"):
                os.utime(path, (time.time() - 3600,) * 2)
            wrong = self.judge(run, folder, chance, verify=draw.random() < 0.25)
        finally:
            shutil.rmtree(folder)
        return wrong and f"{case}\n{sorted(files)}: {wrong}"

    def judge(self, run, folder, chance, verify):
        store = folder / STORE
        torn = []
        if store.exists():
            try:
                flagged, torn = torn_rows(store)
                unclean = writing(store)
            except (OSError, KeyError, RuntimeError) as error:
                return f"the store cannot be read: {error}"
            self.count(f"store, {'unclean' if unclean else 'clean'}, {'torn' if torn else 'no torn'} rows")
            self.kinds["torn rows"] += len(torn)
            if torn and chance.share == 0 and chance.torn == 0:
                return f"flags of rows {torn} were synced, but not the rows"
            if torn and not unclean:
                return f"rows {torn} are torn, but no run will check them"
            values = contents(store)
            if not unclean and values["job"] == run.expected["job"] and len(flagged) == run.tasks():
                for name, value in values.items():
                    if value != run.expected[name]:
                        return f"{name} is torn in a store that is marked as whole"
            if torn and verify:
                self.kinds["torn rows shown to hypnos verify"] += len(torn)
                code, text = self.call(run, folder, "verify", STORE)
                if code != 2:
                    return f"`hypnos verify` did not find the torn rows {torn}: exit code {code}\n{text}"
        elif (folder / f"{STORE}.tmp").exists():
            self.count("no store, FILE.tmp")
        else:
            self.count("no store")

        # Where there is no store, there is nothing to extend
        code, text = self.call(run, folder, *(word for word in run.words if store.exists() or word != "--extend"))
        if code != DONE:
            return f"the next run ended with exit code {code}\n{text}"
        if verify:
            code, text = self.call(run, folder, "verify", STORE)
            if code != DONE:
                return f"after the next run `hypnos verify` found\n{text}"
        for name, value in contents(store).items():
            if value != run.expected[name]:
                return f"{name} differs after the next run; torn rows were {torn}"
        if writing(store):
            return "the store is still marked as being written"
        for path in folder.iterdir():
            if path.name == CHECKPOINTS:  # of tasks that are done, whose removal was lost
                self.count("left behind: checkpoints")
            elif path.name.startswith((f"{STORE}.locktest.", f"{STORE}.lock.")):  # empty, of MPI-IO and of the lock
                self.count("left behind: an empty file")
            elif path.name not in (JOB, STORE):
                return f"{path.name} is left"
        return None

    def count(self, kind):
        self.kinds[kind] += 1

    # --- tests ---

    def test_the_next_run_ends_with_the_same_bits(self):
        draw = random.Random(SEED)
        wrong = []
        for case in range(CASES):
            run = self.runs[case % len(self.runs)]
            found = self.lose_power(run, run.recording(), draw)
            self.count("losses of power, " + ("FAILED" if found else "passed"))
            if found:
                wrong.append(found)
        if wrong:
            self.fail(f"HYPNOS_POWER_SEED={SEED}: {len(wrong)} of {CASES}\n" + "\n\n".join(wrong[:5]))

    def test_with_sync_task_no_process_begins_a_row_before_the_last_is_synced(self):
        found = 0
        for run in self.runs:
            if "task" not in run.words:
                continue
            store = self.scratch / run.name / STORE
            done = place_of(store, "realizations/done")
            observables = [place_of(store, f"realizations/{name}") for name in names_of_observables(store)]
            unsynced = set()
            for record in run.records:
                if record.kind == "S":
                    unsynced.discard(record.process)
                elif record.kind != "W" or record.path != STORE:
                    continue
                elif any(record.offset in place for place in observables):
                    self.assertNotIn(record.process, unsynced, f"{run.name}: {record}")
                elif record.offset in done:
                    unsynced.add(record.process)
                    found += 1
            self.assertEqual(unsynced, set())
        self.assertGreater(found, 0)

    def test_all_is_synced_before_the_store_is_marked_as_closed(self):
        for run in self.recorded():
            notes = written_at(run, self.scratch, "writing")
            ends = [record for record in notes if record.data == b"\0"]
            self.assertEqual(len(ends), 1, run.name)  # marked once, at the end
            self.assertEqual(notes[-1], ends[0], run.name)
            unsynced = {}
            for record in run.records:
                if record.path == STORE and record.kind == "S":
                    unsynced.pop(record.process, None)
                elif record == ends[0]:
                    self.assertEqual(unsynced, {}, f"{run.name}: written and not synced before the mark")
                    unsynced[record.process] = record
                elif record.path == STORE and record.kind == "W" and record.offset > 0:
                    # at 0 is the superblock, which opening and closing write again as it was
                    unsynced[record.process] = record
            self.assertEqual(unsynced, {}, f"{run.name}: written and not synced at the end")

    def test_the_store_is_marked_as_being_written_before_the_first_row(self):
        for run in self.recorded():
            store = self.scratch / run.name / STORE
            begins = [record for record in written_at(run, self.scratch, "writing") if record.data == b"\1"]
            rows_written = self.row_writes(run, store)
            if not rows_written:
                continue
            first = min(record.begin for record in rows_written)
            noted = [record for record in begins if record.end < first]
            self.assertTrue(noted, run.name)
            self.assertTrue([record for record in run.records if record.kind == "S" and record.path == STORE
                             and noted[-1].end < record.begin and record.end < first], run.name)

    def recorded(self):
        """The runs that have a folder of their own; others are made of their records."""
        return [run for run in self.runs if (self.scratch / run.name).is_dir()]

    def row_writes(self, run, store):
        places = [place_of(store, f"realizations/{name}") for name in names_of_observables(store)]
        return [record for record in run.records if record.kind == "W" and record.path == STORE
                and any(record.offset in place for place in places)]

    def syncs_within(self, run):
        """Of the only process of a run: the syncs between its first and last row, and the flags it wrote."""
        store = self.scratch / run.name / STORE
        written = self.row_writes(run, store)
        self.assertEqual(len({record.process for record in written}), 1)
        first, last = min(r.begin for r in written), max(r.begin for r in written)
        return ([record for record in run.records if record.kind == "S" and record.path == STORE
                 and first < record.begin < last], written)

    def test_by_default_rows_are_synced_at_the_end_only(self):
        for name in ("fresh", "fresh-minute"):  # which take less than a minute
            run = next(run for run in self.runs if run.name == name)
            self.assertEqual(self.syncs_within(run)[0], [], name)

    def test_with_a_number_of_seconds_rows_are_synced_when_they_have_passed(self):
        interval = 0.2
        job = {JOB: job_text({"experiment": "mock", "steps": 3, "step_seconds": 0.02, "realizations": 20})}
        run = self.record("seconds", "run", JOB, "-o", STORE, "--quiet", "--sync", str(interval), program=MOCK,
                          start=job)
        syncs, written = self.syncs_within(run)
        self.assertGreaterEqual(len(syncs), 2)  # 20 tasks of 60 ms
        for one, next_one in zip(syncs, syncs[1:]):
            self.assertGreater((next_one.begin - one.end) / 1e9, interval - 0.001)
        # a row that was written when the time had passed is on the disk before the next one
        flags = written_at(run, self.scratch, "realizations/done")
        late = 0
        for flag in flags:
            before = [sync.end for sync in syncs if sync.end < flag.end]
            following = [record.begin for record in written if record.begin > flag.end]
            if before and following and (flag.end - before[-1]) / 1e9 > interval + 0.001:
                late += 1
                self.assertTrue([sync for sync in syncs if flag.end < sync.begin and sync.end < following[0]])
        self.assertGreater(late, 0)

    def caught(self, after, forget=lambda record: False, spoil=lambda files: None):
        """Plants a fault in the first run and loses power after these records, until it shows."""
        run, draw = self.runs[0], random.Random(SEED)
        cuts = [record for record in run.records if after(record)]
        for case in range(100):
            found = self.lose_power(run, run.recording(forget), draw, cuts, spoil, share=0.5, in_order=False)
            if found:
                self.kinds[f"planted fault, caught: {found.splitlines()[1].partition(': ')[2][:50]}"] += 1
                return
        self.fail(f"the fault does not show (HYPNOS_POWER_SEED={SEED})")

    def test_a_store_that_is_renamed_before_it_is_synced_is_caught(self):
        renamed = next(record for record in self.runs[0].records if record.kind == "R")
        self.caught(after=lambda record: renamed.end <= record.end < renamed.end + 10**7,
                    forget=lambda record: record.kind == "S" and record.path == f"{STORE}.tmp")

    def test_a_torn_store_that_is_marked_as_whole_is_caught(self):
        place = place_of(self.scratch / "fresh" / STORE, "writing")

        def spoil(files):
            content = bytearray(files[STORE])
            content[place.start] = 0
            files[STORE] = bytes(content)
        flags = written_at(self.runs[0], self.scratch, "realizations/done")
        self.caught(after=lambda record: record in flags, spoil=spoil)

    def test_a_clean_end_that_is_marked_before_the_rows_are_synced_is_caught(self):
        syncs = [record for record in self.runs[0].records if record.kind == "S" and record.path == STORE]
        marked, last = written_at(self.runs[0], self.scratch, "writing")[-1], syncs[-1]
        self.caught(after=lambda record: marked.end <= record.end < last.end,
                    forget=lambda record: record in syncs[1:-1])

    def test_a_checkpoint_that_was_kept_stays_until_the_next_one(self):
        run = next(run for run in self.runs if run.name == "checkpoints")
        # When the state of a task after some steps was kept for good, and when its checkpoint began to go
        kept, gone, written = collections.defaultdict(list), {}, {}
        for record in run.records:
            if record.kind == "W" and record.path.endswith(".tmp") and CHECKPOINTS in record.path:
                written[record.path] = written.get(record.path, b"") + record.data
            elif record.kind == "R" and CHECKPOINTS in record.path:
                old, name = record.path.split("\0")
                steps = steps_in(written.pop(old))
            elif record.kind == "D" and record.path == CHECKPOINTS:
                kept[name].append((record.end, steps))
            elif record.kind == "U" and record.path in kept:
                gone[record.path] = record.begin
        self.assertGreater(sum(map(len, kept.values())), 4)

        draw = random.Random(SEED)
        for _ in range(CASES):
            cut = draw.choice(run.records).end
            chance = Chance(draw, share=draw.choice([0, 0.5, 1]), sector=draw.choice([512, 4096]))
            files = run.recording().crash(cut, chance)
            for name, moments in kept.items():
                least = max((steps for end, steps in moments if end <= cut), default=None)
                if least is not None and cut < gone[name]:
                    self.assertTrue(name in files, f"HYPNOS_POWER_SEED={SEED}, {chance}: only {sorted(files)} are left")
                    self.assertGreaterEqual(steps_in(files[name]), least)


def recorded_runs(test):
    """The runs whose every moment may be the last."""
    run = ("run", JOB, "-o", STORE, "--quiet")
    fresh = test.record("fresh", *run)
    yield fresh
    yield test.record("fresh-task", *run, "--sync", "task")
    yield test.record("fresh-minute", *run, "--sync", "minute")
    yield test.record("fresh-2-ranks", *run, ranks=2)
    yield test.record("fresh-2-ranks-task", *run, "--sync", "task", ranks=2)

    # As kill -9 leaves it in the middle of the rows
    flags = written_at(fresh, test.scratch, "realizations/done")
    killed = fresh.recording().crash(flags[len(flags) // 2].end, Everything())
    yield test.record("resume", *run, start=killed)
    yield test.record("again", *run, start=fresh.left)
    yield test.record("resume-2-ranks-task", *run, "--sync", "task", ranks=2, start=killed)

    more = ("run", JOB, "realizations=6", "-o", STORE, "--quiet", "--extend")
    extended = test.record("extend", *more, start=fresh.left)
    yield extended
    yield replace(fresh, name="fresh, then extend", words=more, expected=extended.expected)
    yield test.record("extend-after-kill", *more, start=killed)

    long = {JOB: job_text({**SMALL, "N": 12, "max_steps": 1000})}
    stopped = test.record("stop", *run, start=long, stop=True)
    yield replace(stopped, expected=test.record("long", *run, start=long).expected)

    mock = {JOB: job_text({"experiment": "mock", "steps": 30, "step_seconds": 0.002, "realizations": 2})}
    yield test.record("checkpoints", *run, "--checkpoint-interval", "0.01", program=MOCK, start=mock)


def job_text(settings):
    return "".join(f"{key} = {value}\n" for key, value in settings.items()).encode()


def place_of(store, name):
    """The bytes of a dataset in the file."""
    with h5py.File(store, "r") as file:
        dataset = file[name]
        return range(dataset.id.get_offset(), dataset.id.get_offset() + dataset.id.get_storage_size())


def written_at(run, scratch, name):
    """The writes to a dataset of a recorded run."""
    place = place_of(scratch / run.name / STORE, name)
    return [record for record in run.records
            if record.kind == "W" and record.path == STORE and record.offset in place]


def names_of_observables(store):
    with h5py.File(store, "r") as file:
        return file["realizations/checksum"].attrs["observables"].split()


def steps_in(checkpoint):
    """The step of the mock task whose state this is, if the file is whole: it stands behind the header, the number of
    stages and the size of the state of the first."""
    header = struct.Struct("=8sQQII")
    magic, task, count, identity, checksum = header.unpack_from(checkpoint)
    state = checkpoint[header.size:]
    if len(state) != count or zlib.crc32(state) != checksum:
        raise ValueError("a checkpoint is torn")
    return struct.unpack_from("=QQi", state)[2]


def writing(store):
    with h5py.File(store, "r") as file:
        return bool(file["writing"][()])


def torn_rows(store):
    """Rows flagged done, and those of them whose bytes do not have the stored checksum."""
    with h5py.File(store, "r") as file:
        expected, checksums, flags = row_checksums(file), rows(file, "checksum"), rows(file, "done")
        done = [task for task, flag in enumerate(flags) if flag == DONE_ROW]
        return done, [task for task in done if expected[task] != checksums[task]]


if __name__ == "__main__":
    unittest.main(verbosity=2)
