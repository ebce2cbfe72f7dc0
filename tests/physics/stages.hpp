#pragma once

#include <doctest/doctest.h>

#include <utility>

#include "hypnos/base/archive.hpp"
#include "hypnos/base/stage.hpp"

namespace hypnos {

/// A stage that is completed in pieces of so many operations, and after every piece number that `every` divides is
/// archived and goes on as a fresh object made by make().
template <class Make>
auto interrupted(Make const& make, double operations, int every) {
  auto stage = make();
  double fraction = stage.fraction();
  int pieces = 0;
  while (!stage.done()) {
    stage.advance(operations);
    CHECK(stage.fraction() >= fraction);
    CHECK(stage.fraction() <= 1);
    fraction = stage.fraction();
    if (++pieces % every != 0) continue;
    StateWriter writer;
    writer(stage);
    auto const bytes = writer.take();
    stage = make();
    StateReader reader(bytes);
    reader(stage);
    CHECK(reader.empty());
  }
  CHECK(stage.fraction() == 1);
  CHECK(pieces > every);  // otherwise nothing was interrupted
  return stage;
}

}  // namespace hypnos
