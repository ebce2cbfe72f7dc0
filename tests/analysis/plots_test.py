#!/usr/bin/python3
"""hypnos-plot and the figure scripts, on small stores in the layout of the program: pictures, and mistakes."""

import re
import unittest
from unittest import mock

import h5py
import numpy as np

from appearance import faults
from example_store import DONE, FAILED, OPEN, Scratch, boltzmann_store, curie_weiss_store, write_store
from hypnos.command import in_order
from hypnos.layout import arrange, broken, legend, length, panels
from hypnos.store import StoreError
from hypnos.style import inches, plt, sheet
from scripts import ANALYSIS, JOBS, PNG, ROOT, run_script


class Plots(Scratch):
    def assert_drawn(self, name, *arguments):
        picture = self.folder / "out.png"
        picture.unlink(missing_ok=True)
        self.assertEqual(run_script(name, *arguments, "-o", picture), (0, f"{picture}\n", ""))
        self.assertEqual(picture.read_bytes()[:8], PNG)

    def assert_refused(self, expected, name, *arguments):
        code, out, err = run_script(name, *arguments)
        self.assertEqual((code, out), (2, ""), err)
        self.assertEqual(err.count("\n"), 1, err)
        self.assertIn(expected, err)
        self.assertEqual(list(self.folder.glob("*.png")), [])

    def test_observables_with_no_one_and_two_axes_are_drawn(self):
        boltzmann_store(self.path)
        for observable in ("sDKL", "Cv_curve", "J"):
            self.assert_drawn("hypnos/plot.py", self.path, observable)

    def test_axes_can_be_chosen_and_held(self):
        boltzmann_store(self.path)
        self.assert_drawn("hypnos/plot.py", self.path, "Cv", "--x", "rule", "--hue", "a")
        self.assert_drawn("hypnos/plot.py", self.path, "Cv_curve", "--hue", "a", "--at", "rule=l1", "beta=1")
        self.assert_drawn("hypnos/plot.py", self.path, "J", "--realization", "2", "--at", "a=1")
        self.assert_drawn("hypnos/plot.py", self.path, "J", "--x", "a")

    def test_a_store_without_sweep_and_one_that_is_half_done_are_drawn(self):
        write_store(self.path, "x", "N = 1\n", {}, 3, {"E": ((), "1", "energy", [1.0, 2.0, 3.0])})
        self.assert_drawn("hypnos/plot.py", self.path, "E")
        done = np.full((2, 3, 4), DONE)
        done[1:], done[0, 0, 0] = OPEN, FAILED
        boltzmann_store(self.path, done=done, failures=[(0, "no root")])
        for observable in ("sDKL", "Cv_curve"):
            self.assert_drawn("hypnos/plot.py", self.path, observable)

    def test_the_figures_are_drawn_from_their_jobs(self):
        for realizations in (1, 4):
            boltzmann_store(self.path, rules=(), realizations=realizations)
            self.assert_drawn("quickstart.py", self.path)
        boltzmann_store(self.path, rules=(), job="data = file\nrule = unlearning\nfile = recording.h5\n")
        self.assert_drawn("learning-and-unlearning/fig4.py", self.path)
        curie_weiss_store(self.path)
        self.assert_drawn("unlearning-regularization/fig2.py", self.path)

    def figure_of(self, name, *arguments):
        """The figure that was drawn; without faults."""
        seen = []
        code, _, err = run_script(name, *arguments, "-o", self.folder / "out.png", look=seen.append)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(faults(seen[0]), [])
        return seen[0]

    def test_pictures_have_the_width_that_is_asked_for_in_every_format(self):
        boltzmann_store(self.path, rules=())
        picture = self.folder / "out"
        for width in ("86mm", "8.6 cm", "3.38583in", "243.78pt"):
            self.assertAlmostEqual(inches(width), 86 / 25.4, delta=1e-4)
        for ending, pattern in ((".svg", rb'<svg [^>]*width="([0-9.]+)pt"'), (".pdf", rb"/MediaBox \[ 0 0 ([0-9.]+) ")):
            file = picture.with_suffix(ending)
            self.assertEqual(run_script("quickstart.py", self.path, "--width", "86mm", "-o", file)[0], 0)
            self.assertAlmostEqual(float(re.search(pattern, file.read_bytes())[1]), 86 / 25.4 * 72, delta=0.01)
            self.assertNotIn(b"/Type3", file.read_bytes())

    def test_text_has_the_size_of_the_style(self):
        boltzmann_store(self.path)
        for options, least, largest, width in ((["--width", "178mm"], 7, 9, 178 / 25.4),
                                               (["--style", "paper"], 7, 9, 86 / 25.4),
                                               (["--style", "talk"], 15, 22, 12),
                                               (["--style", "talk", "--width", "20cm"], 15, 22, 20 / 2.54)):
            for observable in ("Cv_curve", "J"):
                figure = self.figure_of("hypnos/plot.py", self.path, observable, *options)
                self.assertEqual(faults(figure, (least, largest)), [], options)
                self.assertAlmostEqual(figure.get_figwidth(), width)

    def test_titles_and_captions_can_be_left_out(self):
        boltzmann_store(self.path, rules=())
        whole = self.figure_of("quickstart.py", self.path)
        self.assertEqual([len(whole.across), whole.panels[0].get_title(loc="left")[:8]], [2, "(a) more"])
        bare = self.figure_of("quickstart.py", self.path, "--no-title")
        self.assertEqual([len(bare.across), bare.panels[0].get_title(loc="left")], [1, "(a)"])
        self.assertIn("Means over", bare.across[0].get_text())
        self.assertEqual(self.figure_of("quickstart.py", self.path, "--no-title", "--no-caption").across, [])

    def test_a_panel_without_data_says_why(self):
        shape = (3, 4, 30)
        empty = ("beta",), "nats", "specific heat; NaN if the weather is bad", np.full(shape, np.nan)
        boltzmann_store(self.path, rules=(), Cv_curve=empty, Cv_curve_data=empty)
        figure = self.figure_of("quickstart.py", self.path)
        self.assertIn("is NaN in 4 samples (the weather is bad)", self.reason(figure, 1))
        self.assertIsNone(self.reason(figure, 0))
        with h5py.File(self.path, "r+") as file:
            del file["realizations/Cv_curve"]
        figure = self.figure_of("quickstart.py", self.path)
        self.assertEqual(self.reason(figure, 1), "not measured: this store has no Cv_curve")
        done = np.full((2, 3, 4), DONE)
        done[0] = OPEN
        boltzmann_store(self.path, done=done)
        figure = self.figure_of("hypnos/plot.py", self.path, "sDKL", "--x", "a", "--at", "rule=unlearning")
        self.assertIn("no samples", self.reason(figure, 0))

    def reason(self, figure, panel):
        return next((" ".join(text.get_text().split()) for text in figure.panels[panel].texts
                     if text.get_gid() == "reason"), None)

    def test_captions_count_samples(self):
        for realizations, expected in (
                (1, "One sample of the disorder, so there are no errors."),
                (4, "Means over 4 samples of the disorder; bars and bands are one standard error.")):
            boltzmann_store(self.path, rules=(), realizations=realizations)
            said = self.figure_of("quickstart.py", self.path).across[1].get_text()
            self.assertIn(expected, " ".join(said.split()))

    def test_every_fault_of_a_picture_is_seen(self):
        def drawn(spoil):
            with sheet(width="86mm"):
                figure, (ax,) = panels(1)
                ax.plot([0, 1], [0, 1], label="line")
                spoil(figure, ax)
                arrange(figure)
                figure.set_layout_engine("none")
                figure.savefig(self.folder / "out.png")
                return faults(figure, (7, 9))
        plt.switch_backend("Agg")
        self.assertEqual(drawn(lambda figure, ax: legend(ax)), [])
        cases = {"a legend lies on data": lambda figure, ax: ax.legend(loc="center"),
                 "lies on data": lambda figure, ax: ax.text(0.5, 0.5, "here", ha="center"),
                 "is cut": lambda figure, ax: figure.text(0.95, 0.5, "too long a text"),
                 "overlaps": lambda figure, ax: (ax.text(0.6, 0.2, "here"), ax.text(0.62, 0.2, "there")),
                 "has 5 points": lambda figure, ax: ax.set_xlabel("x", fontsize=5)}
        for expected, spoil in cases.items():
            self.assertTrue(any(expected in fault for fault in drawn(spoil)), expected)
        wordless = drawn(lambda figure, ax: (ax.clear(), ax.set_title("(a)"), figure.reasons.update({ax: ""})))
        self.assertEqual(wordless, ["a panel is empty without a word"])

    def test_long_texts_are_broken_at_spaces_outside_of_mathematics_and_never_lost(self):
        text = "one two $a + b = c$ three recording_with_a_very_long_name_indeed.h5 end"
        lines = broken(text, 80, 8).split("\n")
        self.assertEqual("".join(lines).replace(" ", ""), text.replace(" ", ""))
        self.assertTrue(all(length(line, 8) <= 80 for line in lines), lines)
        self.assertTrue(any("$a + b = c$" in line for line in lines), lines)

    def test_every_job_names_the_script_that_draws_it(self):
        jobs = sorted((JOBS).rglob("*.ini"))
        self.assertTrue(jobs)
        for job in jobs:
            with job.open() as lines:
                first = lines.readline()
            script = ANALYSIS / job.relative_to(JOBS).with_suffix(".py")
            if not script.is_file():  # one of several jobs of a figure, FIGURE-PART.ini
                script = script.with_stem(script.stem.rpartition("-")[0])
            self.assertIn(str(script.relative_to(ROOT)), first, job)
            self.assertTrue(script.is_file(), script)

    def test_mistakes_get_one_line_and_code_2(self):
        boltzmann_store(self.path)
        self.assert_refused("did you mean 'sDKL'", "hypnos/plot.py", self.path, "sDLK")
        self.assert_refused("it has rule, a", "hypnos/plot.py", self.path, "Cv", "--x", "time")
        self.assert_refused("cannot be both", "hypnos/plot.py", self.path, "Cv", "--x", "a", "--hue", "a")
        self.assert_refused("it has unlearning, l1", "hypnos/plot.py", self.path, "Cv", "--at", "rule=l3")
        self.assert_refused("not a number", "hypnos/plot.py", self.path, "Cv", "--at", "a=half")
        self.assert_refused("realization 9", "hypnos/plot.py", self.path, "J", "--realization", "9")
        self.assert_refused("no file", "hypnos/plot.py", self.folder / "missing.h5", "Cv")
        self.assert_refused("its ending must be", "hypnos/plot.py", self.path, "Cv", "-o", self.folder / "x.doc")
        self.assert_refused("cannot write", "hypnos/plot.py", self.path, "Cv", "-o", self.folder / "nowhere" / "x.png")
        for width in ("86", "wide", "-3cm", "1mm", "9 furlongs"):
            self.assert_refused("--width: ", "quickstart.py", self.path, f"--width={width}")
        self.assert_refused("invalid choice: 'poster'", "quickstart.py", self.path, "--style", "poster")
        self.assert_refused("needs sweep axes = a", "quickstart.py", self.path)
        self.assert_refused("needs experiment = curie-weiss", "unlearning-regularization/fig2.py", self.path)
        boltzmann_store(self.path, rules=(), job="data = curie-weiss\n")
        self.assert_refused("needs data = file", "learning-and-unlearning/fig4.py", self.path)
        boltzmann_store(self.path, done=np.full((2, 3, 4), OPEN))
        self.assert_refused("no finished rows", "hypnos/plot.py", self.path, "Cv")


class StoresOfAFigure(unittest.TestCase):
    kinds = ("a b=1", "a", "c")

    def ordered(self, *jobs):
        stores = [mock.Mock(experiment=experiment, job=job) for experiment, job in jobs]
        return [stores.index(store) for store in in_order(stores, self.kinds)]

    def test_a_store_counts_as_the_first_kind_that_fits_its_settings(self):
        self.assertEqual(self.ordered(("c", {}), ("a", {"b": "2"}), ("a", {"b": "1"})), [2, 1, 0])

    def test_two_of_one_kind_are_told_in_one_line(self):
        with self.assertRaisesRegex(StoreError, "are of a b=1, a b=1, c, but this figure needs one each of a b=1 and a"):
            self.ordered(("c", {}), ("a", {"b": "1"}), ("a", {"b": "1"}))


if __name__ == "__main__":
    unittest.main()
