#include "arguments.hpp"

#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/value_semantic.hpp>

#include "hypnos/base/error.hpp"

namespace hypnos::cli {

namespace po = boost::program_options;

Arguments parse_arguments(Words const& words, po::options_description const& options, std::string const& usage,
                          std::size_t least, std::size_t most) {
  constexpr auto rest = "words";
  po::options_description all;
  all.add(options).add_options()(rest, po::value<Words>());
  po::positional_options_description positional;
  positional.add(rest, -1);
  Arguments arguments;
  try {
    using namespace po::command_line_style;
    // no abbreviated options: a later version could give them another meaning
    auto const style = unix_style & ~allow_guessing;
    po::store(po::command_line_parser(words).options(all).positional(positional).style(style).run(), arguments.options);
    po::notify(arguments.options);
  } catch (po::error const& error) {
    throw BadInput(std::string("command line: ") + error.what() + "; usage: " + usage);
  }
  if (arguments.options.count(rest) != 0) arguments.positional = arguments.options[rest].as<Words>();
  if (arguments.positional.size() < least || arguments.positional.size() > most) throw BadInput("usage: " + usage);
  return arguments;
}

}  // namespace hypnos::cli
