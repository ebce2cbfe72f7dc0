#include "hypnos/runtime/store_reader.hpp"

#include <filesystem>

#include "hypnos/base/error.hpp"

namespace hypnos {

namespace fs = std::filesystem;

StoreReader::StoreReader(std::string const& path)
    : path_(path), file_([&] {
        if (!fs::exists(path)) throw BadInput("there is no file " + path + "; `hypnos run JOB -o FILE` makes one");
        if (fs::is_directory(path)) throw BadInput(path + " is a folder, but a store (HDF5 file) was expected");
        try {
          return hdf5::File::open_read(path);
        } catch (hdf5::Error const& error) {
          throw BadInput(path + " cannot be read as HDF5, it is foreign or damaged: " + error.what());
        }
      }()) {
  if (!file_.has_attribute("layout") || !file_.has_attribute("job") || !file_.has_dataset("realizations/done"))
    throw BadInput(path + " is an HDF5 file, but not a store of hypnos");
  if (auto const version = file_.integer_attribute("layout"); version != layout_version)
    throw BadInput(path + " has layout version " + std::to_string(version) + ", but this program writes version " +
                   std::to_string(layout_version) + "; use the version of hypnos named in its attributes");
}

std::vector<TaskState> StoreReader::states() const {
  std::vector<TaskState> states;
  for (auto const flag : file_.open_dataset("realizations/done").read<std::uint8_t>())
    states.push_back(static_cast<TaskState>(flag));
  return states;
}

bool StoreReader::unclean() const { return file_.open_dataset("writing").read<std::uint8_t>().at(0) != 0; }

Plan plan_of(StoreReader const& store, std::vector<Experiment> const& catalogue) {
  return Plan(make_job(catalogue, settings_of(store.job_text()), store.path()), Checks::shapes);
}

}  // namespace hypnos
