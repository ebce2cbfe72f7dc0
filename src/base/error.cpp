#include "hypnos/base/error.hpp"

#include "hypnos/base/text.hpp"

namespace hypnos {

namespace {

// A value that a user gave is quoted whole, and may be a megabyte. What was expected and the remedy stand at the end.
constexpr std::size_t longest_message = 1000;

}  // namespace

BadInput::BadInput(std::string key, std::string const& message)
    : std::runtime_error(printable(shortened(message, longest_message))), key_(std::move(key)) {}

}  // namespace hypnos
