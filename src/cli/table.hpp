#pragma once

#include <cstdio>
#include <string>
#include <vector>

namespace hypnos::cli {

/// Cells in columns as wide as their widest cell.
class Table {
 public:
  void add(std::vector<std::string> row);
  /// The last column is wrapped, so that lines stay within `width` characters.
  void print(std::FILE* stream, std::string const& indent = "", std::size_t width = 120) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// Lines of at most `width` characters, broken at blanks.
std::vector<std::string> wrapped(std::string const& text, std::size_t width);

/// Mean and standard error in the usual short form with two digits of error: 0.1234(56), 6020(270),
/// 1.234(50)e-12; without an error, or if it is 0, six digits.
std::string with_error(double mean, double error);

}  // namespace hypnos::cli
