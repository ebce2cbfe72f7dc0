#!/usr/bin/env python3
"""Dreams as one writes them in numpy, beside the times of `benchmark_unlearning --benchmark_out=TIMES`.

usage: unlearning.py TIMES COUPLINGS      COUPLINGS: the folder into which benchmark_unlearning wrote them
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


if __name__ == "__main__":
    # the median dream, and of this the fastest repetition: the others were disturbed
    best = {}
    for run in json.load(open(sys.argv[1]))["benchmarks"]:
        if run["run_type"] == "iteration":
            name = run["run_name"].removesuffix("/iterations:1")
            best[name] = min(best.get(name, np.inf), 1e3 / run["dreams"])

    print(f"{'dreams before':>14}{'here us':>10}{'naive C++ us':>14}{'numpy us':>10}{'ratios':>14}")
    for D in (0, 12000):
        rng = np.random.default_rng(1)
        J = np.fromfile(os.path.join(sys.argv[2], str(D)), np.float32).reshape(N, N)
        here, naive = 1e3 * best[f"dream/{D}"], 1e3 * best[f"naive/{D}"]
        in_numpy = 1e3 * np.median([milliseconds(J, rng) for _ in range(30)])
        print(f"{D:14}{here:10.1f}{naive:14.0f}{in_numpy:10.0f}{naive / here:8.0f}{in_numpy / here:6.0f}")
    print(f"a run of 12000 dreams with stabilities after every 300: {1e3 * best['run/12000']:.1f} us a dream")
