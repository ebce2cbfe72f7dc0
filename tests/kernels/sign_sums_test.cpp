#include "hypnos/kernels/sign_sums.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <limits>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/base/streams.hpp"

namespace hypnos::sign_sums_test {

namespace {

// A matrix with codes and signs. Entries include the largest ones, and arbitrary numbers in the columns of the padding.
template <class Entry>
struct Example {
  using Kernel = SignSums<Entry>;
  using Code = typename Kernel::Code;

  Example(std::size_t columns, int largest_entry, std::size_t many_starts)
      : N(columns),
        largest(largest_entry),
        starts(many_starts),
        width(Kernel::padded(columns)),
        rng(1, 0, streams::couplings) {
    for (std::size_t k = 0; k < N * width; ++k) matrix.push_back(entry());
    for (std::size_t j = 0; j < width; ++j) codes.push_back(static_cast<Code>(rng.bits() & 0xffff));
    natural.resize(starts * width);
    for (std::size_t k = 0; k < natural.size(); ++k)
      if (k % width < N) natural[k] = rng.below(2) == 0 ? -1 : 1;
    signs.resize(natural.size());
    for (std::size_t k = 0; k < natural.size(); ++k)
      signs[k / width * width + Kernel::place(k % width)] = static_cast<Entry>(natural[k]);
    for (std::size_t j = 0; j < width; ++j) x.push_back(static_cast<std::int32_t>(rng.below(2001)) - 1000);
    for (std::size_t w = 0; w < width / 64; ++w) {
      expected.push_back(std::uint64_t{rng.bits()} << 32 | rng.bits());
      used.push_back(std::uint64_t{rng.bits()} << 32 | rng.bits());
    }
  }

  Entry entry() {
    int const kind = static_cast<int>(rng.below(4));
    if (kind == 0) return static_cast<Entry>(largest);
    if (kind == 1) return static_cast<Entry>(-largest);
    return static_cast<Entry>(static_cast<std::int64_t>(rng.below(2 * static_cast<std::uint32_t>(largest) + 1)) -
                              largest);
  }
  std::int64_t at(std::size_t i, std::size_t j) const { return matrix[i * width + Kernel::place(j)]; }
  int differing_bits(Code code, std::size_t j) const {
    return std::popcount(static_cast<std::uint32_t>(code ^ codes[Kernel::place(j)]));
  }

  std::size_t N;
  int largest;
  std::size_t starts, width;
  Rng rng;
  std::vector<Entry> matrix;
  std::vector<Code> codes;
  std::vector<std::int16_t> natural;
  std::vector<Entry> signs;
  std::vector<std::int32_t> x;
  std::vector<std::uint64_t> expected, used;
};

constexpr std::size_t awkward_sizes[] = {1, 2, 3, 4, 5, 17, 31, 33, 63, 64, 65, 100, 127, 129, 200};
constexpr Vectors both[] = {Vectors::widest, Vectors::portable};

}  // namespace

TEST_CASE_TEMPLATE("every column has its own place within its group", Entry, std::int16_t, std::int32_t) {
  std::vector<int> taken(256), taken_by_sums(256);
  for (std::size_t j = 0; j < taken.size(); ++j) {
    CHECK(SignSums<Entry>::place(j) / 64 == j / 64);
    taken.at(SignSums<Entry>::place(j))++;
    CHECK(SignSums<Entry>::place_of_sum(j) / 64 == j / 64);
    taken_by_sums.at(SignSums<Entry>::place_of_sum(j))++;
  }
  for (int const times : taken) CHECK(times == 1);
  for (int const times : taken_by_sums) CHECK(times == 1);
  CHECK(SignSums<Entry>::padded(0) == 0);
  CHECK(SignSums<Entry>::padded(1) == 64);
  CHECK(SignSums<Entry>::padded(64) == 64);
  CHECK(SignSums<Entry>::padded(65) == 128);
}

TEST_CASE_TEMPLATE("products are sums of entries times signs, at any size and number of starts", Entry, std::int16_t,
                   std::int32_t) {
  int const largest = sizeof(Entry) == 2 ? 32767 : 10'000'000;  // 200 of which stay below 2^31
  for (auto const N : awkward_sizes)
    for (std::size_t const starts : {1U, 2U, 3U, 4U, 5U, 7U, 16U})
      for (auto const vectors : both) {
        CAPTURE(N);
        CAPTURE(starts);
        Example<Entry> const example(N, largest, starts);
        std::vector<std::int32_t> sums(starts * example.width, 77);
        SignSums<Entry>::multiply(example.matrix.data(), N, example.width, example.signs.data(), starts, sums.data(),
                                  vectors);
        int wrong = 0;
        for (std::size_t b = 0; b < starts; ++b)
          for (std::size_t i = 0; i < example.width; ++i) {
            std::int64_t sum = i < N ? 0 : 77;  // the padding is left alone
            for (std::size_t j = 0; j < N && i < N; ++j)
              sum += example.at(i, j) * example.natural[b * example.width + j];
            wrong += sums[b * example.width + i] != sum;
          }
        CHECK(wrong == 0);
      }
}

TEST_CASE_TEMPLATE("a row is added with its codes, and what differs from the expected is marked and counted", Entry,
                   std::int16_t, std::int32_t) {
  for (auto const N : awkward_sizes)
    for (int const rate : {1, 3})
      for (int const factor : {-4, 0, 4, 1})
        for (auto const vectors : both) {
          CAPTURE(N);
          CAPTURE(rate);
          CAPTURE(factor);
          // entry + 16 rate is the largest number of 16 bits
          Example<Entry> example(N, 32767 - 16 * rate, 1);
          std::size_t const row = N / 2;
          auto const code = static_cast<typename SignSums<Entry>::Code>(example.rng.bits() & 0xffff);
          std::vector<std::int64_t> sums;
          for (std::size_t j = 0; j < example.width; ++j)
            sums.push_back(example.x[SignSums<Entry>::place_of_sum(j)] +
                           factor * (example.at(row, j) + rate * example.differing_bits(code, j)));
          // a threshold that some sum meets exactly
          auto const met = sums[N / 3] > -0x8000 && sums[N / 3] < 0x8000 ? sums[N / 3] : factor;
          auto const threshold = static_cast<std::int16_t>(met);

          std::vector<std::uint64_t> differing(example.width / 64);
          std::vector<int> up_to(differing.size());
          int const count = SignSums<Entry>::add_row(
              example.x, &example.matrix[row * example.width], example.codes.data(), code, rate, factor, threshold,
              {example.expected.data(), example.used.data(), differing.data(), up_to.data()}, vectors);

          int wrong = 0, marked = 0;
          for (std::size_t j = 0; j < example.width; ++j) {
            auto const bit = [&](std::vector<std::uint64_t> const& words) {
              return (words[j / 64] >> j % 64 & 1) != 0;
            };
            bool const differs = bit(example.used) && (sums[j] >= threshold) != bit(example.expected);
            wrong += example.x[SignSums<Entry>::place_of_sum(j)] != sums[j] || bit(differing) != differs;
            marked += differs;
            if (j % 64 == 63) wrong += up_to[j / 64] != marked;
          }
          CHECK(wrong == 0);
          CHECK(count == marked);
        }
}

TEST_CASE_TEMPLATE("a row without codes is added like one whose codes are all the same", Entry, std::int16_t,
                   std::int32_t) {
  for (auto const N : awkward_sizes)
    for (int const factor : {-2, 0, 2})
      for (auto const vectors : both) {
        Example<Entry> example(N, 32767, 1);
        std::vector<typename SignSums<Entry>::Code> const same(example.width);
        auto x = example.x;
        std::vector<std::uint64_t> differing(example.width / 64), again(differing.size());
        std::vector<int> up_to(differing.size()), up_to_again(differing.size());
        Marks const marks{example.expected.data(), example.used.data(), differing.data(), up_to.data()};
        int const count =
            SignSums<Entry>::add_row(example.x, example.matrix.data(), same.data(), 0, 1, factor, -7, marks);
        CHECK(SignSums<Entry>::add_row(x, example.matrix.data(), factor, -7,
                                       {marks.expected, marks.used, again.data(), up_to_again.data()},
                                       vectors) == count);
        CHECK(x == example.x);
        CHECK(again == differing);
        CHECK(up_to_again == up_to);
      }
}

TEST_CASE_TEMPLATE("bits become signs and sums at their places", Entry, std::int16_t, std::int32_t) {
  using Kernel = SignSums<Entry>;
  for (auto const N : awkward_sizes) {
    Example<Entry> const example(N, 1, 1);
    std::vector<Entry> signs(example.width, 7);
    Kernel::unpack(example.expected, N, signs.data());
    std::vector<std::int32_t> placed(example.width);
    Kernel::arrange_sums(example.x, placed.data());
    int wrong = 0;
    for (std::size_t j = 0; j < example.width; ++j) {
      int const bit = (example.expected[j / 64] >> j % 64 & 1) != 0 ? 1 : -1;
      wrong += signs[Kernel::place(j)] != (j < N ? bit : 0) || placed[Kernel::place_of_sum(j)] != example.x[j];
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE_TEMPLATE("codes are written into the matrix", Entry, std::int16_t, std::int32_t) {
  for (auto const N : awkward_sizes)
    for (int const rate : {1, 3})
      for (int const shift : {-8, 0, 1})
        for (auto const vectors : both) {
          Example<Entry> example(N, 32767 - 16 * rate - 8, 1);
          auto const before = example;
          auto const code = static_cast<typename SignSums<Entry>::Code>(example.rng.bits() & 0xffff);
          SignSums<Entry>::write_down({example.matrix.data(), example.width}, example.codes.data(), code, rate, shift,
                                      vectors);
          int wrong = 0;
          for (std::size_t j = 0; j < example.width; ++j)
            wrong += example.at(0, j) != before.at(0, j) + rate * example.differing_bits(code, j) + shift;
          CHECK(wrong == 0);
        }
}

}  // namespace hypnos::sign_sums_test
