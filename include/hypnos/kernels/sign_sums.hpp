#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace hypnos {

/// Which instructions are used: the widest vectors of the processor that the program was compiled for, or 16 bytes at a
/// time with additions, multiplications and shifts only. All numbers are integers, so results are the same.
enum class Vectors { widest, portable };

/// One bit for every column, column j in bit j % 64 of word j / 64.
struct Marks {
  std::uint64_t const* expected;
  std::uint64_t const* used;  ///< columns that count
  std::uint64_t* differing;
  int* up_to;  ///< how many bits are set in this word of `differing` and those before
};

/// Sums over the rows of a square matrix of integers with signs s_j = +-1, and what happens to them when one sign
/// changes. Rows are padded to a whole number of groups of 64 columns, and so is everything that has a number for every
/// column. Entries in the columns of the padding are added like the others: signs there are 0, and marks unused.
///
/// The matrix may have a part that changes too often to be written to memory: to every entry is added
///   rate popcount(code_i ^ code_j),
/// with 16 bits, a code, for every row and column. So up to 16 terms rate [bit b of code_i differs from that of code_j]
/// are added for one more instruction or three an entry, and written into the matrix all at once.
///
/// Entries are std::int16_t or std::int32_t. The sums of x and of products must stay below 2^31, which is not checked.
template <class Entry>
struct SignSums {
  static constexpr std::size_t group = 64;  ///< columns
  static constexpr std::size_t padded(std::size_t columns) { return (columns + group - 1) / group * group; }

  /// The place of column j among sums that rows are added to: 4 columns and the 4 next to them are 16 places apart,
  /// within every 32, so that two vectors of sums compared and packed into one are marks in their natural order.
  static constexpr std::size_t place_of_sum(std::size_t j) {
    return j / 32 * 32 + j / 4 % 2 * 16 + j % 32 / 8 * 4 + j % 4;
  }

  /// Its place in a row, in the codes and among signs to be multiplied: entries of 32 bits like sums; those of 16
  /// bits in pairs of which each falls into one of two vectors of sums.
  static constexpr std::size_t place(std::size_t j) {
    return sizeof(Entry) == 4 ? place_of_sum(j) : j / 8 * 8 + j % 4 * 2 + j / 4 % 2;
  }

  /// signs[place(i)] = +1 if bit i % 64 of word i / 64 is set, else -1, for the columns; 0 for those of the padding.
  static void unpack(std::span<std::uint64_t const> words, std::size_t columns, Entry* signs);

  /// Sums of columns in their natural order brought to their places.
  static void arrange_sums(std::span<std::int32_t const> natural, std::int32_t* placed);

  using Code = std::make_unsigned_t<Entry>;  ///< of which 16 bits count

  /// sums[b w + i] = sum_j row_i[j] signs[b w + j] over the padded width w, i < count of rows, for every b < starts.
  /// Codes are not added.
  static void multiply(Entry const* matrix, std::size_t rows, std::size_t width, Entry const* signs, std::size_t starts,
                       std::int32_t* sums, Vectors vectors = Vectors::widest);

  /// x_j += factor (row[j] + rate popcount(code ^ codes[j])), then `marks` are set where x_j >= threshold differs from
  /// what is expected; threshold > -2^15. Returns the number of marks.
  static int add_row(std::span<std::int32_t> x, Entry const* row, Code const* codes, Code code, int rate, int factor,
                     std::int16_t threshold, Marks const& marks, Vectors vectors = Vectors::widest);

  /// The same without codes: x_j += factor row[j].
  static int add_row(std::span<std::int32_t> x, Entry const* row, int factor, std::int16_t threshold,
                     Marks const& marks, Vectors vectors = Vectors::widest);

  /// row[j] += rate popcount(code ^ codes[j]) + shift.
  static void write_down(std::span<Entry> row, Code const* codes, Code code, int rate, int shift,
                         Vectors vectors = Vectors::widest);
};

extern template struct SignSums<std::int16_t>;
extern template struct SignSums<std::int32_t>;

}  // namespace hypnos
