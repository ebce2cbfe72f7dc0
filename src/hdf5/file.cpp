#include "hypnos/hdf5/file.hpp"

#include <fcntl.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <mpi.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <utility>

namespace hypnos::hdf5 {

static_assert(std::is_same_v<hid_t, std::int64_t>);

namespace {

// Once, before the library's first use. Its file locks are left out, unless the user asks for them: they keep readers
// away from a file that is being written, some network file systems refuse them, and MPI-IO takes none anyway. Links to
// other files are not followed: what a file says may not lead to a FIFO, or to files that its user does not know of.
void prepare_library() {
  static bool const done = [] {
    ::setenv("HDF5_USE_FILE_LOCKING", "FALSE", 0);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    H5Lunregister(H5L_TYPE_EXTERNAL);
    return true;
  }();
  (void)done;
}

// The innermost entry of the error stack says what went wrong, the outer ones only who called whom.
std::string innermost_message() {
  std::string text;
  auto const keep_first = [](unsigned n, H5E_error2_t const* entry, void* out) -> herr_t {
    if (n == 0 && entry->desc) *static_cast<std::string*>(out) = entry->desc;
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &text);
  return text;
}

template <std::integral Result>
Result checked(Result result, std::string const& doing) {
  if (result < 0) throw Error("HDF5 could not " + doing + ": " + innermost_message());
  return result;
}

// Types, dataspaces and property lists live for one call.
class Temporary : public Object {
 public:
  Temporary(hid_t id, std::string const& doing) : Object(checked(id, doing)) {}
};

template <class T>
hid_t memory_type() {
  if constexpr (std::same_as<T, double>) return H5T_NATIVE_DOUBLE;
  else if constexpr (std::same_as<T, float>) return H5T_NATIVE_FLOAT;
  else if constexpr (std::same_as<T, std::int64_t>) return H5T_NATIVE_INT64;
  else if constexpr (std::same_as<T, std::int32_t>) return H5T_NATIVE_INT32;
  else if constexpr (std::same_as<T, std::int8_t>) return H5T_NATIVE_INT8;
  else if constexpr (std::same_as<T, std::uint32_t>) return H5T_NATIVE_UINT32;
  else {
    static_assert(std::same_as<T, std::uint8_t>);
    return H5T_NATIVE_UINT8;
  }
}

Temporary text_type(std::size_t length) {
  Temporary type(H5Tcopy(H5T_C_S1), "copy a type");
  checked(H5Tset_size(type.id(), length), "set the length of a text");
  checked(H5Tset_cset(type.id(), H5T_CSET_UTF8), "choose UTF-8");
  return type;
}

Temporary space_of(Shape const& shape) {
  if (shape.empty()) return {H5Screate(H5S_SCALAR), "create a dataspace"};
  std::vector<hsize_t> const extents(shape.begin(), shape.end());
  return {H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), "create a dataspace"};
}

std::string name_of(hid_t object) {
  std::array<char, 256> name{};
  H5Iget_name(object, name.data(), name.size());
  return name.data();
}

void write_attribute(hid_t object, std::string const& name, hid_t type, Temporary const& space, void const* value) {
  if (H5Aexists(object, name.c_str()) > 0) checked(H5Adelete(object, name.c_str()), "replace attribute " + name);
  Temporary const attribute(H5Acreate2(object, name.c_str(), type, space.id(), H5P_DEFAULT, H5P_DEFAULT),
                            "create attribute " + name);
  checked(H5Awrite(attribute.id(), type, value), "write attribute " + name);
}

}  // namespace

Size elements(Shape const& shape) { return std::accumulate(shape.begin(), shape.end(), Size{1}, std::multiplies<>{}); }

Object& Object::operator=(Object&& other) noexcept {
  std::swap(id_, other.id_);
  return *this;
}

Object::~Object() { close(); }

void Object::close() noexcept {
  if (id_ < 0) return;
  switch (H5Iget_type(id_)) {
    case H5I_FILE: H5Fclose(id_); break;
    case H5I_GROUP: H5Gclose(id_); break;
    case H5I_DATASET: H5Dclose(id_); break;
    case H5I_DATASPACE: H5Sclose(id_); break;
    case H5I_DATATYPE: H5Tclose(id_); break;
    case H5I_ATTR: H5Aclose(id_); break;
    case H5I_GENPROP_LST: H5Pclose(id_); break;
    default: break;
  }
  id_ = -1;
}

bool Object::has_attribute(std::string const& name) const { return H5Aexists(id_, name.c_str()) > 0; }

void Object::set_attribute(std::string const& name, std::string const& text) {
  auto const type = text_type(H5T_VARIABLE);
  char const* const value = text.c_str();
  write_attribute(id_, name, type.id(), space_of({}), &value);
}

void Object::set_attribute(std::string const& name, std::vector<std::int64_t> const& values) {
  write_attribute(id_, name, H5T_NATIVE_INT64, space_of({values.size()}), values.data());
}

void Object::set_attribute(std::string const& name, std::vector<double> const& values) {
  write_attribute(id_, name, H5T_NATIVE_DOUBLE, space_of({values.size()}), values.data());
}

void Object::set_attribute(std::string const& name, std::vector<std::uint8_t> const& values) {
  write_attribute(id_, name, H5T_NATIVE_UINT8, space_of({values.size()}), values.data());
}

void Object::remove_attribute(std::string const& name) {
  checked(H5Adelete(id_, name.c_str()), "remove attribute " + name);
}

std::string Object::text_attribute(std::string const& name) const {
  Temporary const attribute(H5Aopen(id_, name.c_str(), H5P_DEFAULT), "open attribute " + name);
  Temporary const stored(H5Aget_type(attribute.id()), "read the type of attribute " + name);
  if (H5Tget_class(stored.id()) != H5T_STRING || H5Tis_variable_str(stored.id()) <= 0)
    throw Error("attribute " + name + " is not a text of variable length");
  auto const type = text_type(H5T_VARIABLE);
  char* value = nullptr;
  checked(H5Aread(attribute.id(), type.id(), &value), "read attribute " + name);
  std::string text = value ? value : "";
  H5free_memory(value);
  return text;
}

std::int64_t Object::integer_attribute(std::string const& name) const {
  Temporary const attribute(H5Aopen(id_, name.c_str(), H5P_DEFAULT), "open attribute " + name);
  Temporary const space(H5Aget_space(attribute.id()), "read the shape of attribute " + name);
  if (H5Sget_simple_extent_npoints(space.id()) != 1) throw Error("attribute " + name + " is not one number");
  std::int64_t value = 0;
  checked(H5Aread(attribute.id(), H5T_NATIVE_INT64, &value), "read attribute " + name);
  return value;
}

Shape Dataset::shape() const {
  Temporary const space(H5Dget_space(id()), "read the shape of " + name_of(id()));
  std::vector<hsize_t> extents(
      static_cast<std::size_t>(checked(H5Sget_simple_extent_ndims(space.id()), "read a rank")));
  if (!extents.empty()) H5Sget_simple_extent_dims(space.id(), extents.data(), nullptr);
  return {extents.begin(), extents.end()};
}

Kind Dataset::kind() const {
  Temporary const type(H5Dget_type(id()), "read the type of " + name_of(id()));
  auto const type_class = H5Tget_class(type.id());
  // no number is longer than a long double, but a damaged header may say so, and conversion then leaves its buffers
  if (type_class != H5T_STRING && H5Tget_size(type.id()) > 16) return Kind::other;
  switch (type_class) {
    case H5T_INTEGER:
    case H5T_ENUM: return Kind::integer;  // h5py writes booleans as an enumeration
    case H5T_FLOAT: return Kind::real;
    case H5T_STRING: return Kind::text;
    default: return Kind::other;
  }
}

namespace {

// A damaged header may say any size, for which there is no memory.
void require_plausible_size(hid_t dataset, Size count) {
  Temporary const properties(H5Dget_create_plist(dataset), "read the layout of " + name_of(dataset));
  Temporary const type(H5Dget_type(dataset), "read the type of " + name_of(dataset));
  hid_t const file = checked(H5Iget_file_id(dataset), "find the file of " + name_of(dataset));
  hsize_t size = 0;
  auto const known = H5Fget_filesize(file, &size);
  H5Fclose(file);
  auto const bytes = static_cast<double>(count) * static_cast<double>(H5Tget_size(type.id()));
  if (H5Pget_layout(properties.id()) == H5D_CONTIGUOUS && known >= 0 && bytes > static_cast<double>(size))
    throw Error(name_of(dataset) + " announces more values than the file has bytes for");
}

}  // namespace

template <class T>
std::vector<T> Dataset::read() const {
  auto const count = elements(shape());
  require_plausible_size(id(), count);
  std::vector<T> values(count);
  checked(H5Dread(id(), memory_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), "read " + name_of(id()));
  return values;
}

namespace {

// The file's side of a transfer: `count` elements from `offset` on, along each dimension.
Temporary selection(hid_t dataset, Shape const& offset, Shape const& count) {
  Temporary space(H5Dget_space(dataset), "read the shape of " + name_of(dataset));
  std::vector<hsize_t> const start(offset.begin(), offset.end()), extent(count.begin(), count.end());
  if (!start.empty())
    checked(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, extent.data(), nullptr),
            "select a part of " + name_of(dataset));
  return space;
}

void require_size(Shape const& count, std::size_t size, hid_t dataset) {
  if (elements(count) != size) throw Error("a part of " + name_of(dataset) + " has another size than the buffer given");
}

}  // namespace

template <class T>
void Dataset::read(Shape const& offset, Shape const& count, std::span<T> values) const {
  require_size(count, values.size(), id());
  auto const file_space = selection(id(), offset, count);
  auto const memory_space = space_of(count);
  checked(H5Dread(id(), memory_type<T>(), memory_space.id(), file_space.id(), H5P_DEFAULT, values.data()),
          "read " + name_of(id()));
}

template <class T>
void Dataset::write(std::span<T const> values) {
  require_size(shape(), values.size(), id());
  checked(H5Dwrite(id(), memory_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), "write " + name_of(id()));
}

template <class T>
void Dataset::write(Shape const& offset, Shape const& count, std::span<T const> values) {
  require_size(count, values.size(), id());
  auto const file_space = selection(id(), offset, count);
  auto const memory_space = space_of(count);
  checked(H5Dwrite(id(), memory_type<T>(), memory_space.id(), file_space.id(), H5P_DEFAULT, values.data()),
          "write " + name_of(id()));
}

namespace {

// How texts are kept: strings of fixed length, or characters whose last dimension runs along a text.
Size text_length(hid_t type, Shape const& shape) {
  auto const size = H5Tget_size(type);
  return size == 1 && shape.size() == 2 ? shape.back() : size;
}

}  // namespace

std::vector<std::string> Dataset::read_texts() const {
  Temporary const stored(H5Dget_type(id()), "read the type of " + name_of(id()));
  if (H5Tget_class(stored.id()) != H5T_STRING) throw Error(name_of(id()) + " does not hold texts");
  auto const extents = shape();
  require_plausible_size(id(), elements(extents));
  std::vector<std::string> texts;
  if (H5Tis_variable_str(stored.id()) > 0) {
    auto const type = text_type(H5T_VARIABLE);
    std::vector<char*> values(elements(extents), nullptr);
    checked(H5Dread(id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), "read " + name_of(id()));
    for (auto* value : values) {
      texts.emplace_back(value ? value : "");
      H5free_memory(value);
    }
  } else {
    std::string buffer(elements(extents) * H5Tget_size(stored.id()), '\0');
    checked(H5Dread(id(), stored.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer.data()), "read " + name_of(id()));
    auto const length = text_length(stored.id(), extents);
    for (Size begin = 0; begin < buffer.size(); begin += length) {
      auto const text = buffer.substr(begin, length);
      texts.push_back(text.substr(0, text.find('\0')));
    }
  }
  return texts;
}

void Dataset::write_text(Size position, std::string const& text) {
  Temporary const type(H5Dget_type(id()), "read the type of " + name_of(id()));
  auto const extents = shape();
  auto const length = text_length(type.id(), extents);
  std::string padded = text;
  if (padded.size() > length) {
    auto cut = length;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;  // not inside a character
    padded.resize(cut);
  }
  padded.resize(length, '\0');
  Shape offset{position}, count{1};
  if (extents.size() == 2) offset.push_back(0), count.push_back(length);
  auto const file_space = selection(id(), offset, count);
  auto const memory_space = space_of(count);
  checked(H5Dwrite(id(), type.id(), memory_space.id(), file_space.id(), H5P_DEFAULT, padded.data()),
          "write " + name_of(id()));
}

void Dataset::make_scale(std::string const& name) {
  checked(H5DSset_scale(id(), name.c_str()), "make " + name + " a dimension scale");
}

bool Dataset::is_scale() const { return H5DSis_scale(id()) > 0; }

std::string Dataset::scale_name() const {
  if (!is_scale()) return "";
  auto const length = checked(H5DSget_scale_name(id(), nullptr, 0), "read the name of a dimension scale");
  std::string name(static_cast<std::size_t>(length) + 1, '\0');
  checked(H5DSget_scale_name(id(), name.data(), name.size()), "read the name of a dimension scale");
  name.resize(static_cast<std::size_t>(length));
  return name;
}

void Dataset::attach_scale(int k, Dataset const& scale) {
  checked(H5DSattach_scale(id(), scale.id(), static_cast<unsigned>(k)), "attach a dimension scale");
}

std::vector<std::string> Dataset::scales(int k) const {
  std::vector<std::string> paths;
  auto const collect = [](hid_t, unsigned, hid_t scale, void* out) -> herr_t {
    static_cast<std::vector<std::string>*>(out)->push_back(name_of(scale));
    return 0;
  };
  checked(H5DSiterate_scales(id(), static_cast<unsigned>(k), nullptr, collect, &paths),
          "list the dimension scales of " + name_of(id()));
  return paths;
}

Size Dataset::offset() const {
  auto const offset = H5Dget_offset(id());
  if (offset == HADDR_UNDEF) throw Error(name_of(id()) + " is not contiguous");
  return offset;
}

std::vector<std::string> Group::members() const {
  std::vector<std::string> names;
  auto const collect = [](hid_t, char const* name, H5L_info_t const*, void* out) -> herr_t {
    static_cast<std::vector<std::string>*>(out)->emplace_back(name);
    return 0;
  };
  checked(H5Literate(id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names), "list a group");
  return names;
}

bool Group::has(std::string const& path) const {
  // H5Lexists fails where a group on the path is missing
  for (auto slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    if (H5Lexists(id(), path.substr(0, slash).c_str(), H5P_DEFAULT) <= 0) return false;
    if (slash == path.npos) return true;
  }
}

bool Group::has_dataset(std::string const& path) const {
  if (!has(path)) return false;
  hid_t const object = H5Oopen(id(), path.c_str(), H5P_DEFAULT);
  return object >= 0 && H5Iget_type(Object(object).id()) == H5I_DATASET;
}

std::vector<std::string> Group::objects() const {
  std::vector<std::string> paths;
  auto const collect = [](hid_t, char const* path, H5O_info_t const*, void* out) -> herr_t {
    static_cast<std::vector<std::string>*>(out)->emplace_back(path);
    return 0;
  };
  checked(H5Ovisit2(id(), H5_INDEX_NAME, H5_ITER_INC, collect, &paths, H5O_INFO_BASIC), "list a file");
  std::ranges::sort(paths);
  return paths;
}

namespace {

// Bytes of a signature. Every text stands behind its length, so that different parts have different bytes.
class Signature {
 public:
  void number(std::int64_t value) { bytes_.append(reinterpret_cast<char const*>(&value), sizeof value); }
  void text(std::string_view text) {
    number(static_cast<std::int64_t>(text.size()));
    bytes_ += text;
  }
  void type(hid_t type) {
    static std::array const known{H5T_STD_I8LE,   H5T_STD_I16LE,  H5T_STD_I32LE,  H5T_STD_I64LE,
                                  H5T_STD_U8LE,   H5T_STD_U16LE,  H5T_STD_U32LE,  H5T_STD_U64LE,
                                  H5T_IEEE_F32LE, H5T_IEEE_F64LE, H5T_STD_REF_OBJ};
    auto const type_class = H5Tget_class(type);
    number(type_class);
    number(static_cast<std::int64_t>(H5Tget_size(type)));
    if (type_class == H5T_STRING) {
      auto const variable = H5Tis_variable_str(type) > 0;
      Temporary const plain(H5Tcopy(H5T_C_S1), "copy a type");
      H5Tset_size(plain.id(), variable ? H5T_VARIABLE : H5Tget_size(type));
      H5Tset_cset(plain.id(), H5Tget_cset(type));
      H5Tset_strpad(plain.id(), H5Tget_strpad(type));
      number(variable ? 1 : 0);
      number(H5Tget_cset(type));
      number(H5Tget_strpad(type));
      number(H5Tequal(type, plain.id()));  // a text of variable length is made of characters of a type of their own
    } else if (type_class == H5T_VLEN) {
      this->type(Temporary(H5Tget_super(type), "read a type").id());
    } else if (type_class == H5T_COMPOUND) {
      auto const members = static_cast<unsigned>(checked(H5Tget_nmembers(type), "read a type"));
      for (unsigned k = 0; k < members; ++k) this->type(Temporary(H5Tget_member_type(type, k), "read a type").id());
    } else {
      auto const found = std::ranges::find_if(known, [&](hid_t one) { return H5Tequal(type, one) > 0; });
      number(found - known.begin());
    }
  }
  void shape(hid_t space) {
    std::array<hsize_t, H5S_MAX_RANK> extents{}, most{};
    auto const rank = checked(H5Sget_simple_extent_dims(space, extents.data(), most.data()), "read a shape");
    number(H5Sget_simple_extent_type(space));
    for (int k = 0; k < rank; ++k) {
      auto const at = static_cast<std::size_t>(k);
      number(static_cast<std::int64_t>(extents[at]));
      number(static_cast<std::int64_t>(most[at]));
    }
  }
  std::string const& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// The entry of a scale's list of the dimensions that it labels.
struct Reference {
  hobj_ref_t dataset;
  std::int32_t dimension;
};

void add_references(Signature& signature, hid_t attribute, std::size_t count) {
  Temporary const type(H5Tcreate(H5T_COMPOUND, sizeof(Reference)), "create a type");
  H5Tinsert(type.id(), "dataset", HOFFSET(Reference, dataset), H5T_STD_REF_OBJ);
  // "dimension" in files of HDF5 1.10, "index" in the documentation
  Temporary const stored(H5Aget_type(attribute), "read a type");
  auto const* const name = H5Tget_member_index(stored.id(), "dimension") >= 0 ? "dimension" : "index";
  H5Tinsert(type.id(), name, HOFFSET(Reference, dimension), H5T_NATIVE_INT32);
  std::vector<Reference> references(count);
  checked(H5Aread(attribute, type.id(), references.data()), "read the list of labelled dimensions");
  for (auto const& reference : references) {
    Temporary const object(H5Rdereference2(attribute, H5P_DEFAULT, H5R_OBJECT, &reference.dataset),
                           "follow a reference");
    signature.text(name_of(object.id()));
    signature.number(reference.dimension);
  }
}

void add_attribute(Signature& signature, hid_t object, std::string const& name) {
  Temporary const attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), "open attribute " + name);
  Temporary const type(H5Aget_type(attribute.id()), "read the type of attribute " + name);
  Temporary const space(H5Aget_space(attribute.id()), "read the shape of attribute " + name);
  auto const count = static_cast<std::size_t>(
      checked<std::int64_t>(H5Sget_simple_extent_npoints(space.id()), "read the shape of attribute " + name));
  constexpr std::size_t most = 1 << 20;  // a damaged header may say any number
  if (count > most) throw Error("attribute " + name + " has " + std::to_string(count) + " values");
  signature.text(name);
  signature.type(type.id());
  signature.shape(space.id());
  auto const type_class = H5Tget_class(type.id());
  if (type_class == H5T_STRING && H5Tis_variable_str(type.id()) > 0) {
    std::vector<char*> values(count, nullptr);
    checked(H5Aread(attribute.id(), type.id(), values.data()), "read attribute " + name);
    for (auto* value : values) {
      signature.text(value ? value : "");
      H5free_memory(value);
    }
  } else if (type_class == H5T_COMPOUND) {
    add_references(signature, attribute.id(), count);
  } else if (type_class != H5T_VLEN) {  // DIMENSION_LIST: see `scales`
    std::string values(count * H5Tget_size(type.id()), '\0');
    checked(H5Aread(attribute.id(), type.id(), values.data()), "read attribute " + name);
    signature.text(values);
  }
}

void add_attributes(Signature& signature, hid_t object) {
  std::vector<std::string> names;
  auto const collect = [](hid_t, char const* name, H5A_info_t const*, void* out) -> herr_t {
    static_cast<std::vector<std::string>*>(out)->emplace_back(name);
    return 0;
  };
  checked(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names), "list attributes");
  std::ranges::sort(names);
  for (auto const& name : names) add_attribute(signature, object, name);
}

template <class T>
void add_values(Signature& signature, Dataset const& scale) {
  auto const values = scale.read<T>();
  signature.text({reinterpret_cast<char const*>(values.data()), values.size() * sizeof(T)});
}

void add_dataset(Signature& signature, Dataset const& dataset) {
  Temporary const type(H5Dget_type(dataset.id()), "read a type");
  Temporary const space(H5Dget_space(dataset.id()), "read a shape");
  signature.type(type.id());
  signature.shape(space.id());
  auto const kind = dataset.kind();
  Temporary const properties(H5Dget_create_plist(dataset.id()), "read the properties of a dataset");
  if (kind == Kind::integer || kind == Kind::real) {
    std::string fill(H5Tget_size(type.id()), '\0');
    checked(H5Pget_fill_value(properties.id(), type.id(), fill.data()), "read a fill value");
    signature.text(fill);
  }
  for (int k = 0; k < std::ssize(dataset.shape()); ++k)
    for (auto const& scale : dataset.scales(k)) signature.text(scale);
  if (!dataset.is_scale()) return;
  switch (kind) {
    case Kind::integer: add_values<std::int64_t>(signature, dataset); break;
    case Kind::real: add_values<double>(signature, dataset); break;
    case Kind::text:
      for (auto const& text : dataset.read_texts()) signature.text(text);
      break;
    case Kind::other: break;
  }
}

}  // namespace

std::string Group::signature(std::string const& path) const {
  hid_t const opened = checked(H5Oopen(id(), path.c_str(), H5P_DEFAULT), "open " + path);
  Signature signature;
  signature.number(H5Iget_type(opened));
  if (H5Iget_type(opened) == H5I_DATASET) {
    Dataset const dataset(opened);
    add_dataset(signature, dataset);
    add_attributes(signature, dataset.id());
  } else {
    Group const group(opened);
    add_attributes(signature, group.id());
  }
  return signature.bytes();
}

Group Group::create_group(std::string const& name) {
  return Group(checked(H5Gcreate2(id(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), "create group " + name));
}

Group Group::open_group(std::string const& name) const {
  return Group(checked(H5Gopen2(id(), name.c_str(), H5P_DEFAULT), "open group " + name));
}

namespace {

// The part of a path that is a link to another file; empty if there is none.
std::string external_link(hid_t group, std::string const& path) {
  for (auto slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    auto const part = path.substr(0, slash);
    H5L_info_t info{};
    if (H5Lget_info(group, part.c_str(), &info, H5P_DEFAULT) < 0) return "";
    if (info.type == H5L_TYPE_EXTERNAL) return part;
    if (slash == path.npos) return "";
  }
}

void require_own_numbers(Dataset const& dataset, std::string const& path) {
  Temporary const properties(H5Dget_create_plist(dataset.id()), "read the layout of " + path);
  if (H5Pget_external_count(properties.id()) > 0 || H5Pget_layout(properties.id()) == H5D_VIRTUAL)
    throw Error("the numbers of " + path + " are stored in other files, which are not read; copy them into one file");
}

}  // namespace

Dataset Group::open_dataset(std::string const& path) const {
  auto const opened = H5Dopen2(id(), path.c_str(), H5P_DEFAULT);
  if (opened < 0) {
    auto const reason = innermost_message();
    if (auto const link = external_link(id(), path); !link.empty())
      throw Error(link + " is a link to another file, which is not followed; name that file itself");
    throw Error("HDF5 could not open dataset " + path + ": " + reason);
  }
  Dataset dataset(opened);
  require_own_numbers(dataset, path);
  return dataset;
}

namespace {

Temporary creation_properties(hid_t type, void const* fill) {
  Temporary properties(H5Pcreate(H5P_DATASET_CREATE), "create properties");
  checked(H5Pset_layout(properties.id(), H5D_CONTIGUOUS), "choose the contiguous layout");
  checked(H5Pset_alloc_time(properties.id(), H5D_ALLOC_TIME_EARLY), "choose early allocation");
  if (fill) checked(H5Pset_fill_value(properties.id(), type, fill), "set a fill value");
  return properties;
}

Dataset create_dataset(hid_t group, std::string const& name, hid_t type, Shape const& shape, void const* fill) {
  auto const properties = creation_properties(type, fill);
  return Dataset(
      checked(H5Dcreate2(group, name.c_str(), type, space_of(shape).id(), H5P_DEFAULT, properties.id(), H5P_DEFAULT),
              "create dataset " + name));
}

}  // namespace

template <class T>
Dataset Group::create(std::string const& name, Shape const& shape, T fill) {
  return create_dataset(id(), name, memory_type<T>(), shape, &fill);
}

Dataset Group::create_texts(std::string const& name, std::vector<std::string> const& values) {
  auto const type = text_type(H5T_VARIABLE);
  auto dataset = create_dataset(id(), name, type.id(), {values.size()}, nullptr);
  std::vector<char const*> pointers;
  for (auto const& value : values) pointers.push_back(value.c_str());
  checked(H5Dwrite(dataset.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), "write " + name);
  return dataset;
}

Dataset Group::create_characters(std::string const& name, Size count, Size length) {
  char const empty = '\0';
  Temporary const type(H5Tcopy(H5T_C_S1), "copy a type");
  checked(H5Tset_strpad(type.id(), H5T_STR_NULLPAD), "choose a padding");  // a terminated string of 1 byte is empty
  return create_dataset(id(), name, type.id(), {count, length}, &empty);
}

File File::create(std::string const& path) {
  prepare_library();
  return File(checked(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), "create " + path));
}

File File::open_read(std::string const& path) {
  prepare_library();
  // Chunks may run along columns while readers go by rows: then a larger cache unpacks each chunk once, not once a slab.
  constexpr std::size_t slots = 12421, bytes = std::size_t{32} << 20;
  Temporary const access(H5Pcreate(H5P_FILE_ACCESS), "create properties");
  checked(H5Pset_cache(access.id(), 0, slots, bytes, 1.0), "set the chunk cache");
  return File(checked(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.id()), "open " + path));
}

File File::open_write(std::string const& path) {
  prepare_library();
  return File(checked(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), "open " + path + " for writing"));
}

namespace {

// Open MPI 4.1 keeps absolute paths in 256 bytes and overruns them. A longer path is replaced by a short one that leads
// through a descriptor of the folder, which must stay open as long as the file.
std::string short_path(std::string const& path) {
  constexpr std::size_t longest = 200;
  if (path.size() <= longest) return path;
  auto const slash = path.rfind('/');
  if (slash == path.npos) return path;
  int const folder = ::open(path.substr(0, slash + 1).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  return folder < 0 ? path : "/proc/self/fd/" + std::to_string(folder) + path.substr(slash);
}

}  // namespace

File File::open_parallel(std::string const& path) {
  prepare_library();
  Temporary const access(H5Pcreate(H5P_FILE_ACCESS), "create properties");
  checked(H5Pset_fapl_mpio(access.id(), MPI_COMM_WORLD, MPI_INFO_NULL), "choose MPI-IO");
  return File(checked(H5Fopen(short_path(path).c_str(), H5F_ACC_RDWR, access.id()), "open " + path + " with MPI-IO"));
}

void File::flush() { checked(H5Fflush(id(), H5F_SCOPE_LOCAL), "write a file"); }

std::string library_version() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return std::to_string(major) + '.' + std::to_string(minor) + '.' + std::to_string(release);
}

#define HYPNOS_INSTANTIATE(T)                                                      \
  template std::vector<T> Dataset::read<T>() const;                                \
  template void Dataset::read<T>(Shape const&, Shape const&, std::span<T>) const;  \
  template void Dataset::write<T>(std::span<T const>);                             \
  template void Dataset::write<T>(Shape const&, Shape const&, std::span<T const>); \
  template Dataset Group::create<T>(std::string const&, Shape const&, T);
HYPNOS_INSTANTIATE(double)
HYPNOS_INSTANTIATE(float)
HYPNOS_INSTANTIATE(std::int64_t)
HYPNOS_INSTANTIATE(std::int32_t)
HYPNOS_INSTANTIATE(std::int8_t)
HYPNOS_INSTANTIATE(std::uint32_t)
HYPNOS_INSTANTIATE(std::uint8_t)
#undef HYPNOS_INSTANTIATE

}  // namespace hypnos::hdf5
