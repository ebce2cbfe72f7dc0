#pragma once

namespace hypnos {

/// ln of the mean number of strict local minima of symmetric couplings J_ij that are independent normal numbers (the
/// Sherrington-Kirkpatrick model), exact at any N >= 1, else std::domain_error:
///   <minima> = 2^N int Dz Phi(z / sqrt(N - 2))^N.
/// All 2^N states are alike. At s_i = 1 the fields h_i = sum_j J_ij have variance N - 1 and covariance 1, in units of the
/// variance of the couplings, since h_i and h_j have J_ij in common. So h_i = sqrt(N - 2) g_i + z with independent normal
/// numbers g_i and z, and all are positive with the probability of the integral. A single neuron has no field: -infinity.
/// The mean grows as exp(0.1992 N) (Bray and Moore, J. Phys. C 13, L469 (1980); Tanaka and Edwards, J. Phys. F 10, 2769
/// (1980)). The relative error of the mean is below 1e-9.
double log_mean_sk_minima(int N);

}  // namespace hypnos
