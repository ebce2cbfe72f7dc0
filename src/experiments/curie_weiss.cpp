#include "hypnos/physics/boltzmann/curie_weiss.hpp"

#include <algorithm>
#include <limits>

#include "hypnos/experiment/definition.hpp"

namespace hypnos {

namespace {

struct Parameters {
  int N = 20;
  double beta_d = 1;
  double a = 0.5;
  std::vector<double> betas = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5,
                               1.6, 1.7, 1.8, 1.9, 2.0, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7, 2.8, 2.9, 3.0};
};

struct Observables {
  double J, c_1, c_a, c_d, solutions;
  double a_J_over_beta_d = std::numeric_limits<double>::quiet_NaN();
  Eigen::ArrayXd Cv_curve, Cv_curve_data;
};

Observables run(Parameters const& p, Realization&) {
  CurieWeiss const magnet(p.N);
  auto const Cv_curve = [&](double J) {
    Eigen::ArrayXd curve(std::ssize(p.betas));
    std::ranges::transform(p.betas, curve.begin(), [&](double beta) { return magnet.Cv(beta * J); });
    return curve;
  };

  Observables o;
  o.J = curie_weiss_coupling(magnet, p.a, p.beta_d);
  o.solutions = static_cast<double>(curie_weiss_solutions(magnet, p.a, p.beta_d).size());
  o.c_1 = magnet.c(o.J);
  o.c_a = magnet.c(p.a * o.J);
  o.c_d = magnet.c(p.beta_d);
  if (p.beta_d > 0) o.a_J_over_beta_d = p.a * o.J / p.beta_d;
  o.Cv_curve = Cv_curve(o.J);
  o.Cv_curve_data = Cv_curve(p.beta_d);
  return o;
}

}  // namespace

Experiment curie_weiss() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "curie-weiss",
      .summary = "Unlearning regularization of a Curie-Weiss magnet, solved in closed form at any N",
      .source = "Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann machines, "
                "Mach. Learn.: Sci. Technol. 5, 025078 (2024), Sec. IV A",
      .parameters = {parameter("N", &P::N, "", {2, 10000}, "spins"),
                     parameter("beta_d", &P::beta_d, "1", {0, 10},
                               "inverse temperature at which the magnet of coupling 1 generates the data"),
                     parameter("a", &P::a, "1", {0, 100},
                               "strength of the regularization: the second inverse temperature; 1 does not regularize"),
                     parameter("betas", &P::betas, "1", {0, 100}, "inverse temperatures at which C_v is computed")},
      .axes = {{"beta", "1", "inverse temperature; the coupling is multiplied by it",
                [](P const& p) { return p.betas; }}},
      .observables =
          {observable("J", &O::J, {}, "1",
                      "inferred coupling, N J_ij: the solution of Eq. 41 that is connected to J = beta_d at a = 1"),
           observable("solutions", &O::solutions, {}, "1", "number of solutions of Eq. 41"),
           observable("c_1", &O::c_1, {}, "1", "correlation of two spins of the inferred magnet at beta = 1 (Eq. 38)"),
           observable("c_a", &O::c_a, {}, "1", "the same at beta = a"),
           observable("c_d", &O::c_d, {}, "1", "the same of the data"),
           observable("a_J_over_beta_d", &O::a_J_over_beta_d, {}, "1", "a J / beta_d (Fig. 2c); NaN at beta_d = 0"),
           observable("Cv_curve", &O::Cv_curve, {"beta"}, "1",
                      "specific heat of the inferred magnet, total, in units of k_B (Eq. 42)", R"(C_v(\beta))"),
           observable("Cv_curve_data", &O::Cv_curve_data, {"beta"}, "1",
                      "specific heat of the generating magnet at beta beta_d: beta = 1 is where it made the data",
                      R"(C_v^\mathrm{data}(\beta))")},
      .trials = {"N=20 a=0.5"},
      .run = run});
}

}  // namespace hypnos
