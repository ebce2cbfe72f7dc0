#include <cstdio>
#include <cstdlib>

// Runs before all other initialization of the program. This file is compiled for any x86-64 processor. The header that
// cmake/processor.cmake writes lists the instruction sets for which the rest of the program was compiled.
namespace {

[[gnu::constructor(101)]] void check_processor() {
  __builtin_cpu_init();
  char const* missing = nullptr;
#define HYPNOS_NEEDS(feature) \
  if (!__builtin_cpu_supports(feature)) missing = feature;
#include "processor_features.hpp"
#undef HYPNOS_NEEDS
  if (missing == nullptr) return;
  std::fprintf(
      stderr,
      "hypnos: this program was built for processors with %s, which this one lacks; build it on this node type, "
      "or for mixed ones with -DHYPNOS_ARCH=x86-64-v3\n",
      missing);
  std::_Exit(2);
}

}  // namespace
