#include "hypnos/runtime/store_recovery.hpp"

#include <algorithm>

#include "hypnos/hdf5/file.hpp"
#include "hypnos/runtime/store_layout.hpp"
#include "hypnos/runtime/sync_file.hpp"

namespace hypnos {

void mark_writing(std::string const& path, bool writing) {
  // what was written before must not come later than the mark that it is whole
  if (writing) remove_unfinished(path);
  else sync_file(path);
  auto const flag = static_cast<std::uint8_t>(writing ? 1 : 0);
  hdf5::File::open_write(path).open_dataset("writing").write(std::span<std::uint8_t const>(&flag, 1));
  sync_file(path);
}

void reopen_tasks(std::string const& path, std::vector<std::uint64_t> const& tasks) {
  auto file = hdf5::File::open_write(path);
  auto done = file.open_dataset("realizations/done");
  auto checksum = file.open_dataset("realizations/checksum");
  auto flags = done.read<std::uint8_t>();
  auto checksums = checksum.read<std::uint32_t>();
  for (auto const task : tasks) flags[task] = static_cast<std::uint8_t>(TaskState::open);
  // a kill between checksum and flag leaves one that would look like a row which lost its flag
  for (std::size_t task = 0; task < flags.size(); ++task)
    if (static_cast<TaskState>(flags[task]) != TaskState::done) checksums[task] = 0;
  done.write(std::span<std::uint8_t const>(flags));
  checksum.write(std::span<std::uint32_t const>(checksums));
}

void reopen_failed_tasks(std::string const& path) {
  auto file = hdf5::File::open_write(path);
  auto done = file.open_dataset("realizations/done");
  auto flags = done.read<std::uint8_t>();
  std::ranges::replace(flags, static_cast<std::uint8_t>(TaskState::failed), static_cast<std::uint8_t>(TaskState::open));
  done.write(std::span<std::uint8_t const>(flags));
  auto failed = file.open_dataset("failures/task");
  std::vector<std::int64_t> const none(hdf5::elements(failed.shape()), -1);
  failed.write(std::span<std::int64_t const>(none));
}

}  // namespace hypnos
