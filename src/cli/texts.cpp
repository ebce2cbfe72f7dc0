#include "texts.hpp"

#include <boost/program_options/cmdline.hpp>
#include <boost/program_options/value_semantic.hpp>

#include "hypnos/base/text.hpp"

namespace hypnos::cli {

std::vector<std::pair<int, std::string>> const& exit_codes() {
  static std::vector<std::pair<int, std::string>> const codes{
      {exit_done, "done"},
      {exit_failed, "some tasks failed"},
      {exit_bad_input, "bad input, a damaged store, or an error of the disk"},
      {exit_incomplete, "not complete; the same command continues"}};
  return codes;
}

std::vector<OptionText> option_texts(Command const& command) {
  namespace po = boost::program_options;
  using namespace po::command_line_style;
  std::vector<OptionText> texts;
  for (auto const& option : command.options.options()) {
    OptionText text{.short_name = option->canonical_display_name(allow_dash_for_short),
                    .long_name = option->canonical_display_name(allow_long),
                    .value = "",
                    .description = option->description(),
                    .required = option->semantic()->is_required()};
    // Boost gives the long name, without dashes, if there is no short one
    if (!text.short_name.starts_with('-')) text.short_name.clear();
    if (option->semantic()->max_tokens() > 0) {
      // Boost gives "R (=1)": the name of the value and its default
      auto const shown = option->format_parameter();
      auto const preset = shown.find(" (=");
      text.value = shown.substr(0, preset);
      if (preset != shown.npos)
        text.description += " (default " + shown.substr(preset + 3, shown.size() - preset - 4) + ")";
    }
    texts.push_back(std::move(text));
  }
  texts.push_back({"-h", "--help", "", "this text", false});
  return texts;
}

std::string Command::usage() const {
  std::vector<std::string> pieces{"hypnos", name};
  if (!words.empty()) pieces.push_back(words);
  for (auto const& option : option_texts(*this)) {
    if (option.long_name == "--help") continue;
    auto const text = (option.short_name.empty() ? option.long_name : option.short_name) +
                      (option.value.empty() ? "" : " " + option.value);
    pieces.push_back(option.required ? text : "[" + text + "]");
  }
  return joined(pieces, " ");
}

}  // namespace hypnos::cli
