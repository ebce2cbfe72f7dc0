#pragma once

#include <cstdint>
#include <string_view>

namespace hypnos {

/// The name of a random stream and its number, which is part of the address of every random number.
/// A stream is declared where it is used, `constexpr Stream saddles("structured-noise/saddles")`; its number follows from
/// its name, so nothing else has to be edited. Names begin with that of their experiment. Numbers are part of published
/// results: a name is never changed and never used for another purpose.
class Stream {
 public:
  /// The number is the 32-bit FNV-1a hash of the name (Fowler, Noll and Vo), upper bit set. A test over all experiments
  /// requires that all numbers differ.
  constexpr explicit Stream(std::string_view name) : Stream(name, hash(name) | first_hashed) {}
  /// A number below 2^31, for the shared streams of streams.hpp.
  constexpr Stream(std::string_view name, std::uint32_t number) : name_(name), number_(number) {}

  constexpr std::string_view name() const { return name_; }
  constexpr std::uint32_t number() const { return number_; }
  constexpr bool operator==(Stream const& other) const { return number_ == other.number_; }

 private:
  static constexpr std::uint32_t first_hashed = std::uint32_t{1} << 31;
  static constexpr std::uint32_t hash(std::string_view name) {
    std::uint32_t hash = 2166136261;
    for (char const c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
    return hash;
  }

  std::string_view name_;
  std::uint32_t number_;
};

}  // namespace hypnos
