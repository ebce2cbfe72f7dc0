#include "hypnos/kernels/sign_sums.hpp"

#include <array>
#include <bit>

#include "lanes.hpp"

namespace hypnos {

namespace {

// Row and codes together at consecutive places, as many as fit into a vector. At rate 1, the most frequent, a
// product is saved.
template <class Lanes, bool rate_is_1>
typename Lanes::Int16 values(std::int16_t const* row, std::uint16_t const* codes, std::uint16_t code, int rate) {
  using Int16 = typename Lanes::Int16;
  auto const differing = Lanes::template load<Int16>(codes) ^ static_cast<std::int16_t>(code);
  auto const count = Lanes::popcount(differing);
  return Lanes::template load<Int16>(row) + (rate_is_1 ? count : count * static_cast<std::int16_t>(rate));
}

template <class Lanes, bool rate_is_1>
typename Lanes::Int32 values(std::int32_t const* row, std::uint32_t const* codes, std::uint32_t code, int rate) {
  using Int16 = typename Lanes::Int16;
  using Int32 = typename Lanes::Int32;
  auto const differing = Lanes::template load<Int32>(codes) ^ static_cast<std::int32_t>(code);
  auto const count = Int32(Lanes::popcount(Int16(differing)));
  return Lanes::template load<Int32>(row) + (rate_is_1 ? count : count * rate);
}

template <class Lanes>
typename Lanes::Int32 add_products(typename Lanes::Int32 sum, typename Lanes::Int16 a, typename Lanes::Int16 b) {
  return Lanes::add_products(sum, a, b);
}

template <class Lanes>
typename Lanes::Int32 add_products(typename Lanes::Int32 sum, typename Lanes::Int32 a, typename Lanes::Int32 b) {
  return sum + a * b;
}

template <class Lanes, class Entry>
using VectorOf = std::conditional_t<sizeof(Entry) == 2, typename Lanes::Int16, typename Lanes::Int32>;

// A tile of sums stays in registers. Its numbers are loaded once for all its rows and starts.
template <class Lanes, int rows, int starts, class Entry>
void multiply_tile(Entry const* matrix, std::size_t width, Entry const* signs, std::int32_t* sums) {
  using Vector = VectorOf<Lanes, Entry>;
  std::array<std::array<typename Lanes::Int32, starts>, rows> tile;
  for (auto& of_row : tile) of_row.fill(typename Lanes::Int32{});
  for (std::size_t j = 0; j < width; j += sizeof(Vector) / sizeof(Entry)) {
    std::array<Vector, starts> s;
    for (int b = 0; b < starts; ++b) s[b] = Lanes::template load<Vector>(signs + b * width + j);
    for (int i = 0; i < rows; ++i) {
      auto const entries = Lanes::template load<Vector>(matrix + i * width + j);
      for (int b = 0; b < starts; ++b) tile[i][b] = add_products<Lanes>(tile[i][b], entries, s[b]);
    }
  }
  for (int i = 0; i < rows; ++i)
    for (int b = 0; b < starts; ++b) sums[b * width + i] = Lanes::sum(tile[i][b]);
}

template <class Lanes, class Entry>
void multiply_all(Entry const* matrix, std::size_t rows, std::size_t width, Entry const* signs, std::size_t starts,
                  std::int32_t* sums) {
  constexpr int side = sizeof(typename Lanes::Int32) == 64 ? 4 : 2;  // side^2 sums of 32 or 16 registers
  std::size_t i = 0;
  auto const strip = [&]<int tall>() {
    std::size_t b = 0;
    for (; b + side <= starts; b += side)
      multiply_tile<Lanes, tall, side>(matrix + i * width, width, signs + b * width, sums + b * width + i);
    for (; b < starts; ++b)
      multiply_tile<Lanes, tall, 1>(matrix + i * width, width, signs + b * width, sums + b * width + i);
    i += tall;
  };
  while (i + side <= rows) strip.template operator()<side>();
  while (i < rows) strip.template operator()<1>();
}

// Two vectors of sums in consecutive places, 16 apart, by one vector of pairs or by two of single entries; `value`
// gives vectors of a row.
template <class Lanes, class Value>
std::array<typename Lanes::Int32, 2> added(std::int32_t const* x, Value const& value, std::int16_t const*, int factor) {
  using Int16 = typename Lanes::Int16;
  using Int32 = typename Lanes::Int32;
  auto const first_of_pair = Int16(Int32{} + (factor & 0xffff));
  auto const second_of_pair = Int16(Int32{} + static_cast<std::int32_t>(static_cast<std::uint32_t>(factor) << 16));
  Int16 const v = value(0);
  return {Lanes::add_products(Lanes::template load<Int32>(x), v, first_of_pair),
          Lanes::add_products(Lanes::template load<Int32>(x + 16), v, second_of_pair)};
}

template <class Lanes, class Value>
std::array<typename Lanes::Int32, 2> added(std::int32_t const* x, Value const& value, std::int32_t const*, int factor) {
  using Int32 = typename Lanes::Int32;
  return {Lanes::template load<Int32>(x) + value(0) * factor, Lanes::template load<Int32>(x + 16) + value(16) * factor};
}

// values(place): of a row.
template <class Lanes, class Entry, class Values>
int add_row_by(std::span<std::int32_t> x, Entry const* row, Values const& values_at, int factor, std::int16_t threshold,
               Marks const& marks) {
  auto const [expected, used, differing, up_to] = marks;
  int count = 0;
  constexpr auto step = 16 / sizeof(Entry);  // from part to part of a row
  for (std::size_t begin = 0; begin < x.size(); begin += 64) {
    std::uint64_t bits = 0;
    for (std::size_t half = 0; half < 64; half += 32)
      for (std::size_t part = 0; part < 4; part += Lanes::parts) {
        auto const place = begin + half + step * part;
        auto const at = x.data() + begin + half + 4 * part;
        auto const sums = added<Lanes>(
            at, [&](std::size_t k) { return values_at(place + k); }, row, factor);
        Lanes::store(sums[0], at);
        Lanes::store(sums[1], at + 16);
        bits |= Lanes::less(sums[0], sums[1], threshold) << (half + 8 * part);
      }
    // Counting whole words runs beside the vector instructions and costs no time.
    auto const word = begin / 64;
    auto const marked = ~(bits ^ expected[word]) & used[word];
    differing[word] = marked;
    up_to[word] = count += std::popcount(marked);
  }
  return count;
}

template <class Lanes, bool rate_is_1, class Entry, class Code>
int add_row_by(std::span<std::int32_t> x, Entry const* row, Code const* codes, Code code, int rate, int factor,
               std::int16_t threshold, Marks const& marks) {
  auto const values_at = [=](std::size_t place) {
    return values<Lanes, rate_is_1>(row + place, codes + place, code, rate);
  };
  return add_row_by<Lanes>(x, row, values_at, factor, threshold, marks);
}

template <class Lanes, class Entry>
int add_written_row_by(std::span<std::int32_t> x, Entry const* row, int factor, std::int16_t threshold,
                       Marks const& marks) {
  auto const values_at = [=](std::size_t place) { return Lanes::template load<VectorOf<Lanes, Entry>>(row + place); };
  return add_row_by<Lanes>(x, row, values_at, factor, threshold, marks);
}

template <class Lanes, bool rate_is_1, class Entry, class Code>
void write_down_by(std::span<Entry> row, Code const* codes, Code code, int rate, int shift) {
  constexpr auto at_once = sizeof(typename Lanes::Int32) / sizeof(Entry);
  for (std::size_t j = 0; j < row.size(); j += at_once)
    Lanes::store(values<Lanes, rate_is_1>(row.data() + j, codes + j, code, rate) + static_cast<Entry>(shift),
                 row.data() + j);
}

}  // namespace

template <class Entry>
void SignSums<Entry>::unpack(std::span<std::uint64_t const> words, std::size_t columns, Entry* signs) {
  constexpr auto column_at = [] {
    std::array<std::uint32_t, 32> at{};
    for (std::uint32_t j = 0; j < 32; ++j) at[place(j)] = j;
    return at;
  }();
  auto* sign = signs;
  for (auto const word : words)
    for (int half = 0; half < 64; half += 32) {
      auto const bits = static_cast<std::uint32_t>(word >> half);
      for (auto const column : column_at) *sign++ = static_cast<Entry>(2 * (bits >> column & 1)) - 1;
    }
  for (auto j = columns; j < 64 * words.size(); ++j) signs[place(j)] = 0;
}

template <class Entry>
void SignSums<Entry>::arrange_sums(std::span<std::int32_t const> natural, std::int32_t* placed) {
  for (std::size_t begin = 0; begin < natural.size(); begin += 8)
    for (std::size_t k = 0; k < 8; ++k) placed[place_of_sum(begin) + k / 4 * 16 + k % 4] = natural[begin + k];
}

template <class Entry>
void SignSums<Entry>::multiply(Entry const* matrix, std::size_t rows, std::size_t width, Entry const* signs,
                               std::size_t starts, std::int32_t* sums, Vectors vectors) {
  if (vectors == Vectors::widest) multiply_all<WidestLanes>(matrix, rows, width, signs, starts, sums);
  else multiply_all<PortableLanes<16>>(matrix, rows, width, signs, starts, sums);
}

template <class Entry>
int SignSums<Entry>::add_row(std::span<std::int32_t> x, Entry const* row, Code const* codes, Code code, int rate,
                             int factor, std::int16_t threshold, Marks const& marks, Vectors vectors) {
  if (vectors == Vectors::portable)
    return add_row_by<PortableLanes<16>, false>(x, row, codes, code, rate, factor, threshold, marks);
  if (rate == 1) return add_row_by<WidestLanes, true>(x, row, codes, code, rate, factor, threshold, marks);
  return add_row_by<WidestLanes, false>(x, row, codes, code, rate, factor, threshold, marks);
}

template <class Entry>
int SignSums<Entry>::add_row(std::span<std::int32_t> x, Entry const* row, int factor, std::int16_t threshold,
                             Marks const& marks, Vectors vectors) {
  if (vectors == Vectors::widest) return add_written_row_by<WidestLanes>(x, row, factor, threshold, marks);
  return add_written_row_by<PortableLanes<16>>(x, row, factor, threshold, marks);
}

template <class Entry>
void SignSums<Entry>::write_down(std::span<Entry> row, Code const* codes, Code code, int rate, int shift,
                                 Vectors vectors) {
  if (vectors == Vectors::widest) write_down_by<WidestLanes, false>(row, codes, code, rate, shift);
  else write_down_by<PortableLanes<16>, false>(row, codes, code, rate, shift);
}

template struct SignSums<std::int16_t>;
template struct SignSums<std::int32_t>;

}  // namespace hypnos
