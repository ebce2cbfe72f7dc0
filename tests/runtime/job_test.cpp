#include "hypnos/runtime/job.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "example.hpp"

namespace hypnos::job_test {

namespace {

auto const experiments = example::catalogue();

class JobFile {
 public:
  explicit JobFile(std::string const& text)
      : path_(std::filesystem::temp_directory_path() / ("hypnos_job_" + std::to_string(::getpid()) + ".ini")) {
    std::ofstream(path_) << text;
  }
  ~JobFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::string message(std::string const& text, std::vector<std::string> const& words = {}) {
  JobFile const file(text);
  try {
    auto settings = read_settings(file.path());
    override_settings(settings, words);
    make_job(experiments, settings, file.path());
  } catch (BadInput const& error) {
    std::string found = error.what();
    if (auto const at = found.find(file.path()); at != found.npos) found.replace(at, file.path().size(), "x.ini");
    return found;
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a job's text is complete, and makes the same job again") {
  auto const job = example::job(experiments, {"x = 0.1:0.3:0.1", "realizations=4", "grid=1,2,3"});
  CHECK(job.text() ==
        "experiment = example\nrealizations = 4\nseed = 1\ntogether =\nx = 0.1, 0.2, 0.3\nN = 3\nword = some\ngrid = "
        "1, 2, 3\n");
  CHECK(make_job(experiments, settings_of(job.text()), "").text() == job.text());
}

TEST_CASE("realizations are a number of them, or runs of numbers") {
  using Numbers = std::vector<std::uint32_t>;
  CHECK(parse_realizations("3") == Numbers{0, 1, 2});
  CHECK(parse_realizations("5:7") == Numbers{5, 6, 7});
  CHECK(parse_realizations("9:9, 2:3") == Numbers{2, 3, 9});
  for (auto const* text : {"3", "5:7", "2:3, 9:9", "1:1"}) CHECK(format_realizations(parse_realizations(text)) == text);
  CHECK(format_realizations({0, 1, 2}) == "3");
  CHECK(format_realizations({0}) == "1");
  for (auto const* text : {"0", "-1", "1.5", "", "7:5", "1:2, 2:3", "1:2:3", "a", "3, 4", "0:3000000000"})
    CHECK_THROWS_AS(parse_realizations(text), BadInput);
}

TEST_CASE("an empty text survives the way through the job's text") {
  auto const job = example::job(experiments, {"word="});
  CHECK(std::get<std::string>(job.values[2][0]).empty());
  CHECK(make_job(experiments, settings_of(job.text()), "").text() == job.text());
}

TEST_CASE("several values sweep a number, but are one value of a grid") {
  auto const job = example::job(experiments, {"x=1,2", "grid=4,5"});
  CHECK(job.values[0].size() == 2);
  CHECK(job.values[3].size() == 1);
  CHECK(std::get<std::vector<double>>(job.values[3][0]) == std::vector<double>{4, 5});
}

TEST_CASE("the command line wins over the file") {
  JobFile const file("experiment = example # which\nx = 1 ; a comment\n");
  auto settings = read_settings(file.path());
  override_settings(settings, {"x=3"});
  CHECK(std::get<double>(make_job(experiments, settings, "").values[0][0]) == 3);
}

TEST_CASE("semicolons begin comments at the begin of a line and after a blank") {
  JobFile const file("; x = 9\nexperiment = example\n  ; N = 9\nx = 2;3\nword = a;b ; c # d\n");
  auto const settings = read_settings(file.path());
  CHECK(settings.size() == 3);
  CHECK(settings[1].text == "2;3");
  CHECK(settings[2].text == "a;b");
  CHECK(settings[2].where.ends_with(":5"));
}

TEST_CASE("a text from elsewhere is read as a file is, and named by its source") {
  auto const settings = parse_settings(
      "\xEF\xBB\xBF"
      "experiment = example\nx = 3\n",
      "standard input");
  CHECK(settings[0].key == "experiment");
  CHECK(settings[1].where == "standard input:2");
}

TEST_CASE("every mistake in a job is named with its place") {
  std::string const head = "# a comment\nexperiment = example\n";
  CHECK(message(head + "x = -1\n") == "x.ini:3: x = -1, but must lie in [0, 10] (a number)");
  CHECK(message(head, {"x=-1"}) == "command line: x = -1, but must lie in [0, 10] (a number)");
  CHECK(message(head + "\nwrod = a\n") == "x.ini:4: unknown parameter 'wrod' of example (did you mean 'word'?)");
  CHECK(message(head + "x 1\n") == "x.ini:3: 'x 1' is not of the form key = value");
  CHECK(message(head + "x = 1\nN = 2\nx = 2\n") == "x.ini:5: x is set already in line 3; keep one of them");
  CHECK(message(head + "\n [model] # size\nN = 2\n") ==
        "x.ini:4: a line in brackets begins a section, but a job has no sections; remove the line");
  CHECK(message("x = 1\n") == "x.ini: no experiment is named; write experiment = NAME (`hypnos list` shows them)");
  CHECK(message("experiment = exmaple\n") == "x.ini:1: unknown experiment 'exmaple' (did you mean 'example'?)");
  CHECK(message(head + "x = 1, 1.0\n") == "x.ini:3: x = 1, 1.0, but 1.0 is given twice");
  CHECK(message(head + "realizations = 0\n") ==
        "x.ini:3: realizations = 0, but must be a number of realizations from 1 on, or runs of different numbers as in "
        "100:199, 300:399");
  CHECK(message(head, {"x"}) == "command line: 'x' is not of the form key=value");
  CHECK(message(head + "x = 1\n", {"x=2", "N=2", "x = 3"}) ==
        "x is given twice on the command line: x=2 and x = 3; give it once (a list or range makes a sweep)");
}

TEST_CASE("two jobs differ key by key") {
  auto const one = example::job(experiments, {"x=1,2"}).text();
  auto const found = [&](std::string const& other) { return differences(one, "a.h5", other, "b.h5"); };
  CHECK(found(one).empty());
  CHECK(found(example::job(experiments, {"x=1,3", "word="}).text()) ==
        std::vector<std::string>{"word: some in a.h5, (empty) in b.h5", "x: 1, 2 in a.h5, 1, 3 in b.h5"});
  CHECK(found(one + "new = 1\n") == std::vector<std::string>{"new: (absent) in a.h5, 1 in b.h5"});
}

TEST_CASE("settings are the same if their values are") {
  for (auto const& [one, other] : std::vector<std::pair<std::string, std::string>>{
           {"1", "1"}, {"0.50", "0.5"}, {"1, 2", "1,2"}, {"true", "1"}, {"0, 1", "false, true"}, {"a.h5", "a.h5"}})
    CHECK(same_setting(one, other));
  for (auto const& [one, other] : std::vector<std::pair<std::string, std::string>>{
           {"1", "2"}, {"1", ""}, {"1, 2", "1"}, {"true", "0"}, {"true", "yes"}, {"a", "b"}})
    CHECK_FALSE(same_setting(one, other));
}

}  // namespace hypnos::job_test
