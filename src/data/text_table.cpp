#include <algorithm>
#include <fstream>
#include <string_view>

#include "hypnos/base/text.hpp"
#include "table.hpp"

namespace hypnos {

namespace {

// The fields of a line, separated by blanks or by one comma with or without blanks around it.
// Empty text before, after or between commas is an empty field.
class Fields {
 public:
  explicit Fields(std::string_view line) : rest_(line) { skip_blanks(); }

  bool next(std::string_view& field) {
    if (rest_.empty() && !after_comma_) return false;
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != ',' && !is_blank(rest_[end])) ++end;
    field = rest_.substr(0, end);
    rest_.remove_prefix(end);
    skip_blanks();
    after_comma_ = rest_.starts_with(',');
    if (after_comma_) rest_.remove_prefix(1);
    skip_blanks();
    return true;
  }

 private:
  static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
  void skip_blanks() {
    while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
  }

  std::string_view rest_;
  bool after_comma_ = false;
};

// The first pass counts rows, the second reads them, so that memory holds one line and one slab.
class TextTable : public Table {
 public:
  explicit TextTable(std::string const& path) : Table(path), file_(path, std::ios::binary) {
    shape_ = {0, 0};
    for (; next_line(); ++shape_[0])
      if (std::string_view field; shape_[0] == 0)
        for (Fields fields(text_); fields.next(field);) ++shape_[1];
    rewind();
  }

  void next_rows(std::span<double> values) override {
    for (std::size_t k = 0; k < values.size(); ++row_) {
      if (!next_line()) fail("became shorter while it was read");
      std::string_view field;
      std::int64_t column = 0;
      for (Fields fields(text_); fields.next(field); ++column) {
        if (column >= columns()) continue;  // the line is too long; the fields are counted for the message
        auto const number = parse_number(field);
        if (!number)
          fail(in_quotes(field) + " at " + place(row_, column) +
               " is not a finite number; put # in front of a line that is a comment");
        values[k++] = *number;
      }
      if (column != columns())
        fail("line " + std::to_string(line_) + " has " + std::to_string(column) + " values, but the first row has " +
             std::to_string(columns()) + "; a raster needs all rows of one length");
    }
  }

  std::string place(std::int64_t row, std::int64_t column) override {
    rewind();
    for (std::int64_t k = 0; k <= row; ++k) next_line();
    return "line " + std::to_string(line_) + ", " + Table::place(row, column);
  }

 private:
  void rewind() {
    file_.clear();
    file_.seekg(0);
    line_ = 0;
  }

  // The next line that holds a number, without its comment.
  bool next_line() {
    while (std::getline(file_, text_)) {
      if (++line_ == 1 && text_.starts_with("\xef\xbb\xbf")) text_.erase(0, 3);  // the byte order mark of UTF-8
      text_.resize(std::min(text_.size(), text_.find('#')));
      if (std::string_view field; Fields(text_).next(field)) return true;
    }
    return false;
  }

  std::ifstream file_;
  std::string text_;
  std::int64_t line_ = 0, row_ = 0;
};

}  // namespace

std::unique_ptr<Table> open_text_table(std::string const& path) { return std::make_unique<TextTable>(path); }

}  // namespace hypnos
