#!/usr/bin/env python3
"""Dreams in plain numpy, and the table of all times.

usage: table.py FOLDER BUILD...      FOLDER: where run.sh left couplings, and the times of its BUILDs; native first
"""

import json
import os
import sys
import time

import numpy as np

N, epsilon = 800, 0.01


def dream(J, rng):
    s = rng.choice(np.array([-1, 1], J.dtype), N)
    while True:
        for i in rng.integers(N, size=N):
            if s[i] * (J[i] @ s) < 0:
                s[i] = -s[i]
        if (s * (J @ s) >= 0).all():
            break
    J -= epsilon / N * np.outer(s, s)
    np.fill_diagonal(J, 0)


def milliseconds(J, rng):
    start = time.process_time()
    dream(J, rng)
    return 1e3 * (time.process_time() - start)


def fastest(folder, build):
    """The fastest repetition of every benchmark, in microseconds: the others were disturbed."""
    best = {}
    for run in json.load(open(os.path.join(folder, "times-" + build)))["benchmarks"]:
        if run["run_type"] == "iteration":
            name = run["run_name"].removesuffix("/iterations:1")
            if "dreams" in run:
                time_of_one = 1e6 / run["dreams"]
            elif "of one" in run:
                time_of_one = 1e6 * run["of one"]
            else:
                time_of_one = 1e3 * run["cpu_time"]  # given in ms
            best[name] = min(best.get(name, np.inf), time_of_one)
    return best


if __name__ == "__main__":
    folder, builds = sys.argv[1], sys.argv[2:]
    times = {build: fastest(folder, build) for build in builds}
    native = times[builds[0]]

    def line(what, name, *rivals):
        elsewhere = "".join(f"{times[build][name]:12.1f}" for build in builds[1:])
        ratios = ", ".join(f"{rival} {time_of:.1f} us ({time_of / native[name]:.3g})" for rival, time_of in rivals)
        print(f"{what:42}{native[name]:10.1f}{elsewhere}   {ratios}")

    print(f"{'us, N = 800, alpha = 0.3':42}{'here':>10}{''.join(f'{b:>12}' for b in builds[1:])}   rivals (in units of here)")
    for D in (0, 12000):
        rng = np.random.default_rng(1)
        J = np.fromfile(os.path.join(folder, str(D)), np.float32).reshape(N, N)
        in_numpy = 1e3 * np.median([milliseconds(J, rng) for _ in range(30)])
        line(f"a dream after {D} of them", f"dream/{D}", ("naive C++", native[f"naive<double>/{D}"]),
             ("in single precision", native[f"naive<float>/{D}"]), ("numpy, single", in_numpy))
    needed = native["product"] + native["memory_pass"]
    line("an iteration of the symmetric perceptron", "iteration", ("product and memory pass", needed))
    for first, last in ((0, 100), (0, 40), (50, 100)):
        line(f"a trajectory from m_0 = {first / 100:g} ... {last / 100:g}", f"together/{first}/{last}",
             ("one by one", native[f"one_by_one/{first}/{last}"]))
    print(f"a run of 12000 dreams with stabilities after every 300: {native['run/12000']:.1f} us a dream")
