#pragma once

#include "hypnos/physics/boltzmann/learning.hpp"

namespace hypnos {

/// Where learning settles, without its trajectory: the zero of `direction`; of l1, the minimum of its loss. At N = 18 and
/// the paper's learning rates (0.06 to 0.001) it takes ten to a thousand times fewer averages than gradient steps do, and
/// up to ten times fewer than at the best learning rate.
///
/// Limited-memory BFGS (Nocedal, Math. Comp. 35, 773 (1980)) with a line search that asks for slopes alone, the
/// approximate Wolfe conditions of Hager and Zhang, SIAM J. Optim. 16, 170 (2005): near the minimum, differences of the
/// loss drown in rounding. Kinks of l1 are treated orthant by orthant (Andrew and Gao, ICML 2007).
///
/// Converged if |dL/dtheta| < tolerance for every parameter, which is the criterion of Stop::convergence (for l1, where
/// theta = 0, the distance of dL/dtheta from [-gamma, gamma]), and never otherwise: not where max_steps calls of
/// `measured` were not enough, nor where the tolerance lies below what rounding leaves of the gradient, 1e-13 or so.
/// For 0 < a < 1 the loss need not be convex, and other minima than the one gradient steps lead to are not excluded.
/// `steps` of the stage counts the calls of `measured`.
/// Throws std::invalid_argument if averages are not exact, std::runtime_error if the parameters run away.
Learned quasi_newton(Law const& law, Ensemble const& data, Ising const& initial, double tolerance, int max_steps,
                     Averages const& averages = exact_averages());

}  // namespace hypnos
