"""Runs the program as a user does, alone or under mpirun, in a folder that is deleted, and compares what it stores."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import zlib
from pathlib import Path

sys.dont_write_bytecode = True

import h5py
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
HYPNOS = Path(os.environ.get("HYPNOS", ROOT / "build/release/hypnos")).resolve()
# The same with the mock experiment of tests/mock, which has a known answer and adjustable costs and failures.
MOCK = Path(os.environ.get("HYPNOS_MOCK", ROOT / "build/release/tests/mock/hypnos_mock")).resolve()
MPIRUN = os.environ.get("HYPNOS_MPIRUN", "mpirun")
for variable, program in {"HYPNOS": HYPNOS, "HYPNOS_MOCK": MOCK}.items():
    if not program.is_file():
        sys.exit(f"there is no program {program}; build it, or name it in the environment variable {variable}")
RETINA = Path(os.environ.get("HYPNOS_DATA", ROOT.parent / "shared/data")) / "retina/salamander50.h5"

DONE, SOME_FAILED, BAD_INPUT, INCOMPLETE = 0, 1, 2, 75  # exit codes
OPEN_ROW, DONE_ROW, FAILED_ROW = 0, 1, 2  # states of a task
BOOKKEEPING = {"done", "seconds", "checksum", "rank"}
PROVENANCE = {"seconds", "rank"}  # differ from run to run


class Answer:
    """Exit code, stdout and stderr of a finished process."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def __repr__(self):
        return f"exit code {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


class ProcessTest(unittest.TestCase):
    """A test with its own folder, in which the program is started. The folder is removed afterwards."""

    program = HYPNOS

    @classmethod
    def setUpClass(cls):
        # Ranks that are left after the end of mpirun become children of this process, which can wait for them.
        PR_SET_CHILD_SUBREAPER = 36
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        # Names of sockets may have 107 characters, so the path of the sessions must be short.
        cls.session = Path(tempfile.mkdtemp(prefix="hyp"))
        cls.addClassCleanup(shutil.rmtree, cls.session)
        # MPI's own daemons end a moment after their job
        cls.addClassCleanup(lambda: wait_for_end(children()))
        cls.environment = {**os.environ,
                           "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                           "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_mpi_yield_when_idle": "1",
                           "OMPI_MCA_btl": "vader,self", "OMPI_MCA_pml": "ob1",
                           "OMPI_MCA_orte_tmpdir_base": str(cls.session),
                           "OMPI_MCA_btl_vader_backing_directory": str(cls.session)}

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="hypnos-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def job(self, name="job.ini", **settings):
        """A job file in the test's folder; returns its name there."""
        text = "".join(f"{key} = {value}\n" for key, value in settings.items())
        (self.folder / name).write_text(text)
        return name

    def command(self, *words, ranks=None):
        program = [self.program, *words]
        if ranks is not None:
            # mpirun can wait without end if ranks are killed while they start
            program = ["timeout", "-k", "5", "60", MPIRUN, "--bind-to", "none", "-n", ranks, *program]
        return [str(word) for word in program]

    def start(self, *words, ranks=None, **options):
        process = subprocess.Popen(self.command(*words, ranks=ranks), cwd=self.folder, env=self.environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   **options)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        """Ends a process that a failed test left running."""
        if process.poll() is None:
            family = [process.pid, *descendants(process.pid)]
            kill(family)
            process.communicate()
            wait_for_end(family)
        process.stdout.close()
        process.stderr.close()

    def hypnos(self, *words, ranks=None, **options):
        """Runs `hypnos WORDS` in the test's folder, under `mpirun -n ranks` if ranks are given."""
        process = self.start(*words, ranks=ranks, **options)
        out, err = process.communicate(timeout=90)
        answer = Answer(process.returncode, out, err)
        if words[:1] in (("run",), ("merge",)) and "-o" in words and answer.code in (DONE, SOME_FAILED, INCOMPLETE):
            self.assert_netcdf(self.folder / words[words.index("-o") + 1])
        return answer

    def hypnos_well(self, *words, **options):
        """The same, with a mock experiment that does not fail."""
        self.environment = {**self.environment, "HYPNOS_MOCK_WELL": "1"}
        try:
            return self.hypnos(*words, **options)
        finally:
            del self.environment

    def succeed(self, *words, **options):
        answer = self.hypnos(*words, **options)
        self.assertEqual(answer.code, DONE, answer)
        return answer

    def store(self, name):
        """A stored file, closed at the end of the test."""
        file = h5py.File(self.folder / name, "r")
        self.addCleanup(file.close)
        return file

    def files(self):
        """Names and bytes of all files in the test's folder."""
        return {str(path.relative_to(self.folder)): None if path.is_dir() else path.read_bytes()
                for path in sorted(self.folder.rglob("*"))}

    def assert_netcdf(self, path):
        """netCDF-C reads a store that was just made: all of a small one, the header of a large one."""
        if not path.is_file() or not h5py.is_hdf5(path):
            return
        with h5py.File(path, "r") as file:
            if file.attrs["layout"] < 2:  # which it cannot read
                return
        words = ["-h"] if path.stat().st_size > 500_000 else []
        ncdump = subprocess.run(["ncdump", *words, path], capture_output=True, text=True, timeout=60)
        self.assertEqual(ncdump.returncode, 0, f"ncdump {path}: {ncdump.stderr}")
        self.assertTrue(ncdump.stdout.endswith("}\n"), ncdump.stdout[-200:])

    def assert_same_bits(self, one, other):
        """Two stores agree in everything but provenance and timings."""
        first, second = contents(self.folder / one), contents(self.folder / other)
        self.assertEqual(first.keys(), second.keys())
        for name, value in first.items():
            if value != second[name]:
                self.fail(f"{name} differs between {one} and {other}:\n{shown(value)}\n{shown(second[name])}")


def contents(path):
    """Everything in a store that must not depend on the ranks that computed it, by name: arrays as type, shape, names
    of dimensions, attributes, raw bytes."""
    with h5py.File(path, "r") as file:
        everything = {"job": file.attrs["job"], "seed": file.attrs["seed"].tolist()}
        for group in ("realizations", "summary"):
            for name, dataset in file[group].items():
                if name in PROVENANCE:
                    continue
                values = dataset[()]
                raw = values.tolist() if values.dtype == object else values.tobytes()
                everything[f"{group}/{name}"] = (str(dataset.dtype), dataset.shape, dims(dataset), labels(dataset), raw)
    return everything


def is_scale(dataset):
    return h5py.h5ds.is_scale(dataset.id)


def dims(dataset):
    """Names of the dimensions, from the scales attached to them."""
    if is_scale(dataset):
        return (dataset.name.split("/")[-1],)
    return tuple(scale.name.split("/")[-1] for dimension in dataset.dims for scale in dimension.values())


def labels(dataset):
    return {name: str(dataset.attrs[name]) for name in ("units", "long_name", "_FillValue") if name in dataset.attrs}


def shown(value):
    if not (isinstance(value, tuple) and isinstance(value[-1], bytes)):
        return value
    kind, shape, names, attributes, raw = value
    return f"{kind} {shape} {names} {attributes}\n{np.frombuffer(raw, kind).reshape(shape)}"


def observables(file):
    """Names of the datasets of /realizations that hold results."""
    group = file["realizations"]
    labels = group["done"].attrs.get("coordinates", "").split()  # of parameters that share an axis
    return [name for name in group if not is_scale(group[name]) and name not in BOOKKEEPING and name not in labels]


def rows(file, name):
    """A dataset of /realizations with one row a task, in the order of tasks."""
    shape = file["realizations/done"].shape
    values = file["realizations"][name][()]
    return values.reshape(int(np.prod(shape)), *values.shape[len(shape):])


def job_label(file):
    """What all rows of a job have in common: its lines, without those that say which rows there are."""
    group = file["realizations"]
    swept = {*dims(group["done"]), *group["done"].attrs.get("coordinates", "").split()}
    lines = file.attrs["job"].splitlines(keepends=True)
    return "".join(line for line in lines
                   if line.partition("=")[0].strip() not in {"realizations", "together", *swept}).encode()


def row_labels(file):
    """The identity of each task within its job: the values of the sweep and the realization."""
    group = file["realizations"]
    axes = dims(group["done"])
    shared = group["done"].attrs.get("coordinates", "").split()
    members = [[name for name in shared if dims(group[name]) == (axis,)] or [axis] for axis in axes]
    columns = [[group[name][()] for name in names] for names in members]
    labels = []
    for place in np.ndindex(group["done"].shape):
        values = [column[k] for columns_of_axis, k in zip(columns, place) for column in columns_of_axis]
        labels.append(b"".join(value if isinstance(value, bytes) else value.tobytes() for value in values))
    return labels


def row_checksums(file):
    """What the checksum of each task must be if the row is whole."""
    names = file["realizations/checksum"].attrs["observables"].split()
    columns = [rows(file, name) for name in names]
    labels = row_labels(file) if file.attrs["layout"] > 1 else [b""] * columns[0].shape[0]
    job = job_label(file) if file.attrs["layout"] > 2 else b""
    return [zlib.crc32(job + label + b"".join(column[task].tobytes() for column in columns))
            for task, label in enumerate(labels)]


def messages(file):
    """The texts of /failures/message."""
    return [b"".join(row).decode() for row in file["failures/message"][()]]


def write_message(file, place, text):
    length = file["failures/message"].shape[1]
    file["failures/message"][place] = np.frombuffer(text.encode().ljust(length, b"\0"), "S1")


# --- processes ---

def process_table():
    """Parent and state of every process."""
    table = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:  # it has ended meanwhile
                continue
            table[int(entry.name)] = (int(parent), state)
    return table


def descendants(process):
    """The living processes below `process`."""
    table = process_table()
    found, front = [], [process]
    while front:
        parents = set(front)
        front = [pid for pid, (parent, state) in table.items() if parent in parents and state not in "ZX"]
        found += front
    return found


def children():
    """The children of this process, also those that have ended but are not yet reaped."""
    return [pid for pid, (parent, _) in process_table().items() if parent == os.getpid()]


def is_rank(process):
    try:
        return Path(f"/proc/{process}/exe").resolve() in (HYPNOS, MOCK)
    except OSError:
        return False


def kill(processes):
    for process in processes:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass


def wait_for_end(processes, seconds=20):
    """Waits until all of these have ended, and reaps orphans. Returns those that are left."""
    deadline = time.monotonic() + seconds
    while True:
        left = []
        for process in processes:
            try:
                if os.waitpid(process, os.WNOHANG)[0] == 0:
                    left.append(process)
            except ChildProcessError:  # another's child, or gone
                if process in process_table():
                    left.append(process)
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.01)


def write_recording(path, samples=400, neurons=24, seed=1):
    """Writes a small recording: neurons that fire at different rates, partly together."""
    noise = np.random.default_rng(seed)
    common = noise.random((samples, 1))
    raster = (0.7 * noise.random((samples, neurons)) + 0.3 * common < np.linspace(0.3, 0.6, neurons)).astype(np.int8)
    with h5py.File(path, "w") as file:
        file["samples"] = raster
        file["repeat"] = np.arange(samples) // 10
