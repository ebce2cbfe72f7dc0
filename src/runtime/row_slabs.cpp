#include "row_slabs.hpp"

#include <algorithm>

namespace hypnos {

namespace {

constexpr std::uint64_t bytes_a_slab = 1 << 23;

std::vector<std::span<double const>> row_of(RowSlab const& slab, std::uint64_t row, StoreDescription const& store) {
  std::vector<std::span<double const>> observables;
  for (std::size_t k = 0; k < slab.values.size(); ++k) {
    auto const size = store.observables()[k].size;
    observables.push_back(std::span(slab.values[k]).subspan(row * size, size));
  }
  return observables;
}

}  // namespace

void for_each_row_slab(hdf5::File const& file, StoreDescription const& store,
                       std::function<void(RowSlab const&)> const& action) {
  auto const flags = file.open_dataset("realizations/done").read<std::uint8_t>();
  auto const checksums = file.open_dataset("realizations/checksum").read<std::uint32_t>();
  auto const& observables = store.observables();
  std::vector<hdf5::Dataset> datasets;
  for (auto const& observable : observables)
    datasets.push_back(file.open_dataset("realizations/" + observable.info.name));
  RowChecksum const checksum_of(store.layout(), store.job_label());

  auto const most = std::max<std::uint64_t>(1, bytes_a_slab / std::max<std::uint64_t>(1, store.row_bytes()));
  RowSlab now;
  now.values.resize(observables.size());
  for (now.first = 0; now.first < store.tasks(); now.first += now.rows) {
    now.rows = rows_of_slab(store, now.first, most);
    now.done.assign(now.rows, false);
    for (std::uint64_t row = 0; row < now.rows; ++row)
      now.done[row] = static_cast<TaskState>(flags[now.first + row]) == TaskState::done;
    now.whole.assign(now.rows, false);
    bool const any = std::ranges::find(now.done, true) != now.done.end();
    for (std::size_t k = 0; k < observables.size(); ++k) {
      now.values[k].resize(any ? now.rows * observables[k].size : 0);
      if (!any) continue;
      auto const [offset, count] = slab(store, now.first, now.rows, observables[k].extents);
      datasets[k].read(offset, count, std::span(now.values[k]));
    }
    for (std::uint64_t row = 0; row < now.rows; ++row)
      now.whole[row] = now.done[row] &&
                       checksum_of(store.label(now.first + row), row_of(now, row, store)) == checksums[now.first + row];
    action(now);
  }
}

}  // namespace hypnos
