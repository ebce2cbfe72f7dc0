#include "hypnos/kernels/sign_blocks.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/base/streams.hpp"

namespace hypnos::sign_blocks_test {

namespace {

constexpr std::size_t block = SignBlock::size;
constexpr Vectors all_vectors[] = {Vectors::widest, Vectors::portable};

// A matrix with blocks of signs. Sums of the largest entries are just below 2^30.
struct Example {
  Example(std::size_t many_rows, std::size_t many_columns, std::int32_t largest_entry)
      : rows(many_rows), columns(many_columns), largest(largest_entry), signs(columns) {
    for (auto* const words : {&s_words, &x_words}) {
      words->resize(block * signs.words());
      for (std::size_t d = 0; d < block; ++d)
        for (std::size_t j = 0; j < columns; ++j) (*words)[d * signs.words() + j / 32] |= rng.below(2) << j % 32;
    }
    signs.assign(s_words);
    matrix.resize(height * columns);
    for (std::size_t j = 0; j < columns; ++j)
      for (std::size_t i = 0; i < rows; ++i) matrix[j * height + i] = entry();
  }

  std::int32_t entry() {
    auto const kind = rng.below(4);
    if (kind < 2) return kind == 0 ? largest : -largest;
    return static_cast<std::int32_t>(rng.below(2 * static_cast<std::uint32_t>(largest) + 1)) - largest;
  }
  int sign(std::vector<std::uint32_t> const& words, std::size_t d, std::size_t j) const {
    return words[d * signs.words() + j / 32] >> j % 32 & 1 ? 1 : -1;
  }
  int s(std::size_t d, std::size_t j) const { return sign(s_words, d, j); }
  int x(std::size_t d, std::size_t i) const { return sign(x_words, d, i); }

  std::size_t rows, columns;
  std::size_t height = SignBlock::padded(rows);
  std::int32_t largest;
  Rng rng{1, 0, streams::couplings};
  SignBlock signs;
  std::vector<std::uint32_t> s_words, x_words;
  std::vector<std::int32_t> matrix;
};

}  // namespace

TEST_CASE("heights are odd multiples of 16") {
  CHECK(SignBlock::padded(1) == 16);
  CHECK(SignBlock::padded(16) == 16);
  CHECK(SignBlock::padded(17) == 48);
  CHECK(SignBlock::padded(100) == 112);
  CHECK(SignBlock::padded(512) == 528);
}

TEST_CASE("products of a matrix and of the vectors with 32 vectors of signs are exact") {
  for (std::size_t const columns : {1, 2, 3, 4, 5, 31, 32, 33, 63, 64, 65, 100, 129})
    for (std::size_t const rows : {1, 16, 17, 40}) {
      CAPTURE(columns);
      CAPTURE(rows);
      Example e(rows, columns, static_cast<std::int32_t>(((1 << 30) - 1) / static_cast<int>(columns)));
      for (auto const vectors : all_vectors) {
        std::vector<std::int32_t> sums(block * e.height);
        e.signs.multiply(e.matrix.data(), e.height, sums.data(), vectors);
        int wrong = 0;
        for (std::size_t d = 0; d < block; ++d) {
          for (std::size_t i = 0; i < e.height; ++i) {
            std::int64_t sum = 0;
            for (std::size_t j = 0; j < columns; ++j) sum += std::int64_t{e.matrix[j * e.height + i]} * e.s(d, j);
            wrong += sums[d * e.height + i] != sum;
          }
          for (std::size_t f = 0; f < block; ++f) {
            int product = 0;
            for (std::size_t j = 0; j < columns; ++j) product += e.s(d, j) * e.s(f, j);
            wrong += e.signs.products()[block * d + f] != product;
          }
        }
        CHECK(wrong == 0);
      }
    }
}

TEST_CASE("outer products with vectors of signs are added exactly") {
  for (std::size_t const columns : {1, 2, 5, 31, 32, 33, 65, 100})
    for (std::size_t const rows : {1, 16, 33}) {
      CAPTURE(columns);
      CAPTURE(rows);
      Example e(rows, columns, 1 << 24);
      std::vector<std::int32_t> x(block * e.height);
      for (auto& number : x) number = e.rng.below(3) == 0 ? 0 : e.entry();
      auto expected = e.matrix;
      for (std::size_t d = 0; d < block; ++d)
        for (std::size_t j = 0; j < columns; ++j)
          for (std::size_t i = 0; i < e.height; ++i) expected[j * e.height + i] += x[d * e.height + i] * e.s(d, j);
      for (auto const vectors : all_vectors) {
        auto matrix = e.matrix;
        e.signs.add_outer(matrix.data(), e.height, x.data(), vectors);
        CHECK(matrix == expected);
      }
    }
}

TEST_CASE("corrected sums are those of rows that change vector by vector") {
  for (std::size_t const N : {1, 2, 3, 16, 31, 33, 65, 100})
    for (std::size_t const count : {1, 2, 31, 32})
      for (bool const zero_counts : {false, true})
        for (double const rate : {0., 0.01}) {
          CAPTURE(N);
          CAPTURE(count);
          CAPTURE(zero_counts);
          CAPTURE(rate);
          Example e(N, N, rate > 0 ? 100'000 : 3);  // small entries have many sums of 0
          std::vector<std::int64_t> initial(N);
          for (std::size_t i = 0; i < N; ++i) {
            e.matrix[i * e.height + i] = 0;
            for (std::size_t j = 0; j < N; ++j) {
              std::int64_t const entry = e.matrix[j * e.height + i];
              initial[i] += entry * entry;
            }
          }
          auto rows = e.matrix;
          auto squares = initial;
          std::vector<std::int32_t> expected(block * e.height), sums(block * e.height);
          for (std::size_t d = 0; d < count; ++d)
            for (std::size_t i = 0; i < N; ++i) {
              std::int64_t sum = 0;
              for (std::size_t j = 0; j < N; ++j) sum += std::int64_t{rows[j * e.height + i]} * e.s(d, j);
              if (sum * e.x(d, i) > 0 || (sum == 0 && !zero_counts)) continue;
              auto const step =
                  rate > 0
                      ? static_cast<std::int32_t>(std::nearbyint(rate * std::sqrt(static_cast<double>(squares[i]))))
                      : 2;
              expected[d * e.height + i] = step * e.x(d, i);
              squares[i] = 0;
              for (std::size_t j = 0; j < N; ++j) {
                auto& entry = rows[j * e.height + i];
                if (j != i) entry += step * e.x(d, i) * e.s(d, j);
                squares[i] += std::int64_t{entry} * entry;
              }
            }
          e.signs.multiply(e.matrix.data(), e.height, sums.data());
          for (auto const vectors : all_vectors) {
            std::vector<std::int32_t> c(block * e.height, 7);
            auto of_rows = initial;
            e.signs.correct(e.height, sums.data(), {e.x_words.data(), count, zero_counts, 2, rate, of_rows.data()},
                            c.data(), vectors);
            CHECK(c == expected);
            if (rate > 0) CHECK(of_rows == squares);
          }
        }
}

}  // namespace hypnos::sign_blocks_test
