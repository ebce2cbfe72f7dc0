#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>

#include "hypnos/base/text.hpp"
#include "table.hpp"

namespace hypnos {

namespace {

// Numbers of one type in a file, every `stride`-th of the values in memory.
using Decode = void (*)(std::string_view bytes, bool swapped, double* values, std::size_t stride);

template <class T>
void decode(std::string_view bytes, bool swapped, double* values, std::size_t stride) {
  for (; !bytes.empty(); bytes.remove_prefix(sizeof(T)), values += stride) {
    std::array<char, sizeof(T)> number;
    std::ranges::copy(bytes.substr(0, sizeof(T)), number.begin());
    if (swapped) std::ranges::reverse(number);
    *values = static_cast<double>(std::bit_cast<T>(number));
  }
}

struct Type {
  std::string_view name;
  std::size_t size;
  Decode decode;
};

constexpr std::array types{
    Type{"b1", 1, decode<std::uint8_t>},  Type{"u1", 1, decode<std::uint8_t>},  Type{"i1", 1, decode<std::int8_t>},
    Type{"u2", 2, decode<std::uint16_t>}, Type{"i2", 2, decode<std::int16_t>},  Type{"u4", 4, decode<std::uint32_t>},
    Type{"i4", 4, decode<std::int32_t>},  Type{"u8", 8, decode<std::uint64_t>}, Type{"i8", 8, decode<std::int64_t>},
    Type{"f4", 4, decode<float>},         Type{"f8", 8, decode<double>},
};

// What follows `'key':` in the header, a Python dictionary; empty if the key is missing.
std::string_view after_key(std::string_view header, std::string_view key) {
  auto const found = header.find(key);
  if (found == header.npos) return {};
  header.remove_prefix(found + key.size());
  auto const colon = header.find_first_not_of("'\" ");
  if (colon == header.npos || header[colon] != ':') return {};
  header.remove_prefix(colon + 1);
  return header.substr(std::min(header.size(), header.find_first_not_of(' ')));
}

// "(3, 4)", "(3,)" and "()".
std::optional<std::vector<std::int64_t>> parse_shape(std::string_view text) {
  if (!text.starts_with('(')) return std::nullopt;
  auto const end = text.find(')');
  if (end == text.npos) return std::nullopt;
  std::vector<std::int64_t> shape;
  auto const extents = split(text.substr(1, end - 1), ',');
  for (std::size_t k = 0; k < extents.size(); ++k) {
    if (extents[k].empty() && k + 1 == extents.size()) break;
    auto const last = extents[k].data() + extents[k].size();
    std::int64_t extent = 0;
    auto const [stop, error] = std::from_chars(extents[k].data(), last, extent);
    if (error != std::errc{} || stop != last || extent < 0) return std::nullopt;
    shape.push_back(extent);
  }
  return shape;
}

// The format is described in the docstring of numpy.lib.format.
class NpyTable : public Table {
 public:
  explicit NpyTable(std::string const& path)
      : Table(path), file_(path, std::ios::binary), file_size_(std::filesystem::file_size(path)) {
    auto const prefix = read(8);  // magic string, version
    int const version = static_cast<unsigned char>(prefix[6]);
    if (version < 1 || version > 3)
      fail("is of .npy version " + std::to_string(version) + ", but 1 to 3 are known; write it again with numpy.save");
    auto const length = read(version == 1 ? 2 : 4);
    std::size_t header_size = 0;
    for (std::size_t k = length.size(); k-- > 0;)
      header_size = header_size << 8 | static_cast<unsigned char>(length[k]);
    parse_header(read(header_size));
    begin_ = prefix.size() + length.size() + header_size;
    require_size();
  }

  void next_rows(std::span<double> values) override {
    auto const width = static_cast<std::size_t>(columns());
    auto const height = values.size() / width;
    if (!fortran_order_) {
      read_run(row_ * width, values.size(), values.data(), 1);
    } else {
      for (std::size_t column = 0; column < width; ++column)
        read_run(column * static_cast<std::size_t>(rows()) + row_, height, values.data() + column, width);
    }
    row_ += height;
  }

 private:
  void parse_header(std::string_view header) {
    auto const shape = parse_shape(after_key(header, "shape"));
    auto const order = after_key(header, "fortran_order");
    fortran_order_ = order.starts_with("True");
    if (!shape || (!fortran_order_ && !order.starts_with("False")))
      fail("its header cannot be understood, the file is damaged; write it again with numpy.save");
    shape_ = *shape;

    auto description = after_key(header, "descr");
    if (description.starts_with('[')) fail("holds records with named fields; save one plain array of numbers");
    description.remove_prefix(std::min<std::size_t>(1, description.size()));  // the quote
    auto const name = description.substr(0, description.find_first_of("'\""));
    auto const known = std::ranges::find(types, name.substr(std::min<std::size_t>(1, name.size())), &Type::name);
    if (known == types.end())
      fail("holds values of type " + in_quotes(name) +
           ", but booleans, integers or reals were expected; convert it with .astype('int8')");
    type_ = *known;
    swapped_ = name.front() == (std::endian::native == std::endian::little ? '>' : '<');
  }

  // Called before any allocation, since the header may be damaged.
  void require_size() const {
    std::uint64_t expected = type_.size;
    bool overflow = false;
    for (auto const extent : shape_)
      overflow |= __builtin_mul_overflow(expected, static_cast<std::uint64_t>(extent), &expected);
    overflow |= __builtin_add_overflow(expected, begin_, &expected);
    if (overflow || expected != file_size_)
      fail("is " + std::to_string(file_size_) + " bytes long, but its header describes " +
           (overflow ? "more than any file holds" : std::to_string(expected)) +
           (overflow || expected > file_size_ ? "; the file is truncated or damaged"
                                              : "; write one array to a file with numpy.save"));
  }

  std::string read(std::size_t count) {
    if (count > file_size_) fail("is truncated or damaged: it ends within its header");
    std::string bytes(count, '\0');
    if (!file_.read(bytes.data(), static_cast<std::streamsize>(count)))
      fail("cannot be read to its end; the file is truncated or damaged");
    return bytes;
  }

  void read_run(std::size_t first, std::size_t count, double* values, std::size_t stride) {
    file_.seekg(static_cast<std::streamoff>(begin_ + first * type_.size));
    type_.decode(read(count * type_.size), swapped_, values, stride);
  }

  std::ifstream file_;
  std::uint64_t file_size_;
  std::uint64_t begin_ = 0;  // of the numbers
  Type type_ = types[0];
  bool swapped_ = false, fortran_order_ = false;
  std::size_t row_ = 0;
};

}  // namespace

std::unique_ptr<Table> open_npy_table(std::string const& path) { return std::make_unique<NpyTable>(path); }

}  // namespace hypnos
