#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "arguments.hpp"
#include "commands.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/job.hpp"
#include "own_process.hpp"
#include "shape_text.hpp"
#include "store_counts.hpp"
#include "table.hpp"

namespace hypnos::cli {

namespace {

namespace fs = std::filesystem;

constexpr auto provenance_attributes = {"version", "git_revision", "compiler", "flags",   "eigen",
                                        "blas",    "mpi",          "hdf5",     "created", "ranks"};

void print_provenance(StoreReader const& store) {
  Table table;
  table.add({"experiment", store.experiment()});
  table.add({"source", store.file().text_attribute("source")});
  for (auto const* name : provenance_attributes)
    if (store.file().has_attribute(name)) table.add({name, store.file().text_attribute(name)});
  table.add({"layout", std::to_string(store.file().integer_attribute("layout"))});
  table.print(stdout, "  ");
}

std::string extent(Dimension const& dimension) { return dimension.name + " " + std::to_string(dimension.size()); }

void print_shape(StoreDescription const& description) {
  Table axes;
  for (auto const& axis : description.sweep())
    for (auto const& member : axis.members)
      axes.add({&member == &axis.members.front() ? "sweep" : "  with", member.name, std::to_string(member.size()),
                values_text(member)});
  axes.add({"disorder", "realization", std::to_string(description.realizations()),
            format_realizations(description.realization_numbers())});
  for (auto const& axis : description.axes())
    axes.add({"axis", axis.name, std::to_string(axis.size()), values_text(axis)});
  axes.print(stdout, "  ");
  std::puts("");
  Table observables;
  for (auto const& [info, extents, size] : description.observables()) {
    std::vector<std::string> dims;
    for (auto const& name : info.dims)
      dims.push_back(extent(*std::ranges::find(description.axes(), name, &Dimension::name)));
    observables.add({info.name, dims.empty() ? "" : "[" + joined(dims, ", ") + "]", info.unit == "1" ? "" : info.unit,
                     info.description});
  }
  observables.print(stdout, "  ", 140);
}

// The recordings that the job names, and what is at their places now.
void print_inputs(std::vector<Setting> const& job) {
  for (auto const& [key, text, where] : job) {
    if (key != "file" || text.empty()) continue;
    for (auto const& path : split(text, ',')) {
      std::error_code error;
      auto const size = fs::file_size(path, error);
      std::printf("  %s: %s\n", printable(path).c_str(), error ? "not there now" : (size_text(size) + " now").c_str());
    }
    return;
  }
  std::puts("  none");
}

int print_info(Words const& words) {
  Arguments const arguments(info(), words);
  if (auto const code = code_of_own_process(arguments.positional()[0])) return *code;
  StoreReader const store(arguments.positional()[0]);
  auto const description = store.description();
  auto const counts = counts_of(store);
  std::printf("%s: %llu of %llu tasks done, %llu failed, %s\n", store.path().c_str(),
              static_cast<unsigned long long>(counts.done), static_cast<unsigned long long>(counts.tasks),
              static_cast<unsigned long long>(counts.failed), size_text(fs::file_size(store.path())).c_str());
  std::puts("\nPROVENANCE");
  print_provenance(store);
  auto const job = settings_of(store.job_text());
  std::puts("\nJOB");
  for (auto const& [key, text, where] : job)
    if (!text.empty()) std::printf("  %s = %s\n", printable(key).c_str(), printable(text).c_str());
  std::puts("\nSHAPE");
  print_shape(description);
  std::puts("\nINPUTS");
  print_inputs(job);
  return exit_done;
}

}  // namespace

Command const& info() {
  static Command const command{.name = "info",
                               .words = "FILE",
                               .summary = "what a store is: its job, provenance, shape and inputs",
                               .least = 1,
                               .most = 1,
                               .run = print_info};
  return command;
}

}  // namespace hypnos::cli
