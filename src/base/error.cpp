#include "hypnos/base/error.hpp"

#include "hypnos/base/text.hpp"

namespace hypnos {

namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }

std::string one_line(std::string const& message) {
  std::string line;
  for (char const c : message) line += is_control(c) ? escaped(c) : std::string(1, c);
  return line;
}

}  // namespace

BadInput::BadInput(std::string key, std::string const& message)
    : std::runtime_error(one_line(message)), key_(std::move(key)) {}

}  // namespace hypnos
