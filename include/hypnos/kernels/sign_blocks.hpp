#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/kernels/sign_sums.hpp"

namespace hypnos {

/// 32 vectors of signs s_j^d = +-1, d < 32, by which a matrix of 32-bit integers is multiplied, or to which their outer
/// products with other vectors are added. Matrices have one column after the other, matrix[j height + i], with a height
/// that is a multiple of `padding`. Four signs together have only 16 values: for every 4 columns all 16 sums of +-
/// entries are tabulated, and every four terms are then one addition (the method of four Russians; Arlazarov et al.,
/// Sov. Math. Dokl. 11, 1209 (1970)). All sums must stay below 2^30, which is not checked; results are then exact, and
/// the same by all instructions.
class SignBlock {
 public:
  static constexpr std::size_t size = 32;
  static constexpr std::size_t padding = 16;
  /// An odd number of lines of the cache, since columns at distances of powers of 2 would displace each other.
  static constexpr std::size_t padded(std::size_t rows) { return ((rows + padding - 1) / padding | 1) * padding; }

  explicit SignBlock(std::size_t columns);

  std::size_t columns() const { return columns_; }
  std::size_t words() const { return words_; }  ///< of one vector

  /// s_j^d = +1 where bit j % 32 of words[d words() + j / 32] is set. Bits beyond the columns are 0.
  void assign(std::span<std::uint32_t const> words);

  /// sum_j s_j^d s_j^e in products()[32 d + e].
  std::span<std::int32_t const, size * size> products() const { return products_; }

  /// sums[d height + i] = sum_j matrix[j height + i] s_j^d.
  void multiply(std::int32_t const* matrix, std::size_t height, std::int32_t* sums,
                Vectors vectors = Vectors::widest) const;

  /// matrix[j height + i] += sum_d x[d height + i] s_j^d.
  void add_outer(std::int32_t* matrix, std::size_t height, std::int32_t const* x,
                 Vectors vectors = Vectors::widest) const;

  /// Of changes to a row that depend on its own sums.
  struct Changes {
    std::uint32_t const* wanted;  ///< x_i^d = +1 where bit i % 32 of wanted[d words() + i / 32] is set, else -1
    std::size_t count;            ///< vectors that are used, 0, ..., count - 1
    bool zero_counts;
    std::int32_t step = 1;
    /// If rate > 0, the step of row i is the integer next to rate sqrt(squares[i]). Squares of the rows follow.
    double rate = 0;
    std::int64_t* squares = nullptr;
  };

  /// Row after row of a square matrix whose `sums` are those of multiply(): for d = 0, 1, ..., if x_i^d sums[d] < 0, or
  /// = 0 and `zero_counts`, row i changes by c s^d, c = step x_i^d, except in column i, where it is and remains 0. The
  /// sums of larger d are those of the changed row. c, or 0 without a change, is stored in c[d height + i]; the matrix
  /// is not an argument.
  void correct(std::size_t height, std::int32_t const* sums, Changes const& changes, std::int32_t* c,
               Vectors vectors = Vectors::widest) const;

  /// The integer next to rate sqrt(squares).
  static std::int32_t step(double rate, std::int64_t squares);

 private:
  template <class Lanes>
  void multiply_by(std::int32_t const* matrix, std::size_t height, std::int32_t* sums) const;
  template <class Lanes>
  void add_outer_by(std::int32_t* matrix, std::size_t height, std::int32_t const* x) const;
  template <class Lanes>
  void correct_by(std::size_t height, std::int32_t const* sums, Changes const& changes, std::int32_t* c) const;

  std::size_t columns_, words_, fours_;
  std::vector<std::uint32_t> signs_;
  // Values of four signs as numbers of 0 to 15: of columns 4 g, ..., 4 g + 3 at 32 g + d; of d = 4 g, ..., 4 g + 3 at
  // 8 j + g.
  std::vector<std::uint8_t> of_columns_, of_vectors_;
  std::array<std::int32_t, size * size> products_{};
};

}  // namespace hypnos
