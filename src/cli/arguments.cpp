#include "arguments.hpp"

#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/value_semantic.hpp>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"

namespace hypnos::cli {

namespace po = boost::program_options;

Arguments::Arguments(Command const& command, Words const& words) {
  constexpr auto rest = "words";
  po::options_description all;
  all.add(command.options).add_options()(rest, po::value<Words>());
  po::positional_options_description positional;
  positional.add(rest, -1);
  try {
    using namespace po::command_line_style;
    // no abbreviated options: a later version could give them another meaning
    auto const style = unix_style & ~allow_guessing;
    po::store(po::command_line_parser(words).options(all).positional(positional).style(style).run(), options_);
    po::notify(options_);
  } catch (po::error const& error) {
    throw BadInput(std::string("command line: ") + error.what() + "; usage: " + command.usage());
  }
  if (options_.count(rest) != 0) positional_ = options_[rest].as<Words>();
  if (positional_.size() < command.least || positional_.size() > command.most)
    throw BadInput("usage: " + command.usage());
}

}  // namespace hypnos::cli
