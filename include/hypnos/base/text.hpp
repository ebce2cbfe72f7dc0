#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hypnos {

/// The shortest decimal that reads back as the same number; "nan" and "inf" for the special ones.
std::string format_number(double value);

/// A finite number that fills the whole text ("0.3", "-1e-4"), or nothing.
std::optional<double> parse_number(std::string_view text);

/// Without leading and trailing blanks.
std::string trimmed(std::string_view text);

/// The pieces between separators outside parentheses, trimmed: "1, log(1:2:3)" -> {"1", "log(1:2:3)"}.
std::vector<std::string> split(std::string_view text, char separator);

std::string joined(std::vector<std::string> const& pieces, std::string_view separator);

/// "\xNN", for a byte that must not be printed in a message.
std::string escaped(char c);

/// With control characters, and bytes that are no UTF-8, as \xNN: the text neither breaks the line nor controls a
/// terminal.
std::string printable(std::string_view text);

/// At most `most` bytes: of a longer text the beginning and the end, with " [...] " between them.
std::string shortened(std::string_view text, std::size_t most);

/// " (did you mean 'alpha'?)" if a candidate is within two edits (transpositions count one; upper and lower case count as
/// nearly the same), else "".
std::string suggestion(std::string_view word, std::vector<std::string> const& candidates);

}  // namespace hypnos
