#include "hypnos/runtime/declaration.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "hypnos/runtime/transfer.hpp"
#include "hypnos/runtime/verify.hpp"
#include "store_fixture.hpp"

namespace hypnos::declaration_test {

using namespace hypnos::fixture;

namespace {

auto const experiments = example::catalogue();

std::vector<Experiment> changed(auto const& change) {
  auto later = example::catalogue();
  change(later.front());
  return later;
}

// A store of some job of the example, and what a later program says of it.
struct Earlier {
  Folder const folder = {};
  std::string const path = folder.file("x.h5");
  Plan const plan{example::job(experiments, {"x=1,2", "N=2", "realizations=2"})};

  Earlier() {
    create_store(path, plan, {{"version", "0.0.1"}});
    auto writer = StoreWriter::open_serial(path, plan);
    for (std::uint64_t const task : {0, 1, 3}) writer.write_done(task, {row(plan, task, 0.5)});
  }
  std::string answer(std::vector<Experiment> const& later) const {
    auto text = message([&] {
      StoreReader const store(path);
      require_declared(store, plan_of(store, later));
    });
    return text.starts_with(path) ? text.substr(path.size() + 1) : text;
  }
};

std::string const remedy = "; use the program that made it (hypnos 0.0.1) to compute its rows";

}  // namespace

TEST_CASE("a declaration that has changed is compatible unless the store has what it lacks") {
  Earlier const store;
  CHECK(store.answer(experiments) == "accepted");
  CHECK(store.answer(changed([](Experiment& e) {
    e.parameters.push_back({"y", Kind::real, "1", {}, {}, "new", 1.0});
  })) == "accepted");
  CHECK(store.answer(changed([](Experiment& e) {
    e.observables.push_back({"new", {"i"}, "1", "new"});
  })) == "accepted");
  CHECK(store.answer(changed([](Experiment& e) { std::swap(e.observables[0], e.observables[2]); })) == "accepted");
  CHECK(store.answer(changed([](Experiment& e) { e.observables[0].description = "more words"; })) == "accepted");

  CHECK(store.answer({}) == "holds the experiment 'example', which this program does not have" + remedy);
  CHECK(store.answer(changed([](Experiment& e) { e.name = "other"; })) ==
        "holds the experiment 'example', which this program does not have" + remedy);
  CHECK(store.answer(changed([](Experiment& e) { e.parameters[2].name = "text"; })) ==
        "has word = some, but example of this program has no parameter 'word'" + remedy);
  CHECK(store.answer(changed([](Experiment& e) {
    e.parameters[0].range = {0, 1};
  })) == " x = 2, but must lie in [0, 1] (a number)");
  CHECK(store.answer(changed([](Experiment& e) { e.observables[1].name = "line"; })) ==
        "has the observable 'row', which example of this program does not measure" + remedy);
  CHECK(store.answer(changed([](Experiment& e) { e.observables[1].dims = {"grid_point"}; })) ==
        "has 'row' over the axes [i], which has other axes in example of this program" + remedy);
  CHECK(store.answer(changed([](Experiment& e) { e.observables[1].unit = "s"; })) ==
        "has 'row' in the unit '1', which has the unit 's' in example of this program" + remedy);
  auto const shifted = [](double by) {
    return changed([by](Experiment& e) {
      e.coordinates = [by, coordinates = e.coordinates](Point const& point, std::size_t k) {
        auto values = coordinates(point, k);
        if (k == 1) values.back() *= 1 + by;
        return values;
      };
    });
  };
  CHECK(store.answer(shifted(1e-9)) ==
        "has other coordinates of the axis 'grid_point' than example of this program" + remedy);
  CHECK(store.answer(shifted(1e-15)) == "accepted");  // as another processor rounds
}

TEST_CASE("a parameter added since counts as having its default, and jobs compare by values") {
  Earlier const earlier;
  auto const later = changed([](Experiment& e) {
    e.parameters.push_back({"y", Kind::real, "1", {}, {}, "new", 1.0});
    e.parameters.push_back({"sure", Kind::flag, "", {}, {}, "new", true});
  });
  auto const found = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"x=1,2", "N=2"});
    if (std::ranges::none_of(words, [](auto const& word) { return word.starts_with("real"); }))
      words.push_back("realizations=2");
    return differences(plan_of(StoreReader(earlier.path), later).job(), example::job(later, words));
  };
  using Lines = std::vector<std::string>;
  CHECK(found({}) == Lines{});
  CHECK(found({"y=1", "sure=yes"}) == Lines{});
  CHECK(found({"y=2", "sure=off", "seed=3", "realizations=3"}) ==
        Lines{"realizations: 2 in the file, 3 in the job", "seed: 1 in the file, 3 in the job",
              "y: 1 in the file, 2 in the job", "sure: true in the file, false in the job"});
  CHECK(found({"word="}) == Lines{"word: some in the file, (empty) in the job"});

  // in the order and spelling of any program
  {
    auto file = hdf5::File::open_write(earlier.path);
    file.set_attribute("job", "sure = 1\nN = 2.0\nx = 1.0, 2\ngrid = 1, 2\nexperiment = example\nrealizations = 0:1\n");
  }
  CHECK(differences(plan_of(StoreReader(earlier.path), later).job(),
                    example::job(later, {"x=1,2", "N=2", "realizations=2", "sure=true"}))
            .empty());
}

TEST_CASE("a resumed store gets what it has arrays for, an extended one too") {
  Earlier const earlier;
  // today the experiment measures one observable more, before the others, and has one parameter more
  auto const later = changed([](Experiment& e) {
    e.parameters.push_back({"y", Kind::real, "1", {}, {}, "new", 1.0});
    e.observables.insert(e.observables.begin(), {"new", {"i"}, "1", "new"});
    e.run = [run = e.run](Point const& point, Realization& realization) {
      auto blocks = run(point, realization);
      blocks.insert(blocks.begin(), Block{{2}, {7, 8}});
      return blocks;
    };
  });
  auto const totals = [&] {
    return hdf5::File::open_read(earlier.path).open_dataset("realizations/total").read<double>();
  };
  Plan const plan = plan_of(StoreReader(earlier.path), later);
  {
    auto writer = StoreWriter::open_serial(earlier.path, plan);
    writer.write_done(2, {row(plan, 2)});
  }
  CHECK(verify(StoreReader(earlier.path)).empty());
  CHECK(totals() == std::vector<double>{100, 101, 200, 201});

  Plan const grown(example::job(later, {"x=1,2", "N=2", "realizations=3"}));
  CHECK(extend_store(earlier.path, plan, grown, {}) == std::vector<std::string>{"new"});
  CHECK_FALSE(StoreReader(earlier.path).file().has_dataset("realizations/new"));
  {
    auto writer = StoreWriter::open_serial(earlier.path, grown);
    for (std::uint64_t const task : {2, 5}) writer.write_done(task, {row(grown, task)});
  }
  CHECK(verify(StoreReader(earlier.path)).empty());
  CHECK(totals() == std::vector<double>{100, 101, 102, 200, 201, 202});
  CHECK(earlier.answer(later) == "accepted");
}

}  // namespace hypnos::declaration_test
