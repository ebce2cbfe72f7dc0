#include "table.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "hypnos/base/text.hpp"

namespace hypnos::cli {

namespace {

// Characters on a terminal, not bytes: UTF-8 continuation bytes take no room.
std::size_t printed_width(std::string const& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string printed(char const* format, auto... values) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, values...);
  return buffer.data();
}

}  // namespace

std::vector<std::string> wrapped(std::string const& text, std::size_t width) {
  std::vector<std::string> lines(1);
  for (auto const& word : split(text, ' ')) {
    auto& line = lines.back();
    if (!line.empty() && printed_width(line) + 1 + printed_width(word) > width) lines.push_back(word);
    else line += (line.empty() ? "" : " ") + word;
  }
  return lines;
}

void Table::add(std::vector<std::string> row) {
  for (auto& cell : row) cell = printable(cell);  // texts of a file or a user
  rows_.push_back(std::move(row));
}

void Table::print(std::FILE* stream, std::string const& indent, std::size_t width) const {
  std::vector<std::size_t> widths;
  for (auto const& row : rows_)
    for (std::size_t k = 0; k + 1 < row.size(); ++k) {
      if (k == widths.size()) widths.push_back(0);
      widths[k] = std::max(widths[k], printed_width(row[k]));
    }
  for (auto const& row : rows_) {
    std::string line = indent;
    for (std::size_t k = 0; k + 1 < row.size(); ++k)
      line += row[k] + std::string(widths[k] - printed_width(row[k]) + 2, ' ');
    auto const left = printed_width(line);
    auto const pieces = wrapped(row.back(), std::max<std::size_t>(left + 30, width) - left);
    for (std::size_t k = 0; k < pieces.size(); ++k)
      std::fprintf(stream, "%s%s\n", k == 0 ? line.c_str() : std::string(left, ' ').c_str(), pieces[k].c_str());
  }
}

std::string with_error(double mean, double error) {
  // without spread, or with one in the last bits, which is the rounding of equal numbers
  if (!std::isfinite(mean) || !std::isfinite(error) || error <= 1e-13 * std::abs(mean)) return printed("%.6g", mean);
  auto exponent = static_cast<int>(std::floor(std::log10(error)));  // of the first of the two digits of the error
  if (std::lround(error * std::pow(10, 1 - exponent)) == 100) ++exponent;  // 0.0996 has the two digits 1.0e-1
  long const digits = std::lround(error * std::pow(10, 1 - exponent));
  int const decimals = 1 - exponent;
  if (decimals >= 0 && decimals <= 9) return printed("%.*f(%ld)", decimals, mean, digits);
  if (decimals < 0 && decimals >= -4) {
    long const unit = std::lround(std::pow(10, -decimals));
    return printed("%ld(%ld)", std::lround(mean / static_cast<double>(unit)) * unit, digits * unit);
  }
  // 1.234(50)e-12
  auto const power = static_cast<int>(std::floor(std::log10(std::max(std::abs(mean), error))));
  return printed("%.*f(%ld)e%d", std::max(0, power + decimals), mean * std::pow(10, -power), digits, power);
}

}  // namespace hypnos::cli
