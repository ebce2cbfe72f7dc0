#include "user_job.hpp"

#include "hypnos/experiments/catalogue.hpp"

namespace hypnos::cli {

Job user_job(Words const& words) {
  auto const& path = words.at(0);
  auto settings = read_settings(path);
  override_settings(settings, Words(words.begin() + 1, words.end()));
  return make_job(catalogue(), std::move(settings), path);
}

}  // namespace hypnos::cli
