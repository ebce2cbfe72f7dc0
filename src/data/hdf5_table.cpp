#include <algorithm>
#include <filesystem>
#include <optional>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/hdf5/file.hpp"
#include "table.hpp"

namespace hypnos {

namespace {

std::optional<hdf5::Group> open_group(hdf5::Group const& parent, std::string const& name) try {
  return parent.open_group(name);
} catch (hdf5::Error const&) {
  return std::nullopt;  // a named type or a broken link
}

// Paths of datasets, enough for a message. MATLAB stores the contents of cells and structures in "#refs#".
void list_datasets(hdf5::Group const& group, std::string const& prefix, int depth, std::vector<std::string>& paths) {
  constexpr std::size_t most = 20;
  constexpr int deepest = 4;  // links may form a cycle
  for (auto const& name : group.members()) {
    if (paths.size() == most) return;
    if (name.starts_with('#')) continue;
    if (group.has_dataset(name)) paths.push_back(prefix + name);
    else if (depth == deepest) continue;
    else if (auto const inner = open_group(group, name)) list_datasets(*inner, prefix + name + '/', depth + 1, paths);
  }
}

class Hdf5Table : public Table {
 public:
  Hdf5Table(std::string const& path, std::string const& dataset)
      : Table(path), file_(hdf5::File::open_read(path)), dataset_(find(dataset)) {
    source_ += ", dataset '" + dataset + "'";
    if (auto const kind = dataset_.kind(); kind != hdf5::Kind::integer && kind != hdf5::Kind::real)
      fail(std::string(kind == hdf5::Kind::text ? "holds texts" : "holds values of a composite type") +
           ", but numbers were expected");
    require_plausible_size(path);
    for (auto const extent : dataset_.shape()) shape_.push_back(static_cast<std::int64_t>(extent));
  }

  std::int64_t tables() const override {
    std::int64_t count = 1;
    for (std::size_t axis = 0; axis + 2 < shape().size(); ++axis) count *= shape()[axis];
    return count;
  }

  void select(std::int64_t k) override {
    auto const leading = std::ssize(shape_) - 2;
    selected_.assign(static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, leading)), 0);
    for (auto axis = selected_.size(); axis-- > 0; k /= shape_[axis])
      selected_[axis] = static_cast<hdf5::Size>(k % shape_[axis]);
    shape_.erase(shape_.begin(), shape_.begin() + std::ssize(selected_));
  }

  void next_rows(std::span<double> values) override try {
    auto const height = values.size() / static_cast<std::size_t>(columns());
    auto offset = selected_;
    hdf5::Shape count(offset.size(), 1);
    offset.push_back(row_);
    count.push_back(height);
    if (shape().size() == 2) {
      offset.push_back(0);
      count.push_back(static_cast<hdf5::Size>(columns()));
    }
    dataset_.read(offset, count, values);
    row_ += height;
  } catch (hdf5::Error const& error) {
    fail(error.what());
  }

 private:
  hdf5::Dataset find(std::string const& name) const {
    if (file_.has_dataset(name)) return file_.open_dataset(name);
    if (auto const in_store = "realizations/" + name; file_.has_dataset(in_store)) return file_.open_dataset(in_store);
    std::vector<std::string> datasets;
    list_datasets(file_, "", 1, datasets);
    auto const there = datasets.empty() ? "it holds no datasets" : "it holds " + joined(datasets, ", ");
    if (name.empty()) fail("a dataset must be named; " + there);
    if (file_.has(name) && open_group(file_, name))
      fail(in_quotes(name) + " is a group, but a dataset was expected; " + there);
    if (file_.has(name)) file_.open_dataset(name);  // it exists but is damaged; the error of the library says how
    fail("there is no dataset " + in_quotes(name) + suggestion(name, datasets) + "; " + there);
  }

  // A damaged header may contain any size. Compression stores up to some thousand values in a byte (deflate at most
  // 1032 bytes, n-bit packing 8 values in each of them).
  void require_plausible_size(std::string const& path) const {
    constexpr double most_values_a_byte = 10000;
    double values = 1;
    for (auto const extent : dataset_.shape()) values *= static_cast<double>(extent);
    auto const bytes = std::filesystem::file_size(path);
    if (values > most_values_a_byte * static_cast<double>(bytes))
      fail("announces " + format_number(values) + " values, but the file has only " + std::to_string(bytes) +
           " bytes; it is damaged or was never filled");
  }

  hdf5::File file_;
  hdf5::Dataset dataset_;
  hdf5::Shape selected_;  // place in the leading dimensions
  hdf5::Size row_ = 0;
};

}  // namespace

std::unique_ptr<Table> open_hdf5_table(std::string const& path, std::string const& dataset) try {
  return std::make_unique<Hdf5Table>(path, dataset);
} catch (hdf5::Error const& error) {
  throw BadInput(path + ": " + error.what());
}

}  // namespace hypnos
