#include <cmath>

#include "settings.hpp"

namespace hypnos::curie_weiss_test {

TEST_CASE("curie-weiss: without regularization all correlations and specific heats are those of the data") {
  auto const magnet = measured("curie-weiss", "a=1 beta_d=1.3");
  CHECK(magnet.at("J")[0] == 1.3);
  CHECK(magnet.at("c_1") == magnet.at("c_d"));
  CHECK(magnet.at("c_a") == magnet.at("c_d"));
  CHECK(magnet.at("a_J_over_beta_d")[0] == 1);
  CHECK(magnet.at("Cv_curve") == magnet.at("Cv_curve_data"));
}

TEST_CASE("curie-weiss: the data lie between c_1 and c_a, which change places at a = 1") {
  // c_1 = (1 - a) c_a + a c_d: for a < 1 a mean of c_a < c_1 and c_d; for a > 1 c_d is a mean of c_1 < c_a and c_a.
  for (std::string const a : {"0.2", "0.7", "1.5", "4"}) {
    auto const magnet = measured("curie-weiss", "a=" + a);
    double const c_1 = magnet.at("c_1")[0], c_a = magnet.at("c_a")[0], c_d = magnet.at("c_d")[0];
    CAPTURE(a);
    CHECK(c_1 < c_d);
    CHECK((std::stod(a) < 1 ? c_a < c_1 : c_d < c_a));
    CHECK(magnet.at("solutions")[0] == 1);
  }
}

TEST_CASE("boltzmann learns a Curie-Weiss magnet to the closed form") {
  // The couplings stay equal, and the gradient of each is f(J), the left side of Eq. 41 minus the right. Where it is
  // below 1e-12, J is within 1e-12 / f'(J) of the solution; f' = c'(J) - a (1 - a) c'(a J) is above 0.2 in these cases.
  // The moments' own rounding of 1e-14 enters in the same way. C_v has a slope in J of at most 100.
  // A step changes J by -lambda N f(J): lambda = 0.02 keeps it from overshooting.
  for (std::string const N : {"12", "20"})
    for (std::string const a : {"0.5", "1", "2"}) {
      CAPTURE(N);
      CAPTURE(a);
      auto const shared = "N=" + N + " a=" + a + " beta_d=1 betas=0.5,1,2";
      auto const closed = measured("curie-weiss", shared);
      auto const learned =
          measured("boltzmann", shared + " data=curie-weiss stop=convergence tolerance=1e-12 lambda=0.02");
      REQUIRE(learned.at("converged")[0] == 1);
      CHECK(std::abs(std::stoi(N) * learned.at("J")[1] - closed.at("J")[0]) < 1e-9);
      CHECK(std::abs(learned.at("c_1")[1] - closed.at("c_1")[0]) < 1e-9);
      CHECK(std::abs(learned.at("c_d")[1] - closed.at("c_d")[0]) < 1e-9);
      for (std::size_t k = 0; k < 3; ++k) {
        CHECK(std::abs(learned.at("Cv_curve")[k] - closed.at("Cv_curve")[k]) < 1e-8);
        CHECK(std::abs(learned.at("Cv_curve_data")[k] - closed.at("Cv_curve_data")[k]) < 1e-11);
      }
    }
}

}  // namespace hypnos::curie_weiss_test
