#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

/// The state of a computation as bytes. A computation that is restored from them continues with the same bits. A struct
/// lists its members once, for writing and for reading:
///
///   template <class Archive>
///   void archive(Archive& members) { members(steps, model.J, model.h, chains); }
///
/// A member is a number, an enumeration, a text, a vector, a std::array, an optional, a matrix or array of Eigen, or a
/// struct with such a function. The bytes have the layout of this machine; only the job that wrote a state reads it.
namespace hypnos {

template <class T>
concept Scalar = std::is_arithmetic_v<T> || std::is_enum_v<T>;

/// Matrices and arrays of Eigen, recognized by their members, since this layer does not include Eigen.
template <class T>
concept Resizable2d = requires(T& array) {
  array.resize(array.rows(), array.cols());
  array.data();
  array.size();
};

class StateWriter {
 public:
  template <class... Members>
  void operator()(Members&... members) {
    (write(members), ...);
  }

  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  template <class T>
  void write(T& member) {
    if constexpr (Scalar<T>) {
      append(&member, 1);
    } else if constexpr (Resizable2d<T>) {
      auto const rows = member.rows(), columns = member.cols();
      append(&rows, 1);
      append(&columns, 1);
      append(member.data(), static_cast<std::size_t>(member.size()));
    } else if constexpr (requires { member.has_value(); }) {
      bool const present = member.has_value();
      append(&present, 1);
      if (present) write(*member);
    } else if constexpr (requires { member.push_back(*member.begin()); }) {
      auto const size = member.size();
      append(&size, 1);
      if constexpr (Scalar<typename T::value_type>) append(member.data(), size);
      else
        for (auto& item : member) write(item);
    } else if constexpr (requires { std::tuple_size<T>::value; }) {
      for (auto& item : member) write(item);
    } else {
      member.archive(*this);
    }
  }

  template <class T>
  void append(T const* values, std::size_t count) {
    auto const bytes = std::as_bytes(std::span(values, count));
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }

  std::vector<std::byte> bytes_;
};

/// Throws std::length_error if the bytes end too early. After the last member empty() must be true.
class StateReader {
 public:
  explicit StateReader(std::span<std::byte const> bytes) : left_(bytes) {}

  template <class... Members>
  void operator()(Members&... members) {
    (read(members), ...);
  }

  bool empty() const { return left_.empty(); }

 private:
  template <class T>
  void read(T& member) {
    if constexpr (Scalar<T>) {
      copy(&member, 1);
    } else if constexpr (Resizable2d<T>) {
      auto rows = member.rows(), columns = member.cols();
      copy(&rows, 1);
      copy(&columns, 1);
      member.resize(rows, columns);
      copy(member.data(), static_cast<std::size_t>(member.size()));
    } else if constexpr (requires { member.has_value(); }) {
      bool present = false;
      copy(&present, 1);
      if (!present) return member.reset();
      if (!member) member.emplace();
      read(*member);
    } else if constexpr (requires { member.push_back(*member.begin()); }) {
      auto size = member.size();
      copy(&size, 1);
      if (size > left_.size()) throw std::length_error("a state ends too early");
      member.resize(size);
      if constexpr (Scalar<typename T::value_type>) copy(member.data(), size);
      else
        for (auto& item : member) read(item);
    } else if constexpr (requires { std::tuple_size<T>::value; }) {
      for (auto& item : member) read(item);
    } else {
      member.archive(*this);
    }
  }

  template <class T>
  void copy(T* values, std::size_t count) {
    if (count > left_.size() / sizeof(T)) throw std::length_error("a state ends too early");
    if (count > 0) std::memcpy(values, left_.data(), count * sizeof(T));
    left_ = left_.subspan(count * sizeof(T));
  }

  std::span<std::byte const> left_;
};

}  // namespace hypnos
