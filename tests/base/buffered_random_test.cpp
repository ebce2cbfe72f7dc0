#include "hypnos/base/buffered_random.hpp"

#include <doctest/doctest.h>

#include "hypnos/base/archive.hpp"
#include "hypnos/base/streams.hpp"

namespace hypnos::buffered_random_test {

TEST_CASE("buffered numbers are those of the stream from where it stands") {
  Rng stream(3, 1, streams::retrieval);
  stream.bits();
  BufferedRandom buffered(stream);
  for (int k = 0; k < 200; ++k)
    if (k % 3 == 0) CHECK(buffered.bits() == stream.bits());
    else
      CHECK(buffered.below(7 + static_cast<std::uint32_t>(k)) ==
            static_cast<int>(stream.below(7 + static_cast<std::uint32_t>(k))));
}

TEST_CASE("archived buffered numbers go on where they stopped, also within and at the end of a buffer") {
  Rng const stream(3, 1, streams::retrieval);
  for (int const drawn : {0, 1, 63, 64, 65, 200}) {
    BufferedRandom whole(stream);
    for (int k = 0; k < drawn; ++k) whole.bits();
    StateWriter writer;
    writer(whole);
    auto const bytes = writer.take();
    auto const next = whole.bits();
    for (int const other : {0, 70}) {
      BufferedRandom read(stream);
      for (int k = 0; k < other; ++k) read.bits();
      StateReader reader(bytes);
      reader(read);
      CHECK(reader.empty());
      CHECK(read.bits() == next);
    }
  }
}

}  // namespace hypnos::buffered_random_test
