#!/usr/bin/python3
"""The numbers that figures of training with structured noise print for claims, on stores of known values.

Most values are b + s r over five realizations, r = -2 ... 2: their mean is b with standard error 0.707 s, their median
b with quartiles b -+ s. So 1 + 0.1 r is 1.000(71) as an average, and 1 (0.9 to 1.1) as median and quartiles."""

import unittest

import numpy as np

from example_store import Scratch, write_known
from scripts import claims_of

NOISE = {"seed": 1, "N": 100, "alpha": 0.3, "lambda": 1, "rescale": "false", "retrieval_points": 5}
M_0 = np.arange(5) / 4


class Claims(Scratch):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.other = self.folder / "y.h5"

    def assert_claims(self, script, expected, *stores):
        self.assertEqual(claims_of(script, *(stores or [self.path])), expected)


class Fig1(Claims):
    def test_claims(self):
        # at m_t = 0.5 lowest in the middle, at the others in the end
        write_known(self.path, "training-with-noise", NOISE, {"m_t": [0.3, 0.5, 0.9]}, {
            "loss": (("m", "step"), lambda m_t, r, m, d: -0.1 * m_t * d / 100 + 0.4 * (m_t == 0.5) * (d > 300)
                     - 0.2 * (m_t == 0.5) + 0.01 * r),
            "loss_theory": (("m",), lambda m_t, r, m: -0.5 - 0.1 * m_t + 0 * m * r),
            "loss_theory_perceptron": (("m",), lambda m_t, r, m: -0.4 - 0.1 * m_t + 0 * m * r)},
            {"m": [0.5], "step": 100 * np.arange(6)})
        self.assert_claims("structured-noise/fig1.py", {
            "m_t = 0.3: training lowers the loss at m = 0.5":
                "0.0000(71) at the start, lowest -0.1500(71) after 500 steps, -0.1500(71) in the end; higher in the "
                "end than there in 0 of 5 (0-17 %)",
            "m_t = 0.3: the lowest loss against theory":
                "minimum of Eq. 13 at m_t: -0.53; of the perceptron's loss: -0.43; found above the first by "
                "0.3800(71)",
            "m_t = 0.5: training lowers the loss at m = 0.5":
                "-0.2000(71) at the start, lowest -0.3500(71) after 300 steps, -0.0500(71) in the end; higher in "
                "the end than there in 5 of 5 (83-100 %)",
            "m_t = 0.5: the lowest loss against theory":
                "minimum of Eq. 13 at m_t: -0.55; of the perceptron's loss: -0.45; found above the first by "
                "0.2000(71)",
            "m_t = 0.9: training lowers the loss at m = 0.5":
                "0.0000(71) at the start, lowest -0.4500(71) after 500 steps, -0.4500(71) in the end; higher in the "
                "end than there in 0 of 5 (0-17 %)",
            "m_t = 0.9: the lowest loss against theory":
                "minimum of Eq. 13 at m_t: -0.59; of the perceptron's loss: -0.49; found above the first by "
                "0.1400(71)",
            "the loss at m = 0.5 is lowest with m_t = 0.5":
                "0 of 5 (0-17 %), along the whole training"})


class Fig2(Claims):
    def test_claims(self):
        # slopes 2 and 0.5 on either side of m_t = 0.4: 1 at 0.6, on the line between 0.4 and 0.7
        N, alpha, m_t = [50, 100, 200], [0.2, 0.4], [0.1, 0.4, 0.7]
        write_known(self.path, "training-with-noise", NOISE, {"N": N, "alpha": alpha, "m_t": m_t}, {
            "m_f_1": ((), lambda n, a, m, r: 0.9 * m + 5 / n + 0.01 * r),
            "m_f_slope": ((), lambda n, a, m, r: np.where(m < 0.5, 2 - 0 * r, 0.5)),
            "basin_radius": ((), lambda n, a, m, r: 0.2 + 0.5 * (a - 0.3) * (m > 0.5) + 0.01 * r)})
        write_known(self.other, "support-vector-machine", NOISE, {"N": N, "alpha": alpha}, {
            "m_f": (("m_0",), lambda n, a, r, m: m + 0 * r), "basin_radius_98": ((), lambda n, a, r: 0.2 + 0.02 * r)},
            {"m_0": M_0})
        self.assert_claims("structured-noise/fig2.py", {
            "alpha = 0.2: training overlap at which the basin disappears (slope 1)":
                "N = 50: 0.6; N = 100: 0.6; N = 200: 0.6",
            "alpha = 0.2: overlap of pattern and attractor":
                "m_t = 0.1: 0.1150(71) (N to infinity: 0.09); m_t = 0.4: 0.3850(71) (N to infinity: 0.36); m_t = "
                "0.7: 0.6550(71) (N to infinity: 0.63)",
            "alpha = 0.4: training overlap at which the basin disappears (slope 1)":
                "N = 50: 0.6; N = 100: 0.6; N = 200: 0.6",
            "alpha = 0.4: overlap of pattern and attractor":
                "m_t = 0.1: 0.1150(71) (N to infinity: 0.09); m_t = 0.4: 0.3850(71) (N to infinity: 0.36); m_t = "
                "0.7: 0.6550(71) (N to infinity: 0.63)",
            "basins are smaller than those of the support vector machine in most of the retrieval region":
                "N = 200, by two errors: smaller at 1, larger at 1 of 2 points",
            "alpha = 0.2: largest basin against that of the machine":
                "at m_t = 0.7: larger by -0.0500(71), machine 0.200(14); overlap of pattern and attractor "
                "0.6550(71); larger by two errors at 0 m_t",
            "alpha = 0.4: largest basin against that of the machine":
                "at m_t = 0.7: larger by 0.0500(71), machine 0.200(14); overlap of pattern and attractor "
                "0.6550(71); larger by two errors at 1 m_t"}, self.path, self.other)


class MeanField(Claims):
    def test_claims(self):
        # at alpha = 0.5, k = 0: the slope is 1/pi; radius 0.5 - 10/N
        write_known(self.path, "support-vector-machine", NOISE, {"N": [100, 200, 400], "alpha": [0.3, 0.5]}, {
            "k_gardner": ((), lambda n, a, r: 0 * r + 2 * (a < 0.4)),
            "basin_radius_98": ((), lambda n, a, r: 0.5 - 10 / n + 0.01 * r),
            "m_f": (("m_0",), lambda n, a, r, m: m * a + 0.01 * r)}, {"m_0": M_0})
        self.assert_claims("structured-noise/mean-field.py", {
            "diluted networks: a small overlap grows up to alpha = 0.42":
                "slope 1.603 at 0.3, 0.318 at 0.5; 1 at alpha = 0.394",
            "alpha = 0.3: basins fill the space":
                "radius N = 100: 0.4000(71); N = 200: 0.4500(71); N = 400: 0.4750(71); line in 1/N 0.5000(71) (chi2 "
                "= 0.0, 1 degrees of freedom); m_f from m_0 = 0: 0.0000(71); 0.25: 0.0750(71); 0.5: 0.1500(71) at N "
                "= 400",
            "alpha = 0.5: basins fill the space":
                "radius N = 100: 0.4000(71); N = 200: 0.4500(71); N = 400: 0.4750(71); line in 1/N 0.5000(71) (chi2 "
                "= 0.0, 1 degrees of freedom); m_f from m_0 = 0: 0.0000(71); 0.25: 0.1250(71); 0.5: 0.2500(71) at N "
                "= 400"})


class Fig3(Claims):
    def test_claims(self):
        cloud = lambda n, j, r, delta, omega: np.exp(-delta ** 2 - omega ** 2) + 0 * r
        write_known(self.path, "noise-structure", {**NOISE, "landscape": "hebb"},
                    {"N": [100, 400], "samples_T": None}, {
            "omega_emp_0": ((), lambda n, j, r: (j - 2) / n ** 0.5 + 0.001 * r), "omega_slope": (
                (), lambda n, j, r: 0.1 + 0 * r),
            "pearson": ((), lambda n, j, r: (3 - j) / n ** 0.5 + 0.001 * r), "unstable": (
                (), lambda n, j, r: 0.1 * j + 0 * r), "density": (("delta", "omega"), cloud)},
            {"delta": np.linspace(-2, 2, 9), "omega": np.linspace(-2, 2, 9)},
            beside={"samples": ("samples_T", ["fixed-points", "kawasaki", "kawasaki"]), "T": ("samples_T", [0, 0, 8])})
        self.assert_claims("structured-noise/fig3.py", {
            "fixed points: omega_emp(0) is negative, N = 400":
                "-0.10000(71), negative in 5 of 5 (83-100 %); Pearson coefficient 0.15000(71); unstable neurons 0",
            "pair-flip minima, T = 0: omega_emp(0) is negative, N = 400":
                "-0.05000(71), negative in 5 of 5 (83-100 %); Pearson coefficient 0.10000(71); unstable neurons 0.1",
            "T = 8: omega_emp(0) is negative, N = 400":
                "0.00000(71), negative in 2 of 5 (22-62 %); Pearson coefficient 0.05000(71); unstable neurons 0.2",
            "fixed points: effects of size on the omega_emp(0) are negligible":
                "N = 100: -0.20000(71), times N^1/2 -2.0000(71); N = 400: -0.10000(71), times N^1/2 -2.000(14)",
            "fixed points: effects of size on the Pearson coefficient are negligible":
                "N = 100: 0.30000(71), times N^1/2 3.0000(71); N = 400: 0.15000(71), times N^1/2 3.000(14)",
            "pair-flip minima, T = 0: effects of size on the omega_emp(0) are negligible":
                "N = 100: -0.10000(71), times N^1/2 -1.0000(71); N = 400: -0.05000(71), times N^1/2 -1.000(14)",
            "pair-flip minima, T = 0: effects of size on the Pearson coefficient are negligible":
                "N = 100: 0.20000(71), times N^1/2 2.0000(71); N = 400: 0.10000(71), times N^1/2 2.000(14)",
            "T = 8: effects of size on the omega_emp(0) are negligible":
                "N = 100: 0.00000(71), times N^1/2 0.0000(71); N = 400: 0.00000(71), times N^1/2 0.000(14)",
            "T = 8: effects of size on the Pearson coefficient are negligible":
                "N = 100: 0.10000(71), times N^1/2 1.0000(71); N = 400: 0.05000(71), times N^1/2 1.000(14)",
            "at T = 0 minima of the exchanges and fixed points have the same omega_emp(0)":
                "they differ by 0.05"})


class Fig4And8(Claims):
    def test_claims(self):
        cloud = lambda l, j, r, delta, omega: np.exp(-delta ** 2 - omega ** 2) + 0 * r
        # Hebb: lowest at T = 1, -0.3; SK: 0.1
        offset = lambda l, j, r: (np.where(l == 0, -0.2 - 0.1 * (j == 2) + 0.15 * (j == 3), 0.1)
                                  + 0.01 * r * (1 + (j == 1)))
        write_known(self.path, "noise-structure", NOISE, {"landscape": ["hebb", "sk"], "samples_T": None}, {
            "omega_emp_0": ((), offset), "omega_slope": ((), lambda l, j, r: 0.1 + 0 * r),
            "pearson": ((), lambda l, j, r: 0.3 - 0.1 * l + 0.01 * r * (1 + l)),
            "Omega_emp_0": ((), lambda l, j, r: 0.01 * r + 0.1 * (j == 1)),
            "Omega_pearson": ((), lambda l, j, r: 0.02 * r + 0.001 * j),
            "unstable": ((), lambda l, j, r: 0.1 * j + 0 * r),
            "energy": ((), lambda l, j, r: j + r), "m_t": ((), lambda l, j, r: 0.06 * r),
            "density": (("delta", "omega"), cloud)},
            {"delta": np.linspace(-2, 2, 9), "omega": np.linspace(-2, 2, 9)},
            beside={"samples": ("samples_T", ["fixed-points", "kawasaki", "kawasaki", "kawasaki"]),
                    "T": ("samples_T", [0, 0, 1, 8])})
        self.assert_claims("structured-noise/fig4-8.py", {
            "Hebb: omega_emp(0) against T":
                "fixed points: -0.2000(71); pair-flip minima, T = 0: -0.200(14); T = 1: -0.3000(71); T = 8: "
                "-0.0500(71)",
            "Hebb: Pearson coefficient against T":
                "fixed points: 0.3000(71); pair-flip minima, T = 0: 0.3000(71); T = 1: 0.3000(71); T = 8: 0.3000(71)",
            "Hebb: omega_emp(0) is lowest at a low temperature above 0":
                "lowest mean at T = 1, lower than at T = 0 by 0.1000(71) on the same samples",
            "SK: omega_emp(0) against T":
                "fixed points: 0.1000(71); pair-flip minima, T = 0: 0.100(14); T = 1: 0.1000(71); T = 8: 0.1000(71)",
            "SK: Pearson coefficient against T":
                "fixed points: 0.200(14); pair-flip minima, T = 0: 0.200(14); T = 1: 0.200(14); T = 8: 0.200(14)",
            "SK: omega_emp(0) is lowest at a low temperature above 0":
                "lowest mean at T = 0, lower than at T = 0 by 0 on the same samples",
            "the Pearson coefficient is larger in Hebb's landscape than in that of SK":
                "fixed points: by 0.1000(71); pair-flip minima, T = 0: by 0.1000(71); T = 1: by 0.1000(71); T = 8: "
                "by 0.1000(71)",
            "the -omega_emp(0) is larger in Hebb's landscape than in that of SK":
                "fixed points: by 0.3; pair-flip minima, T = 0: by 0.3; T = 1: by 0.4; T = 8: by 0.15",
            "Omega is not correlated with Delta":
                "beyond two errors of 0 at 0 of 4 points; largest 0.003; fixed points: 0.000(14); pair-flip minima, "
                "T = 0: 0.001(14); T = 1: 0.002(14); T = 8: 0.003(14)",
            "Omega_emp(0) fluctuates around 0":
                "beyond two errors of 0 at 1 of 4 points; largest 0.1; fixed points: 0.0000(71); pair-flip minima, "
                "T = 0: 0.1000(71); T = 1: 0.0000(71); T = 8: 0.0000(71)",
            "Hebb: unstable neurons, saddle index, against T":
                "fixed points: 0; pair-flip minima, T = 0: 0.1; T = 1: 0.2; T = 8: 0.3",
            "fixed points keep an overlap of the same order as at their start":
                "mean 0.000(42), N^-1/2 = 0.1, within it in 3 of 5 (38-78 %)"})


class Fig5(Claims):
    def test_claims(self):
        # lambda N^-1/2 = 0.001; sigma_J = 0.05 (1 - t) falls to 0.01 at t = 0.8
        write_known(self.path, "structured-noise", {**NOISE, "samples": "fixed-points", "lambda": 0.01},
                    {"alpha": [0.3, 0.7]}, {
            "omega_emp_0": (("time",), lambda a, r, t: np.where(t < 0.8, a - 0.5 - (t - 0.5) ** 2, -9) + 0.001 * r),
            "pearson": (("time",), lambda a, r, t: 0.3 - 0.2 * t + 0.01 * r),
            "sigma_J": (("time",), lambda a, r, t: 0.05 * (1 - t) + 0.001 * r * (t < 0.1)),
            "steps_to_classification": ((), lambda a, r: np.where((a > 0.5) | (r < -1), np.nan, 1000 + 100 * r))},
            {"time": np.arange(11) / 10})
        self.assert_claims("structured-noise/fig5.py", {
            "alpha = 0.3: omega_emp(0) stays negative throughout training":
                "-0.45000(71) at the start, highest -0.20000(71) at time 0.5, lowest later -0.24000(71) at time "
                "0.7; above 0 by two errors at 0 of 8 records",
            "alpha = 0.3: the Pearson coefficient is highest at the start and falls":
                "0.3000(71) at the start, highest 0.3000(71) at time 0, 0.1600(71) at the last record before the "
                "collapse",
            "alpha = 0.3: weights become more negative at the end, where the couplings are as small as the steps":
                "sigma_J = 0.05000(71) at the start, falls to 10 lambda N^-1/2 = 0.01 at time 0.8, is 0 in the end, "
                "where omega_emp(0) = -9.00000(71)",
            "alpha = 0.3: training classifies all patterns":
                "4 of 5 (58-92 %), at time 0.105 (0.0975 to 0.113)",
            "alpha = 0.7: omega_emp(0) stays negative throughout training":
                "-0.05000(71) at the start, highest 0.20000(71) at time 0.5, lowest later 0.16000(71) at time 0.7; "
                "above 0 by two errors at 7 of 8 records",
            "alpha = 0.7: the Pearson coefficient is highest at the start and falls":
                "0.3000(71) at the start, highest 0.3000(71) at time 0, 0.1600(71) at the last record before the "
                "collapse",
            "alpha = 0.7: weights become more negative at the end, where the couplings are as small as the steps":
                "sigma_J = 0.05000(71) at the start, falls to 10 lambda N^-1/2 = 0.01 at time 0.8, is 0 in the end, "
                "where omega_emp(0) = -9.00000(71)",
            "alpha = 0.7: training classifies all patterns":
                "0 of 5 (0-17 %), at time none"})


class Fig6(Claims):
    def test_claims(self):
        pairs = lambda factor: (("i", "j"), lambda r, i, j: factor * (i - j) + 0 * r)
        write_known(self.path, "structured-noise", {**NOISE, "samples": "fixed-points", "unlearning": "true",
                                                    "lambda": 0.01, "steps": 4000}, {}, {
            "J": pairs(0.5), "J_unlearning": pairs(1), "couplings_correlation": ((), lambda r: 0.92 + 0.02 * r),
            "sigma_J": (("time",), lambda r, t: 0.05 - 0.1 * t + 0.001 * r),
            "steps_to_classification": ((), lambda r: 1000 + 100 * r)},
            {"i": np.arange(4), "j": np.arange(4), "time": np.arange(5) / 10})
        self.assert_claims("structured-noise/fig6.py", {
            "couplings of training with fixed points and of unlearning are strongly correlated":
                "Pearson coefficient over pairs 0.920(14) after 4000 steps, time 0.4; above 0.9 in 3 of 5 (38-78 %)",
            "they lie on the diagonal":
                "slope of the line through the first sample 0.500; root mean square 1.8257 and 0.9129",
            "the couplings have not collapsed":
                "sigma_J 0.05000(71) at the start, 0.01000(71) in the end; lambda N^-1/2 = 0.001",
            "training classifies all patterns":
                "5 of 5 (83-100 %), after 1000(71) steps"})


class Fig7(Claims):
    def test_claims(self):
        # loss -1 + |m - m_t| / 10 from the second record on; at a constant rate lowest there, and then it rises
        loss = lambda j, r, m, d: np.where(j < 2, -1 + 0.1 * np.abs(m - np.where(j > 0, 0.5, 0.1)), -0.8 + d / 1e4) \
            * (d > 0) + 0.01 * r
        write_known(self.path, "training-with-noise", NOISE, {"m_t_rescale": None}, {
            "loss": (("m", "step"), loss), "loss_theory": (("m",), lambda j, r, m: -1.1 + 0 * m),
            "loss_theory_perceptron": (("m",), lambda j, r, m: -1.05 + 0 * m),
            "sigma_J": (("step",), lambda j, r, d: 1 - d / 2000 + 0.1 * r)},
            {"m": [0.1, 0.5], "step": 100 * np.arange(12)},
            beside={"m_t": ("m_t_rescale", [0.1, 0.5, 0.5]), "rescale": ("m_t_rescale", [1, 1, 0])})
        self.assert_claims("structured-noise/fig7.py", {
            "rescaled, m = m_t = 0.1: training leads to the minimum of the loss":
                "-1.0000(71), the mean of the last records; minimum -1.1, above it by 0.1000(71); theory of the "
                "perceptron's loss -1.05",
            "rescaled, m = m_t = 0.5: training leads to the minimum of the loss":
                "-1.0000(71), the mean of the last records; minimum -1.1, above it by 0.1000(71); theory of the "
                "perceptron's loss -1.05",
            "the loss at m = 0.1 is lowest with m_t = m":
                "5 of 5 (83-100 %); 0.1: -1.0000(71), 0.5: -0.9600(71)",
            "the loss at m = 0.5 is lowest with m_t = m":
                "5 of 5 (83-100 %); 0.1: -0.9600(71), 0.5: -1.0000(71)",
            "constant rate: the loss is not monotonic":
                "lowest -0.7900(71) after 100 steps, -0.6900(71) in the end",
            "constant rate: this is so because sigma becomes as small as lambda N^-1/2":
                "lambda N^-1/2 = 0.1; sigma_J = 1.000(71) at the start, 0.950(71) at the lowest loss, 0.450(71) in "
                "the end"})


class Fig9(Claims):
    def test_claims(self):
        # densities 0.5 on two of four bins; theories shifted by one bin and by none
        density = lambda shift: (("delta",), lambda m_t, r, delta: 0.5 * (np.abs(delta - shift) < 1) + 0 * r)
        write_known(self.path, "training-with-noise", {**NOISE, "N": 100, "alpha": 0.45}, {"m_t": [0.3, 0.9]}, {
            "m_f": (("m_0",), lambda m_t, r, m: m + 0.1 * (m_t < 0.5) * (m < 1) + 0.01 * r),
            "m_f_1": ((), lambda m_t, r: m_t + 0.01 * r), "m_f_slope": ((), lambda m_t, r: 1 - m_t + 0.01 * r),
            "basin_radius": ((), lambda m_t, r: 0.3 * m_t + 0.02 * r), "unsettled": ((), lambda m_t, r: 2 + r),
            "unstable": ((), lambda m_t, r: 0.02 * (1 - m_t) + 0.001 * r),
            "unstable_theory": ((), lambda m_t, r: 0.05 + 0 * r),
            "unstable_theory_perceptron": ((), lambda m_t, r: 0.015 + 0 * r), "delta_histogram": density(1),
            "delta_density_theory": density(2), "delta_density_theory_perceptron": density(1),
            "loss": (("m", "step"), lambda m_t, r, m, d: -0.6 + 0.01 * r + 0 * d),
            "loss_theory": (("m",), lambda m_t, r, m: -0.7 + 0 * m), "loss_theory_perceptron": (
                ("m",), lambda m_t, r, m: -0.65 + 0 * m)},
            {"m_0": M_0, "delta": np.arange(5) - 0.5, "m": [0.5], "step": [0, 100]})
        write_known(self.other, "support-vector-machine", {**NOISE, "N": 100, "alpha": 0.45}, {}, {
            "m_f": (("m_0",), lambda r, m: m + 0.01 * r), "basin_radius_98": ((), lambda r: 0.3 + 0.01 * r)},
            {"m_0": M_0})
        self.assert_claims("structured-noise/fig9.py", {
            "m_t = 0.3: attractors have a basin":
                "overlap of pattern and attractor 0.3000(71); slope at m_0 = 1 0.7000(71); radius 0.090(14), that "
                "of the support vector machine minus it on the same patterns 0.2100(71); patterns without attractor "
                "2.00(71)",
            "m_t = 0.3: its map against that of the support vector machine":
                "by two errors above at 4, below at 0 of 5 m_0",
            "m_t = 0.3: part of the stabilities below 0":
                "0.01400(71); theory of Eq. 13 0.05, of the perceptron's loss 0.015",
            "m_t = 0.3: the density of stabilities follows Eq. B6":
                "half the integral of the difference 0.5; from that of the perceptron's loss 0",
            "m_t = 0.3: loss after training at m = 0.5":
                "-0.6000(71); theory of Eq. 13 -0.7, of the perceptron's loss -0.65",
            "m_t = 0.9: attractors have a basin":
                "overlap of pattern and attractor 0.9000(71); slope at m_0 = 1 0.1000(71); radius 0.270(14), that "
                "of the support vector machine minus it on the same patterns 0.0300(71); patterns without attractor "
                "2.00(71)",
            "m_t = 0.9: its map against that of the support vector machine":
                "by two errors above at 0, below at 0 of 5 m_0",
            "m_t = 0.9: part of the stabilities below 0":
                "0.00200(71); theory of Eq. 13 0.05, of the perceptron's loss 0.015",
            "m_t = 0.9: the density of stabilities follows Eq. B6":
                "half the integral of the difference 0.5; from that of the perceptron's loss 0",
            "m_t = 0.9: loss after training at m = 0.5":
                "-0.6000(71); theory of Eq. 13 -0.7, of the perceptron's loss -0.65"}, self.path, self.other)


class Fig10(Claims):
    def test_claims(self):
        # rate 1e-4: classification at time 0.1; never with the last f
        never = lambda j, values: np.where(j > 1, np.nan, values)
        settings = {**NOISE, "N": 100, "lambda": 0.01, "steps": 4000}
        write_known(self.path, "structured-noise", settings, {"samples_f": None}, {
            "delta_min": (("time",), lambda j, r, t: 0.2 - (t - 0.2) ** 2 - 0.5 * (j > 1) + 0.01 * r),
            "steps_to_classification": ((), lambda j, r: never(j, 1000 + 100 * r)),
            "unreached": ((), lambda j, r: 40 * j + 4 * r), "m_f": (
                ("m_0",), lambda j, r, m: never(j, 0.8 * m + 0.05 * j + 0.01 * r)),
            "basin_radius_98": ((), lambda j, r: never(j, 0.1 + 0.1 * j + 0.02 * r))},
            {"time": np.arange(5) / 10, "m_0": M_0},
            beside={"samples": ("samples_f", ["fixed-points", "saddles", "saddles"]),
                    "f": ("samples_f", [0, 0.2, 0.5])})
        write_known(self.other, "support-vector-machine", settings, {}, {
            "m_f": (("m_0",), lambda r, m: 0.8 * m + 0.02 * r * (m > 0.5) + 0.01 * r),
            "basin_radius_98": ((), lambda r: 0.15 + 0.01 * r)}, {"m_0": M_0})
        self.assert_claims("structured-noise/fig10.py", {
            "f = 0: training classifies all patterns":
                "5 of 5 (83-100 %), at time 0.1 (0.09 to 0.11); highest least stability 0.2000(71); searches that "
                "did not reach f, of all steps: 0.00000(71)",
            "f = 0: basins at classification are comparable with those of the support vector machine":
                "radius 0.100(14), minus that of the machine -0.0500(71); mean of m_f over m_0 0.4000(71), minus "
                "that of the machine 0.0000(57); by two errors above at 0, below at 0 of 5 m_0",
            "f = 0.2: training classifies all patterns":
                "5 of 5 (83-100 %), at time 0.1 (0.09 to 0.11); highest least stability 0.2000(71); searches that "
                "did not reach f, of all steps: 0.01000(71)",
            "f = 0.2: basins at classification are comparable with those of the support vector machine":
                "radius 0.200(14), minus that of the machine 0.0500(71); mean of m_f over m_0 0.4500(71), minus "
                "that of the machine 0.0500(57); by two errors above at 5, below at 0 of 5 m_0",
            "f = 0.5: training classifies all patterns":
                "0 of 5 (0-17 %), at time none; highest least stability -0.3000(71); searches that did not reach f, "
                "of all steps: 0.02000(71)",
            "the maps of different f coincide":
                "largest spread of the means at one m_0: 0.05"}, self.path, self.other)


if __name__ == "__main__":
    unittest.main()
