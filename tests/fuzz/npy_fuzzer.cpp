#include <algorithm>
#include <string>

#include "input_file.hpp"
#include "rasters.hpp"

using namespace hypnos;

namespace {

void check(fuzz::InputFile const& file, std::string const& bytes, std::size_t header_end) {
  file.write({reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size()});
  auto const raster = fuzz::checked_raster(file.path(), "");
  if (!raster || !bytes.starts_with("\x93NUMPY")) return;
  auto const numbers = static_cast<std::size_t>(raster->samples()) * static_cast<std::size_t>(raster->neurons());
  auto const width = (bytes.size() - header_end) / numbers;
  fuzz::require(width * numbers == bytes.size() - header_end && (width == 1 || width == 2 || width == 4 || width == 8),
                "the numbers fill the file behind its header");
}

}  // namespace

// Input: the dictionary of an .npy header up to the end of a line, then the numbers. The part before the dictionary
// (magic string, version, length) is written here, since mutations that leave it correct are rare.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  static fuzz::InputFile const file;
  std::string const input(bytes, bytes + size);
  auto const header = std::min(input.find('\n'), input.size() - std::min<std::size_t>(1, input.size())) + 1;
  std::string const length{static_cast<char>(header & 255), static_cast<char>(header >> 8 & 255)};
  std::string const magic = "\x93NUMPY";
  check(file, magic + std::string("\1\0", 2) + length + input, 10 + header);
  check(file, magic + std::string("\3\0", 2) + length + std::string("\0\0", 2) + input, 12 + header);
  // the part before the dictionary too: version 1 reads the length from the input's first two bytes
  if (size >= 2) check(file, magic + std::string("\1\0", 2) + input, 10 + bytes[0] + 256u * bytes[1]);
  return 0;
}
