#include "hypnos/base/text.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

namespace hypnos {

std::string format_number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  char buffer[32];
  // integers without exponent; up to 2^53 this is as exact as the shortest form
  bool const whole = value == std::trunc(value) && std::abs(value) <= 0x1p53;
  auto const form = whole ? std::chars_format::fixed : std::chars_format::general;
  auto const end = std::to_chars(buffer, buffer + sizeof buffer, value, form).ptr;
  return {buffer, end};
}

std::optional<double> parse_number(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string trimmed(std::string_view text) {
  constexpr auto blanks = " \t\r\n";
  auto const first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t k = 0; k <= text.size(); ++k) {
    if (k == text.size() || (text[k] == separator && depth == 0)) {
      pieces.push_back(trimmed(text.substr(begin, k - begin)));
      begin = k + 1;
    } else if (text[k] == '(') {
      ++depth;
    } else if (text[k] == ')') {
      --depth;
    }
  }
  return pieces;
}

std::string joined(std::vector<std::string> const& pieces, std::string_view separator) {
  std::string text;
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    if (k > 0) text += separator;
    text += pieces[k];
  }
  return text;
}

std::string escaped(char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  auto const byte = static_cast<unsigned char>(c);
  return std::string("\\x") + digits[byte >> 4] + digits[byte & 15];
}

namespace {

// The bytes of the UTF-8 character that the text begins with; 0 if it does not begin with one.
std::size_t character_length(std::string_view text) {
  auto const lead = static_cast<unsigned char>(text.front());
  std::size_t const length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
  if (length > text.size()) return 0;
  for (std::size_t k = 1; k < length; ++k)
    if ((static_cast<unsigned char>(text[k]) & 0xC0) != 0x80) return 0;
  return length;
}

// One of the control characters U+0000 to U+001F and U+007F to U+009F.
bool is_control(std::string_view character) {
  auto const byte = static_cast<unsigned char>(character.back());
  return character.size() == 1 ? byte < ' ' || byte == 0x7f : character.starts_with('\xc2') && byte < 0xa0;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    auto const length = std::max<std::size_t>(1, character_length(text));
    auto const character = text.substr(0, length);
    if (character_length(text) != 0 && !is_control(character)) line += character;
    else
      for (char const c : character) line += escaped(c);
    text.remove_prefix(length);
  }
  return line;
}

std::string shortened(std::string_view text, std::size_t most) {
  constexpr std::string_view gap = " [...] ";
  if (text.size() <= most) return std::string(text);
  auto const inside_character = [&](std::size_t k) { return (static_cast<unsigned char>(text[k]) & 0xC0) == 0x80; };
  auto head = (most - gap.size()) * 2 / 3, tail = text.size() - (most - gap.size() - head);
  while (head > 0 && inside_character(head)) --head;
  while (tail < text.size() && inside_character(tail)) ++tail;
  return std::string(text.substr(0, head)) + std::string(gap) + std::string(text.substr(tail));
}

namespace {

constexpr int an_edit = 100, other_case = 1;

int substitution(char a, char b) {
  auto const lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return a == b ? 0 : lower(a) == lower(b) ? other_case : an_edit;
}

// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one edit, a letter in the
// other case next to nothing.
int edits(std::string_view a, std::string_view b) {
  std::vector<int> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 1; j <= b.size(); ++j) last[j] = last[j - 1] + an_edit;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = static_cast<int>(i) * an_edit;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + an_edit, now[j - 1] + an_edit, last[j - 1] + substitution(a[i - 1], b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], before[j - 2] + an_edit);
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last.back();
}

}  // namespace

std::string suggestion(std::string_view word, std::vector<std::string> const& candidates) {
  std::string best;
  int fewest = 3 * an_edit;
  for (auto const& candidate : candidates) {
    int const n = edits(word, candidate);
    // a candidate in which every letter differs is no suggestion
    if (n < fewest && n < an_edit * static_cast<int>(std::max(word.size(), candidate.size()))) {
      fewest = n;
      best = candidate;
    }
  }
  return best.empty() ? "" : " (did you mean '" + best + "'?)";
}

}  // namespace hypnos
