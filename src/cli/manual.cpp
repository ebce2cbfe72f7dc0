#include <cstdio>
#include <sstream>

#include "arguments.hpp"
#include "commands.hpp"
#include "hypnos/experiments/catalogue.hpp"
#include "hypnos/runtime/provenance.hpp"
#include "texts.hpp"

namespace hypnos::cli {

namespace {

// Text for troff: backslashes and dashes are written as such, and a line may not begin with a dot or an apostrophe.
std::string roff(std::string const& text) {
  std::string result;
  for (char const c : text) {
    if (c == '\\') result += "\\e";
    else if (c == '-') result += "\\-";
    else result += c;
  }
  return result.starts_with('.') || result.starts_with('\'') ? "\\&" + result : result;
}

void line(std::string const& text) { std::printf("%s\n", text.c_str()); }

void section(std::string const& title) { line(".SH " + title); }

void item(std::string const& what, std::string const& text) {
  line(".TP");
  line("\\fB" + roff(what) + "\\fR");
  line(roff(text));
}

void paragraphs(std::string const& text) {
  std::istringstream lines(text);
  for (std::string one; std::getline(lines, one);) line(one.empty() ? ".PP" : roff(one));
}

int print_manual(Words const& words) {
  Arguments const arguments(manual(), words);
  line(R"(.TH HYPNOS 1 "" "hypnos )" + roff(version_text()) + R"(" "User Commands")");
  section("NAME");
  line("hypnos \\- " + roff(about_program));
  section("SYNOPSIS");
  for (auto const* command : commands()) {
    line(roff(command->usage()));
    line(".br");
  }
  section("COMMANDS");
  for (auto const* command : commands()) {
    line(".SS " + roff("hypnos " + command->name + (command->words.empty() ? "" : " " + command->words)));
    line(roff(command->summary) + ".");
    for (auto const& [short_name, long_name, value, description, required] : option_texts(*command))
      if (long_name != "--help")
        item((short_name.empty() ? "" : short_name + ", ") + long_name + (value.empty() ? "" : " " + value),
             description);
    if (!command->details.empty()) {
      line(".PP");
      paragraphs(command->details);
    }
  }
  section("JOBS");
  paragraphs(about_jobs);
  section("EXPERIMENTS");
  for (auto const& experiment : catalogue()) item(experiment.name, experiment.summary + ".");
  line(".PP");
  line(roff("`hypnos describe EXPERIMENT` prints the parameters and observables of each."));
  section("EXIT STATUS");
  for (auto const& [code, meaning] : exit_codes()) item(std::to_string(code), meaning + ".");
  section("ENVIRONMENT");
  item("NO_COLOR",
       "If it is set and not empty, nothing is printed in colour; in a pipe or a file nothing is in any case.");
  return exit_done;
}

}  // namespace

Command const& manual() {
  static Command const command{.name = "manual",
                               .words = "",
                               .summary = "the manual page, for man: hypnos manual | man -l -",
                               .run = print_manual};
  return command;
}

}  // namespace hypnos::cli
