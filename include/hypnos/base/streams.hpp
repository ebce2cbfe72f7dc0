#pragma once

#include <cstdint>

namespace hypnos {

/// Every random stream of the program. A number, once given, is never given again: it is part of the
/// address of published results.
enum class Stream : std::uint32_t {
  couplings = 1,          ///< quenched couplings of the model that generates the data
  initial_couplings = 2,  ///< couplings at which learning starts
  data_split = 3,         ///< which part of a recording is held out
};

}  // namespace hypnos
