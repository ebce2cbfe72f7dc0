#pragma once

#include <stdexcept>
#include <string>

namespace hypnos {

/// A mistake of the user: found before anything is created, printed as one line, exit code 2.
/// `what()` says what was given, what was expected and how to mend it; `key()` names the parameter
/// it concerns, so that whoever knows the job file can put file and line in front. Messages quote what the user gave,
/// so control characters in them are shown as \xNN: nothing breaks the line, or reaches a terminal as a command.
class BadInput : public std::runtime_error {
 public:
  explicit BadInput(std::string const& message) : BadInput("", message) {}
  BadInput(std::string key, std::string const& message);
  std::string const& key() const { return key_; }

 private:
  std::string key_;
};

}  // namespace hypnos
