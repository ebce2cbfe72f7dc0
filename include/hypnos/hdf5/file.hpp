#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

/// The part of the HDF5 C API that a store and a reader of recordings need, with owners instead of ids.
/// Everything throws hdf5::Error with the library's own innermost message; nothing is printed. Only the file that was
/// opened is read: links to other files are not followed, and numbers stored in other files are refused.
namespace hypnos::hdf5 {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Size = std::uint64_t;
using Shape = std::vector<Size>;

/// Product of the extents; 1 for a scalar.
Size elements(Shape const& shape);

/// Owns one HDF5 id of any kind.
class Object {
 public:
  explicit Object(std::int64_t id) : id_(id) {}
  Object(Object&& other) noexcept : id_(other.id_) { other.id_ = -1; }
  Object& operator=(Object&& other) noexcept;
  ~Object();
  std::int64_t id() const { return id_; }

  bool has_attribute(std::string const& name) const;
  void set_attribute(std::string const& name, std::string const& text);
  void set_attribute(std::string const& name, std::vector<std::int64_t> const& values);
  void set_attribute(std::string const& name, std::vector<double> const& values);
  void set_attribute(std::string const& name, std::vector<std::uint8_t> const& values);
  void remove_attribute(std::string const& name);
  std::string text_attribute(std::string const& name) const;
  std::int64_t integer_attribute(std::string const& name) const;

 protected:
  void close() noexcept;

 private:
  std::int64_t id_;
};

enum class Kind { integer, real, text, other };

/// T is double, float, std::int64_t, std::int32_t, std::int8_t, std::uint32_t or std::uint8_t; HDF5 converts from the
/// stored type.
class Dataset : public Object {
 public:
  using Object::Object;

  Shape shape() const;
  Kind kind() const;

  template <class T>
  std::vector<T> read() const;
  template <class T>
  void read(Shape const& offset, Shape const& count, std::span<T> values) const;
  template <class T>
  void write(std::span<T const> values);
  template <class T>
  void write(Shape const& offset, Shape const& count, std::span<T const> values);

  /// All texts of a one-dimensional dataset of strings, of fixed or variable length, or of a two-dimensional one of
  /// single characters.
  std::vector<std::string> read_texts() const;
  /// One text into strings of fixed length or into characters; cut at the end of a UTF-8 character if too long.
  void write_text(Size position, std::string const& text);

  /// Makes this one-dimensional dataset the coordinate of dimensions called `name`.
  void make_scale(std::string const& name);
  bool is_scale() const;
  /// The name it was made a scale with; "" for other datasets.
  std::string scale_name() const;
  /// Names dimension `k` by a scale.
  void attach_scale(int k, Dataset const& scale);
  /// Paths of the scales attached to dimension `k`.
  std::vector<std::string> scales(int k) const;

  /// Where the numbers of a contiguous dataset begin in the file, in bytes.
  Size offset() const;
};

class Group : public Object {
 public:
  using Object::Object;

  /// Names of groups and datasets directly below, in alphabetical order.
  std::vector<std::string> members() const;
  bool has(std::string const& path) const;
  bool has_dataset(std::string const& path) const;

  /// Paths of this group (".") and of everything below it, in alphabetical order.
  std::vector<std::string> objects() const;
  /// What an object is apart from the numbers that a job writes, as bytes: group or dataset, type, shape, fill value,
  /// all attributes, scales of its dimensions, and the values of a dimension scale. The bytes do not depend on where
  /// the file keeps it.
  std::string signature(std::string const& path) const;

  Group create_group(std::string const& name);
  Group open_group(std::string const& name) const;
  Dataset open_dataset(std::string const& path) const;

  /// Contiguous, allocated and filled with `fill` at once: its place in the file never changes afterwards.
  template <class T>
  Dataset create(std::string const& name, Shape const& shape, T fill);
  /// One-dimensional strings of variable length (for coordinates).
  Dataset create_texts(std::string const& name, std::vector<std::string> const& values);
  /// `count` texts of at most `length` bytes, empty at first: characters [count, length], as netCDF has them. Strings
  /// of fixed length would be the same bytes, but netCDF-C 4.9 crashes on them.
  Dataset create_characters(std::string const& name, Size count, Size length);
};

class File : public Group {
 public:
  using Group::create;
  /// A new, empty file in the library's default (most widely read) format; replaces an existing one.
  static File create(std::string const& path);
  static File open_read(std::string const& path);
  static File open_write(std::string const& path);
  /// All ranks of MPI_COMM_WORLD together, for writing through MPI-IO. Transfers are independent. The file stays open
  /// under its short name until the process ends if its path is long.
  static File open_parallel(std::string const& path);

  /// Hands everything to the operating system, and throws where closing the file would be silent: on a full disk.
  void flush();

 private:
  using Group::Group;
};

/// "1.10.8"
std::string library_version();

}  // namespace hypnos::hdf5
