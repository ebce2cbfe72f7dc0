#include <algorithm>

#include "hypnos/base/text.hpp"
#include "hypnos/runtime/job.hpp"
#include "input_file.hpp"

using namespace hypnos;

namespace {

// A parameter of every kind, with short names, which a mutation hits more often.
std::vector<Experiment> catalogue() {
  Experiment one;
  one.name = "one";
  one.parameters = {
      {"x", Kind::real, "1", {-1e6, 1e6}, {}, "a number", 0.5},
      {"N", Kind::integer, "", {1, 9}, {}, "a size", std::int64_t{3}},
      {"word", Kind::text, "", {}, {}, "a text", std::string("some")},
      {"rule", Kind::choice, "", {}, {{"hebb", "this"}, {"dream", "that"}}, "a choice", std::string("hebb")},
      {"grid", Kind::reals, "1", {}, {}, "a grid", std::vector<double>{1, 2}},
      {"sizes", Kind::integers, "", {0, 100}, {}, "a list of sizes", std::vector<double>{}}};
  Experiment other;
  other.name = "other";
  return {one, other};
}

// A billion realizations are valid input that needs gigabytes and finds no faults of the grammar.
bool is_costly(std::vector<Setting> const& settings) {
  return std::ranges::any_of(settings, [](Setting const& setting) {
    if (setting.key != "realizations") return false;
    auto text = setting.text;
    std::ranges::replace(text, ':', ',');
    return std::ranges::any_of(split(text, ','), [](auto const& number) { return parse_number(number) > 1e5; });
  });
}

void check_job(std::vector<Experiment> const& experiments, std::vector<Setting> const& settings) {
  if (is_costly(settings)) return;
  Job job;
  if (!fuzz::accepted([&] { job = make_job(experiments, settings, "x.ini"); })) return;
  auto const text = job.text();
  fuzz::require(text.find('\0') == text.npos, "a job's text can be stored as a text of C");
  Job again;
  bool const readable = fuzz::accepted([&] { again = make_job(experiments, settings_of(text), ""); });
  fuzz::require(readable && again.text() == text, "a job's text makes the same job again:\n" + text);
  fuzz::require(again.values == job.values && again.seed == job.seed && again.realizations == job.realizations &&
                    again.together == job.together,
                "a job's text keeps every value:\n" + text);
  fuzz::require(differences(text, "the job", again.text(), "its text").empty(), "equal jobs do not differ");
}

}  // namespace

// Input: a job file, then words of the command line, a byte 0xff before each.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  static fuzz::InputFile const file;
  static auto const experiments = catalogue();

  std::string const input(bytes, bytes + size);
  auto const file_end = std::min(size, input.find('\xff'));
  std::vector<std::string> words;
  for (auto begin = file_end; begin < size;) {
    auto const end = std::min(size, input.find('\xff', begin + 1));
    words.push_back(input.substr(begin + 1, end - begin - 1));
    begin = end;
  }

  file.write({bytes, file_end});
  fuzz::accepted([&] {
    auto settings = read_settings(file.path());
    override_settings(settings, words);
    check_job(experiments, settings);
  });
  return 0;
}
