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

/// Mean and standard error in the usual short form with two digits of error: 0.1234(56); without an error, six digits.
std::string with_error(double mean, double error);

}  // namespace hypnos::cli
