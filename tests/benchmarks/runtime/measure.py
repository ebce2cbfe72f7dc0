#!/usr/bin/env python3
"""The cost of the runtime, with the ideal and the goal. Run by tests/benchmarks/runtime.sh.

usage: measure.py FOLDER ROUNDS      FOLDER holds benchmark_busy, benchmark_ideal and benchmark_dispatcher
"""

import json
import os
import subprocess
import sys
import tempfile
import time

import h5py

RANKS = 2
TASKS = 10_000
STORE = "store.h5"
INCOMPLETE = 75

# two ranks may have to share a core with other programs
MPIRUN = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
          "OMPI_MCA_rmaps_base_oversubscribe": "1"}


class Programs:
    """Starts programs in their own folder, and reads the output of their clocks."""

    def __init__(self, binaries, folder):
        self.binaries, self.folder = os.path.abspath(binaries), folder
        self.clocks = os.path.join(folder, "clocks")
        with open(os.path.join(folder, "busy.ini"), "w") as job:
            job.write("experiment = busy\n")

    def output(self, name, *words, ranks=0, code=0):
        launcher = ["mpirun", "--bind-to", "none", "-n", str(ranks)] if ranks else []
        process = subprocess.run([*launcher, os.path.join(self.binaries, name), *map(str, words)], cwd=self.folder,
                                 env={**os.environ, **MPIRUN, "HYPNOS_CLOCKS": self.clocks}, timeout=900, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if process.returncode != code:
            sys.exit(f"{name} {' '.join(map(str, words))}: exit code {process.returncode}\n{process.stderr}")
        return process.stdout

    def timed(self, *words, ranks=0, code=0):
        """The start of `hypnos WORDS`, its duration in seconds, and the clocks of its processes."""
        if os.path.exists(self.clocks):
            os.remove(self.clocks)
        start = time.monotonic()
        self.output("benchmark_busy", *words, ranks=ranks, code=code)
        seconds = time.monotonic() - start
        with open(self.clocks) as lines:
            clocks = [json.loads(line) for line in lines]
        return start, seconds, sorted(clocks, key=lambda process: process["rank"])

    def run(self, *settings, code=0):
        return self.timed("run", "busy.ini", *settings, "-o", STORE, "--quiet", ranks=RANKS, code=code)

    def remove_store(self):
        path = os.path.join(self.folder, STORE)
        if os.path.exists(path):
            os.remove(path)

    def busy_seconds(self):
        with h5py.File(os.path.join(self.folder, STORE)) as store:
            return float(store["realizations/spent"][...].sum())


def one_run(programs, settings):
    """The use of time of one job, in seconds; `spent` is the processor time of all threads during the work."""
    programs.remove_store()
    start, seconds, clocks = programs.run(*settings)
    begin = min(process["begin"] for process in clocks)
    end = max(process["end"] for process in clocks)

    def total(name):
        return sum(process[name] for process in clocks)

    return {"busy": programs.busy_seconds(), "wall": end - begin, "before": begin - start,
            "after": start + seconds - end, "spent": total("main_seconds") + total("dispatcher_seconds"),
            "dispatcher": total("dispatcher_seconds"), "asking": total("sending"), "waiting": total("waiting"),
            "writing": total("writing"), "answers": clocks[0]["dispatcher_sends"], "writes": total("writes")}


def short_tasks(programs, rounds, title, *settings):
    ideals, runs = [], []
    for _ in range(rounds):
        ideals.append(float(programs.output("benchmark_ideal", TASKS, 1, ranks=RANKS)))
        runs.append(one_run(programs, ["milliseconds=1", *settings]))
    best = min(runs, key=lambda run: run["wall"])
    leanest = min(runs, key=lambda run: run["spent"] / run["busy"])
    print(f"\n{TASKS} tasks of 1 ms on {RANKS} ranks, {title} (goal: less than 5 % lost)")
    print(f"  wall time, best of {rounds}: {best['wall']:.2f} s; by the tasks alone {best['busy'] / RANKS:.2f} s; "
          f"a bare loop over them {min(ideals):.2f} s")
    print(f"  lost of the wall time        {1 - best['busy'] / RANKS / best['wall']:8.1%}, "
          f"by the bare loop {1 - best['busy'] / RANKS / min(ideals):.1%}")
    print(f"  lost of the processor time   {1 - leanest['busy'] / leanest['spent']:8.1%}: "
          "what other programs take does not count")
    for name, what in (("dispatcher", "the dispatcher's thread"), ("asking", "sending to the dispatcher"),
                       ("waiting", "waiting for its answers"), ("writing", "MPI-IO writes")):
        print(f"    {what:26} {leanest[name] / leanest['spent']:8.2%}")
    print(f"  {leanest['answers']} answers, {leanest['writes']} writes; from the command to the first task "
          f"{best['before']:.2f} s, from the last to the end {best['after']:.2f} s")


def dispatcher(programs):
    print("\nRequests that the dispatcher serves while no team computes (goal: above 5000 a second)")
    print("  clients  a second  us of rank 0's processor time each")
    for ranks, clients in ((2, 1), (2, 16), (2, 256), (4, 16)):
        asking, rate, cost = programs.output("benchmark_dispatcher", clients, 2, ranks=ranks).split()
        print(f"  {asking:>7}  {rate:>8}  {cost:>5}")


def fastest(programs, *words, code=0):
    return min(programs.timed(*words, code=code)[1] for _ in range(3))


def million(programs):
    print("\nStores of a million tasks of one number, seconds (goals: creation below 10, status below 1)")
    print(f"  {'':34}{'creation':>9}{'status':>9}{'reduce':>9}   us of processor time a task of no length")
    for title, settings, carried_out in (
            ("10^6 realizations of 1 point", ["realizations=1000000"], True),
            ("10^3 realizations of 10^3 points", ["realizations=1000", "x=1:1000:1"], True),
            ("10 realizations of 10^5 points", ["realizations=10", "x=1:100000:1"], False)):
        programs.remove_store()
        settings = ["milliseconds=0", *settings]
        # no time for any task; only the work of rank 0 before it sends the job to the others
        _, _, clocks = programs.run(*settings, "--time-limit", "0:00", code=INCOMPLETE)
        created = clocks[0]["shared"] - clocks[0]["entered"]
        cost = ""
        if carried_out:
            _, _, clocks = programs.run(*settings)
            spent = sum(process["main_seconds"] - process["waiting"] for process in clocks)
            cost = f"{spent:9.2f}"  # seconds of a million
        status = fastest(programs, "status", STORE, code=0 if carried_out else INCOMPLETE)
        reduced = fastest(programs, "reduce", STORE)
        print(f"  {title:34}{created:9.2f}{status:9.3f}{reduced:9.2f}{cost}")


def memory(programs):
    print("\nMemory of the reducer, rows of 100 numbers")
    print("  realizations  store MB  peak MB  reduce s")
    for realizations in (10_000, 100_000, 1_000_000):
        programs.remove_store()
        programs.run("milliseconds=0", "numbers=100", f"realizations={realizations}")
        _, seconds, clocks = programs.timed("reduce", STORE)
        size = os.path.getsize(os.path.join(programs.folder, STORE))
        print(f"  {realizations:>12}  {size / 1e6:8.0f}  {clocks[0]['peak_kB'] * 1.024e-3:7.1f}  {seconds:8.2f}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        programs = Programs(sys.argv[1], scratch)
        rounds = int(sys.argv[2])
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        short_tasks(programs, rounds, "all of one point", f"realizations={TASKS}")
        short_tasks(programs, rounds, "each a point of a sweep", f"x=1:{TASKS}:1")
        dispatcher(programs)
        million(programs)
        memory(programs)
        print(f"\nload of the machine: {os.getloadavg()[0]:.1f}")
