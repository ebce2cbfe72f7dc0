#pragma once

#include <stdexcept>
#include <string>

namespace hypnos {

/// A mistake of the user: found before anything is created, printed as one line, exit code 2.
/// `what()` says what was given, what was expected and how to mend it. `key()` is the parameter concerned; the runtime
/// uses it to add file and line. Messages quote text of the user, so they are `printable`, and `shortened` to about a
/// thousand bytes.
class BadInput : public std::runtime_error {
 public:
  explicit BadInput(std::string const& message) : BadInput("", message) {}
  BadInput(std::string key, std::string const& message);
  std::string const& key() const { return key_; }

 private:
  std::string key_;
};

}  // namespace hypnos
