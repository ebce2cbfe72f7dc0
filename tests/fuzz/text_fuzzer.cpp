#include <algorithm>
#include <sstream>

#include "input_file.hpp"
#include "rasters.hpp"

using namespace hypnos;

namespace {

// The format in a few lines, for files known to be good.
std::vector<std::vector<double>> rows_of(std::string const& text) {
  std::vector<std::vector<double>> rows;
  std::istringstream lines(text.substr(text.starts_with("\xef\xbb\xbf") ? 3 : 0));
  for (std::string line; std::getline(lines, line);) {
    line.resize(std::min(line.size(), line.find('#')));
    std::ranges::replace(line, ',', ' ');
    std::istringstream words(line);
    std::vector<double> row;
    for (std::string word; words >> word;) row.push_back(std::stod(word));
    if (!row.empty()) rows.push_back(row);
  }
  return rows;
}

}  // namespace

// Input: a text file.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  static fuzz::InputFile const file;
  file.write({bytes, size});
  auto const raster = fuzz::checked_raster(file.path(), "");
  std::string const text(bytes, bytes + size);
  // other formats have their own targets
  if (!raster || text.starts_with("\x93NUMPY") || text.find("\x89HDF") != text.npos) return 0;

  auto const rows = rows_of(text);
  fuzz::require(std::ssize(rows) == raster->samples(), "a row with numbers is a sample");
  for (int t = 0; t < raster->samples(); ++t) {
    auto const& row = rows[static_cast<std::size_t>(t)];
    fuzz::require(std::ssize(row) == raster->neurons(), "a number is a neuron");
    for (int i = 0; i < raster->neurons(); ++i)
      fuzz::require((row[static_cast<std::size_t>(i)] == 1) == (raster->spin(t, i) == 1), "1 is a spike");
  }
  return 0;
}
