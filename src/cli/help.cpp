#include <cstdio>
#include <sstream>

#include "arguments.hpp"
#include "commands.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/terminal.hpp"
#include "table.hpp"
#include "texts.hpp"

namespace hypnos::cli {

namespace {

void print_wrapped(std::string const& text) {
  std::istringstream paragraphs(text);
  for (std::string paragraph; std::getline(paragraphs, paragraph);)
    for (auto const& line : wrapped(paragraph, 110)) std::printf("%s\n", line.c_str());
}

void print_command(Command const& command) {
  std::printf("%s: %s\n\n", painted("hypnos " + command.name, Paint::heading, stdout).c_str(), command.summary.c_str());
  print_wrapped("usage: " + command.usage());
  Table options;
  for (auto const& [short_name, long_name, value, description, required] : option_texts(command))
    options.add({(short_name.empty() ? "    " : short_name + ", ") + long_name + (value.empty() ? "" : " " + value),
                 description});
  std::puts("");
  options.print(stdout, "  ");
  if (!command.details.empty()) {
    std::puts("");
    print_wrapped(command.details);
  }
  if (command.words.find("JOB") != command.words.npos) {
    std::puts("");
    print_wrapped(about_jobs);
  }
}

void print_overview() {
  std::printf("%s - %s\n\n", painted("hypnos", Paint::heading, stdout).c_str(), about_program);
  Table table;
  for (auto const* command : commands())
    table.add({"hypnos " + command->name + (command->words.empty() ? "" : " " + command->words), command->summary});
  table.print(stdout, "  ");
  std::puts("\nThe options of a command: hypnos COMMAND --help\n");
  print_wrapped(about_jobs);
  std::vector<std::string> codes;
  for (auto const& [code, meaning] : exit_codes()) codes.push_back(std::to_string(code) + " " + meaning);
  std::puts("");
  print_wrapped("Exit codes: " + joined(codes, ", ") + ".");
}

int print_help(Words const& words) {
  Arguments const arguments(help(), words);
  if (arguments.positional().empty()) print_overview();
  else print_command(find_command(arguments.positional()[0]));
  return exit_done;
}

}  // namespace

Command const& help() {
  static Command const command{.name = "help",
                               .words = "[COMMAND]",
                               .summary = "all commands, or one of them with its options",
                               .most = 1,
                               .run = print_help};
  return command;
}

}  // namespace hypnos::cli
