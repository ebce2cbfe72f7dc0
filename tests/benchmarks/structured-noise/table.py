#!/usr/bin/env python3
"""The table of the times of steps.

usage: table.py TIMES      TIMES: what run.sh has measured
"""

import json
import sys

if __name__ == "__main__":
    best = {}
    for run in json.load(open(sys.argv[1]))["benchmarks"]:
        if run["run_type"] == "iteration":
            name = run["run_name"]
            best[name] = min(best.get(name, float("inf")), 1e6 * run["of one"])
    print(f"{'us a step':24}{'blocks':>10}{'fused':>10}{'ratio':>8}")
    for rule in "fixed", "rescaled", "symmetric":
        for N in 100, 500:
            blocks = best[f"blocks/{rule}/{N}"]
            fused = best.get(f"fused/{rule}/{N}")
            beside = "" if fused is None else f"{fused:10.2f}{fused / blocks:8.2f}"
            print(f"{f'{rule}, N = {N}':24}{blocks:10.2f}{beside}")
