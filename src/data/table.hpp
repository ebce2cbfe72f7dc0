#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hypnos {

/// A table of numbers in a file, of any rank on opening, read once from the first row to the last.
class Table {
 public:
  virtual ~Table() = default;

  std::vector<std::int64_t> const& shape() const { return shape_; }
  std::int64_t rows() const { return shape_.at(0); }
  /// Numbers in a row: 1 in a table of rank 1.
  std::int64_t columns() const { return shape_.size() == 2 ? shape_[1] : 1; }

  /// In a table of rank 3 or more: how many tables of rank 2 its leading dimensions count. 1 in others.
  virtual std::int64_t tables() const { return 1; }
  /// Only table number k < tables() of them is read, in the order of the leading dimensions: it becomes the shape.
  virtual void select(std::int64_t) {}

  /// The next values.size() / columns() rows, one after the other. For tables of rank 1 and 2.
  virtual void next_rows(std::span<double> values) = 0;

  /// The place of a value in the file, for messages.
  virtual std::string place(std::int64_t row, std::int64_t column);

  /// "file, dataset 'name'".
  std::string const& source() const { return source_; }
  /// Throws BadInput: "<source>: <finding>".
  [[noreturn]] void fail(std::string const& finding) const;

 protected:
  explicit Table(std::string source) : source_(std::move(source)) {}

  std::string source_;
  std::vector<std::int64_t> shape_;
};

/// Chooses the format by the first bytes of the file.
std::unique_ptr<Table> open_table(std::string const& path, std::string const& dataset);

std::unique_ptr<Table> open_hdf5_table(std::string const& path, std::string const& dataset);
std::unique_ptr<Table> open_npy_table(std::string const& path);
std::unique_ptr<Table> open_text_table(std::string const& path);

/// "shape 3 x 4", "length 5", for messages.
std::string shape_text(Table const& table);

/// Text of a file in quotes, for a message: shortened, with characters other than printable ASCII as \xNN.
std::string in_quotes(std::string_view text);

}  // namespace hypnos
