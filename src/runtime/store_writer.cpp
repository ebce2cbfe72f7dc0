#include "hypnos/runtime/store_writer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "hypnos/runtime/disk_trouble.hpp"
#include "hypnos/runtime/store_reader.hpp"
#include "hypnos/runtime/sync_file.hpp"

namespace hypnos {

namespace {

// MPI-IO says that writing failed, but not why.
void saying_why(std::string const& path, std::uint64_t bytes, auto const& writing) {
  try {
    writing();
  } catch (hdf5::Error const& error) {
    auto const reason = disk_trouble(path, bytes);
    throw hdf5::Error(error.what() + (reason.empty() ? "" : "; " + reason));
  }
}

}  // namespace

std::vector<double> stored_values(StoredObservable const& observable, Block const& block) {
  auto const& [info, extents, size] = observable;
  std::vector<double> values(size, std::numeric_limits<double>::quiet_NaN());
  if (block.values.empty() && !extents.empty()) return values;
  bool fits = block.shape.size() == extents.size();
  std::size_t count = 1;
  for (std::size_t k = 0; fits && k < extents.size(); ++k) {
    fits = block.shape[k] <= extents[k];
    count *= block.shape[k];
  }
  if (!fits || count != block.values.size())
    throw std::logic_error("the observable " + info.name + " does not fit the axes it is declared with");
  for (std::size_t from = 0; from < count; ++from) {
    std::size_t rest = from, to = 0, stride = 1;
    for (auto k = extents.size(); k-- > 0;) {
      to += rest % block.shape[k] * stride;
      rest /= block.shape[k];
      stride *= extents[k];
    }
    if (!std::isnan(block.values[from])) values[to] = block.values[from];
  }
  return values;
}

namespace {

std::vector<std::string> names_of(auto const& observables, auto const& name) {
  std::vector<std::string> names;
  for (auto const& observable : observables) names.push_back(name(observable));
  return names;
}

std::vector<std::string> blocks_of(Plan const& plan) {
  return names_of(plan.experiment().observables, [](auto const& info) { return info.name; });
}

}  // namespace

StoreWriter StoreWriter::open_parallel(std::string const& path, Plan const& plan) {
  return {path, hdf5::File::open_parallel(path), plan, blocks_of(plan)};
}

StoreWriter StoreWriter::open_serial(std::string const& path, Plan const& plan) {
  return {path, hdf5::File::open_write(path), plan, blocks_of(plan)};
}

StoreWriter StoreWriter::open_serial(std::string const& path, StoreDescription const& store) {
  return {path, hdf5::File::open_write(path), store,
          names_of(store.observables(), [](auto const& stored) { return stored.info.name; })};
}

StoreWriter::StoreWriter(std::string const& path, hdf5::File file, StoreDescription const& store,
                         std::vector<std::string> const& names_of_blocks)
    : path_(path),
      file_(std::move(file)),
      guard_(path, file_),
      store_(store.restricted(names_of_observables(file_), file_.integer_attribute("layout"))),
      // a later program may write the same job with more parameters
      checksum_of_(store_.layout(), job_label(file_.text_attribute("job"), store_.swept())),
      done_(file_.open_dataset("realizations/done")),
      seconds_(file_.open_dataset("realizations/seconds")),
      checksum_(file_.open_dataset("realizations/checksum")),
      rank_(file_.open_dataset("realizations/rank")),
      failed_task_(file_.open_dataset("failures/task")),
      failed_message_(file_.open_dataset("failures/message")) {
  for (auto const& observable : store_.observables()) {
    auto const block = std::ranges::find(names_of_blocks, observable.info.name);
    blocks_.push_back(static_cast<std::size_t>(block - names_of_blocks.begin()));
    observables_.push_back(file_.open_dataset("realizations/" + observable.info.name));
  }
}

template <class T>
void StoreWriter::write(hdf5::Dataset& dataset, Slab const& where, std::vector<T> const& values) {
  saying_why(path_, values.size() * sizeof(T),
             [&] { dataset.write(where.offset, where.count, std::span<T const>(values)); });
}

void StoreWriter::write_done(std::uint64_t task, std::vector<Row> const& rows) {
  guard_.require_same();
  auto const& observables = store_.observables();
  std::vector<std::vector<double>> values(observables.size());
  for (std::size_t k = 0; k < observables.size(); ++k)
    for (auto const& row : rows) {
      auto const own = stored_values(observables[k], row.blocks.at(blocks_[k]));
      values[k].insert(values[k].end(), own.begin(), own.end());
    }

  for (std::size_t k = 0; k < observables.size(); ++k)
    write(observables_[k], slab(store_, task, rows.size(), observables[k].extents), values[k]);

  std::vector<double> seconds;
  std::vector<std::int32_t> ranks;
  std::vector<std::uint32_t> checksums;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::vector<std::span<double const>> own;
    for (std::size_t k = 0; k < observables.size(); ++k)
      own.push_back(std::span(values[k]).subspan(row * observables[k].size, observables[k].size));
    seconds.push_back(rows[row].seconds);
    ranks.push_back(rows[row].rank);
    checksums.push_back(checksum_of_(rows[row].label, own));
  }
  write_bookkeeping(task, seconds, ranks, checksums, TaskState::done);
}

void StoreWriter::write_failed(std::uint64_t task, std::uint64_t slot, std::string const& message, double seconds,
                               int rank) {
  guard_.require_same();
  if (slot < failure_slots(store_.tasks())) {
    saying_why(path_, message.size(), [&] { failed_message_.write_text(slot, message); });
    write(failed_task_, {{slot}, {1}}, std::vector{static_cast<std::int64_t>(task)});
  }
  write_bookkeeping(task, {seconds}, {rank}, {0}, TaskState::failed);
}

void StoreWriter::sync() const try { sync_file(path_); } catch (std::runtime_error const&) {
  guard_.require_same();
  throw;
}

void StoreWriter::write_bookkeeping(std::uint64_t task, std::vector<double> const& seconds,
                                    std::vector<std::int32_t> const& ranks, std::vector<std::uint32_t> const& checksums,
                                    TaskState state) {
  auto const where = slab(store_, task, seconds.size());
  write(seconds_, where, seconds);
  write(rank_, where, ranks);
  write(checksum_, where, checksums);
  write(done_, where, std::vector<std::uint8_t>(seconds.size(), static_cast<std::uint8_t>(state)));
}

}  // namespace hypnos
