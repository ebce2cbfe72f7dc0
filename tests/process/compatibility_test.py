"""Stores of earlier programs: readable without their experiment, and computed further as far as today's declaration
allows. tests/stores/VERSION/make.sh says what the stores hold."""

import re
import shutil
import unittest

from hypnos_process import (BAD_INPUT, DONE, DONE_ROW, HYPNOS, INCOMPLETE, MOCK, OPEN_ROW, ROOT, SOME_FAILED,
                            ProcessTest, observables, rows)

import h5py
import numpy as np

STORES = ROOT / "tests/stores"
REMEDY = "use the program that made it (hypnos 0.1.0"


def digest(file):
    """All numbers of /realizations, by task."""
    return {name: rows(file, name).tobytes() for name in [*observables(file), "done", "checksum", "seconds", "rank"]}


class Earlier(ProcessTest):
    def take(self, name, version="0.1"):
        """A copy of a store in the folder of the test."""
        shutil.copy(STORES / version / name, self.folder / name)
        return name

    def refused(self, *words, **options):
        """The command ends with one line and leaves everything as it was; returns the line."""
        before = self.files()
        answer = self.hypnos(*words, **options)
        self.assertEqual(answer.code, BAD_INPUT, answer)
        self.assertEqual(answer.err.count("\n"), 1, answer)
        self.assertEqual(self.files(), before)
        return answer.err


class Reading(Earlier):
    def sessions(self, version):
        """The commands of every NAME.txt, with what they are to print, and their exit codes."""
        for text in sorted((STORES / version).glob("*.txt")):
            for session in re.split(r"^\$ hypnos ", text.read_text(), flags=re.M)[1:]:
                words, _, rest = session.partition("\n")
                shown, _, code = rest.rpartition("exit code ")
                yield words.split(), shown, int(code)

    def test_show_status_and_verify(self):
        count = 0
        for version in sorted(path.name for path in STORES.iterdir()):
            for path in (STORES / version).glob("*.h5"):
                self.take(path.name, version)
            # a processor without fused multiplication rounds errors of means otherwise
            for path in (STORES / version).glob("*.h5"):
                before = self.hypnos("verify", path.name)
                if "is not the summary of its rows" in before.out:
                    self.succeed("reduce", path.name)
            for words, shown, code in self.sessions(version):
                with self.subTest(" ".join(words)):
                    before = self.files()
                    answer = self.hypnos(*words)
                    if words[0] == "verify" or "--csv" not in words:
                        self.assertEqual(answer.err + answer.out, shown)
                    self.assertEqual(answer.code, code, answer)
                    self.assertEqual(self.files(), before)
                    count += 1
        self.assertGreaterEqual(count, 32)

    def test_numbers_of_show(self):
        for words, shown, code in self.sessions("0.1"):
            if "--csv" in words:
                with self.subTest(" ".join(words)):
                    self.take(words[1])
                    lines = self.hypnos(*words).out.splitlines()
                    wanted = shown.splitlines()
                    self.assertEqual(lines[0], wanted[0])
                    for line, other in zip(lines[1:], wanted[1:], strict=True):
                        for cell, expected in zip(line.split(","), other.split(","), strict=True):
                            self.assertEqual(cell, expected)

    def test_every_observable_is_shown(self):
        for path in sorted((STORES / "0.1").glob("*.h5")):
            self.take(path.name)
            file = self.store(path.name)
            for name in observables(file):
                with self.subTest(f"{path.name} {name}"):
                    lines = self.succeed("show", path.name, name, "--csv").out.splitlines()
                    self.assertEqual(len(lines) - 1, file[f"summary/{name}_mean"].size)

    def test_reduce(self):
        for path in sorted((STORES / "0.1").glob("*.h5")):
            with self.subTest(path.name):
                name = self.take(path.name)
                with h5py.File(self.folder / name, "r+") as file:
                    for dataset in file["summary"].values():
                        if not h5py.h5ds.is_scale(dataset.id) and "realizations/" + dataset.name not in file:
                            if dataset.dtype.kind != "O" and dataset.name.split("/")[-1] not in file["realizations"]:
                                dataset[...] = 0
                self.succeed("reduce", name)
                self.succeed("verify", name)
                with h5py.File(STORES / "0.1" / name, "r") as before, h5py.File(self.folder / name, "r") as after:
                    if before["summary/rows"][()] == 0:
                        continue
                    for part, dataset in before["summary"].items():
                        if dataset.dtype.kind == "f":
                            # one rounding of a product
                            np.testing.assert_allclose(after["summary"][part][()], dataset[()], rtol=1e-14)

    def test_layout_2(self):
        # its checksums cover the row, but not the job
        name = self.take("curie-weiss.h5", "layout-2")
        self.succeed("verify", name)
        job = self.job(experiment="curie-weiss", N="10, 20", beta_d="0.5, 1.5", together="N, beta_d", a="0.5, 1",
                       betas="0.5, 1, 2", realizations=2)
        self.succeed("run", job, "-o", name)
        self.assertEqual(int(self.store(name).attrs["layout"]), 2)
        self.succeed("verify", name)
        shutil.copy(self.folder / name, self.folder / "swapped.h5")
        with h5py.File(self.folder / "swapped.h5", "r+") as file:
            for part in [*observables(file), "checksum"]:
                values = file["realizations"][part]
                values[0, 0], values[1, 1] = values[1, 1], values[0, 0]
        self.assertEqual(self.hypnos("verify", "swapped.h5").out.count("do not have the stored checksum"), 4)
        self.succeed("run", job, "realizations=3", "-o", name, "--extend")
        self.assertEqual(int(self.store(name).attrs["layout"]), 3)
        self.succeed("verify", name)
        self.succeed("run", job, "realizations=3", "-o", "fresh.h5")
        self.assert_same_bits("fresh.h5", name)

    def test_damage_is_found(self):
        name = self.take("foreign.h5")
        with h5py.File(self.folder / name, "r+") as file:
            file["realizations/walk"][1, 0] += 1
        answer = self.hypnos("verify", name)
        self.assertEqual(answer.code, BAD_INPUT, answer)
        self.assertIn("task 4 (steps = 10, realization 0): its values do not have the stored checksum", answer.out)


class Computing(Earlier):
    def test_an_experiment_that_no_longer_exists(self):
        name = self.take("foreign.h5")
        self.job(experiment="curie-weiss")
        line = f"{name} holds the experiment 'silly', which this program does not have; {REMEDY}"
        self.assertIn(line, self.refused("replay", name, "--task", 0))
        self.assertIn(line, self.refused("run", "job.ini", "-o", name, "--extend"))
        self.assertIn("They differ in experiment: silly in the file, curie-weiss in the job",
                      self.refused("run", "job.ini", "-o", name))

    def test_a_parameter_that_no_longer_exists(self):
        name = self.take("changed.h5")
        self.job(experiment="curie-weiss", N="10, 20", beta_d="0.5, 1.5", together="N, beta_d", a="0.5, 1",
                 betas="0.5, 1, 2")
        line = f"{name} has softness = 2, but curie-weiss of this program has no parameter 'softness'; {REMEDY}"
        for words in (["replay", name, "--task", 0], ["run", "job.ini", "-o", name],
                      ["run", "job.ini", "realizations=3", "-o", name, "--extend"]):
            self.assertIn(line, self.refused(*words))

    def test_an_observable_that_no_longer_exists(self):
        name = self.take("changed.h5")
        with h5py.File(self.folder / name, "r+") as file:
            file.attrs["job"] = file.attrs["job"].replace("softness = 2\n", "")
        self.job(experiment="curie-weiss", N="10, 20", beta_d="0.5, 1.5", together="N, beta_d", a="0.5, 1",
                 betas="0.5, 1, 2")
        line = f"{name} has the observable 'corr_a', which curie-weiss of this program does not measure; {REMEDY}"
        for words in (["replay", name, "--task", 0], ["run", "job.ini", "-o", name],
                      ["run", "job.ini", "realizations=3", "-o", name, "--extend"]):
            self.assertIn(line, self.refused(*words))

    SETTINGS = {"experiment": "symmetric-perceptron", "N": 10, "alpha": 0.2, "realizations": 3, "records": 2,
                "retrieval_points": 0}

    def test_resumed_where_a_parameter_and_an_observable_were_added_since(self):
        name = self.take("earlier.h5")
        before = self.store(name)
        old = digest(before)
        before.close()
        job = self.job(**self.SETTINGS)
        self.assertEqual(self.succeed("run", job, "tolerated_error=0.05", "-o", name, "--quiet", ranks=2).err, "")
        self.succeed("run", job, "-o", "fresh.h5", "--quiet")
        after, fresh = self.store(name), self.store("fresh.h5")
        self.assertEqual(int(after.attrs["layout"]), 1)
        self.assertEqual(rows(after, "done").tolist(), [DONE_ROW] * 3)
        self.assertNotIn("q_hebb", after["realizations"])
        for part, raw in old.items():
            size = len(raw) // 3
            self.assertEqual(rows(after, part)[:2].tobytes(), raw[:2 * size], part)
        for part in observables(after):
            self.assertEqual(rows(after, part)[2].tobytes(), rows(fresh, part)[2].tobytes(), part)
        self.succeed("verify", name)
        self.assertIn("the same, bit by bit", self.succeed("replay", name, "--task", 2).out)
        # what differs is named
        self.assertIn("They differ in tolerated_error: 0.05 in the file, 0.1 in the job",
                      self.refused("run", job, "tolerated_error=0.1", "-o", name))
        self.assertIn("They differ in N: 10 in the file, 11 in the job",
                      self.refused("run", job, "N=11", "-o", name))

    def test_extended_where_an_observable_was_added_since(self):
        name = self.take("earlier.h5")
        kept = set(observables(self.store(name)))
        job = self.job(**{**self.SETTINGS, "realizations": 5})
        answer = self.succeed("run", job, "-o", name, "--extend", ranks=2)
        self.assertRegex(answer.err, r"earlier.h5: extended without .*\bq_hebb\b.*, which its rows do not have; a new store "
                                     r"has everything")
        self.succeed("run", job, "-o", "fresh.h5", "--quiet")
        after, fresh = self.store(name), self.store("fresh.h5")
        self.assertEqual(int(after.attrs["layout"]), int(fresh.attrs["layout"]))
        self.assertEqual(set(observables(after)), kept)
        self.assertIn("q_hebb", set(observables(fresh)) - kept)
        for part in observables(after):
            self.assertEqual(rows(after, part)[2:].tobytes(), rows(fresh, part)[2:].tobytes(), part)
        self.succeed("verify", name)
        self.succeed("run", job, "-o", name)

    def test_extended_to_the_layout_of_today(self):
        # its job has `save_couplings = 1`, and realizations 0:1, 4:5 are done
        name = self.take("hebbian-unlearning.h5")
        old = self.store(name)
        words = {key.strip(): value.strip() for key, _, value in
                 (line.partition("=") for line in old.attrs["job"].splitlines())}
        before = {part: old["realizations"][part][()] for part in [*observables(old), "seconds", "rank", "done"]}
        old.close()
        job = self.job(**{**words, "realizations": "0:7"})
        self.succeed("run", job, "-o", name, "--extend", "--quiet", ranks=2)
        self.succeed("verify", name)
        self.succeed("run", job, "-o", "fresh.h5", "--quiet")
        after, fresh = self.store(name), self.store("fresh.h5")
        self.assertEqual(int(after.attrs["layout"]), int(fresh.attrs["layout"]))
        kept = before["done"][0] == DONE_ROW
        self.assertEqual(np.flatnonzero(kept).tolist(), [0, 1, 4, 5])
        for part in before:
            self.assertEqual(after["realizations"][part][:, :7][:, kept].tobytes(), before[part][:, kept].tobytes(), part)
        for part in observables(after):
            self.assertEqual(after["realizations"][part][:, [2, 3, 6, 7]].tobytes(),
                             fresh["realizations"][part][:, [2, 3, 6, 7]].tobytes(), part)

    def test_merged_with_a_store_of_today(self):
        name = self.take("support-vector-machine.h5")
        job = self.job(experiment="support-vector-machine", N=11, alpha=0.2, tolerance="0.001, 0.1", realizations="2:3",
                       retrieval_points=3, retrieval_trials=1)
        self.succeed("run", job, "-o", "b.h5", "--quiet")
        answer = self.succeed("merge", name, "b.h5", "-o", "all.h5")
        self.succeed("verify", "all.h5")
        one, other, merged = self.store(name), self.store("b.h5"), self.store("all.h5")
        self.assertEqual(set(observables(merged)), set(observables(one)))
        if added := set(observables(other)) - set(observables(one)):
            self.assertRegex(answer.err, rf"all.h5: merged without .*\b{added.pop()}\b.*, which not all parts have\n")
        for part in observables(merged):
            self.assertEqual(merged["realizations"][part][()].tobytes(),
                             np.concatenate([file["realizations"][part][()] for file in (one, other)], axis=1).tobytes())
        self.succeed("run", job, "realizations=4", "-o", "all.h5", "--quiet")


class Foreign(Earlier):
    """The program that has the experiment continues a store with gaps and a failed row."""

    program = MOCK

    def test_gaps_are_filled(self):
        name = self.take("foreign.h5")
        with h5py.File(self.folder / name, "r+") as file:  # its experiment has another name now
            file.attrs["experiment"] = "mock"
            file.attrs["job"] = file.attrs["job"].replace("silly", "mock")
        job = self.job(experiment="mock", steps="5, 10", factor=0.5, size=3, realizations="0:1, 4:5", fail=4)
        answer = self.hypnos("run", job, "-o", name, "--quiet", ranks=2)
        self.assertEqual(answer.code, SOME_FAILED, answer)
        self.assertIn("realization 4 fails as it was asked to", self.hypnos("status", name).out)
        self.assertEqual(self.hypnos_well("run", job, "-o", name, "--quiet").code, DONE)
        self.assertEqual(int(self.store(name).attrs["layout"]), 1)
        self.succeed("verify", name)
        self.assertEqual(self.hypnos_well("run", job, "realizations=7", "-o", name, "--extend", "--quiet").code, DONE)
        self.assertEqual(self.hypnos_well("run", job, "realizations=7", "-o", "fresh.h5", "--quiet").code, DONE)
        self.succeed("verify", name)
        extended, fresh = self.store(name), self.store("fresh.h5")
        self.assertEqual(set(observables(extended)), {"sum", "walk", "shared", "multiples"})
        for part in [*observables(extended), "done", "realization"]:
            self.assertEqual(extended["realizations"][part][()].tobytes(), fresh["realizations"][part][()].tobytes(), part)


if __name__ == "__main__":
    unittest.main()
