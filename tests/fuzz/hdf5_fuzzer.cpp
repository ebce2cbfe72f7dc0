#include <hdf5.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "hypnos/hdf5/file.hpp"
#include "input_file.hpp"
#include "rasters.hpp"

using namespace hypnos;

// Mutated files would find faults of the HDF5 library (1.10.8 exceeds its buffers on some damaged metadata), not of the
// reader. So the library writes every file here, correct but unusual: the input chooses shapes, types, layouts, filters
// and names, and contains all numbers bit by bit. The only damage is flipped bits in a compressed chunk.
namespace {

class Input {
 public:
  Input(std::uint8_t const* bytes, std::size_t size) : next_(bytes), end_(bytes + size) {}
  /// 0 to count - 1; 0 when the input has ended.
  unsigned choice(unsigned count) { return next_ == end_ ? 0 : *next_++ % count; }
  std::vector<std::uint8_t> bytes(std::size_t count) {
    std::vector<std::uint8_t> taken(count);
    for (auto& byte : taken) byte = static_cast<std::uint8_t>(choice(256));
    return taken;
  }

 private:
  std::uint8_t const *next_, *end_;
};

hid_t made(std::int64_t id) {
  fuzz::require(id >= 0, "the HDF5 library creates the object");
  return id;
}

hdf5::Object type_of(Input& input) {
  std::array const plain{H5T_STD_U8LE,       H5T_STD_I8LE,  H5T_STD_U16BE,  H5T_STD_I16LE,  H5T_STD_U32LE,
                         H5T_STD_I32BE,      H5T_STD_U64BE, H5T_STD_I64LE,  H5T_IEEE_F32BE, H5T_IEEE_F64LE,
                         H5T_NATIVE_LDOUBLE, H5T_STD_B8LE,  H5T_UNIX_D32LE, H5T_C_S1,       H5T_STD_REF_OBJ};
  auto const kind = input.choice(plain.size() + 5);
  if (kind < plain.size()) return hdf5::Object(made(H5Tcopy(plain[kind])));
  switch (kind - plain.size()) {
    case 0: {  // numbers that fill only a part of their bytes
      hdf5::Object type(made(H5Tcopy(H5T_STD_I32LE)));
      auto const precision = 1 + input.choice(32);
      H5Tset_precision(type.id(), precision);
      H5Tset_offset(type.id(), static_cast<int>(input.choice(33 - precision)));
      if (input.choice(2) == 1) H5Tset_sign(type.id(), H5T_SGN_NONE);
      return type;
    }
    case 1: {  // half precision
      hdf5::Object type(made(H5Tcopy(H5T_IEEE_F32LE)));
      H5Tset_fields(type.id(), 15, 10, 5, 0, 10);
      H5Tset_size(type.id(), 2);
      H5Tset_ebias(type.id(), 15);
      return type;
    }
    case 2: {  // as h5py writes booleans, though the values may be neither
      hdf5::Object type(made(H5Tenum_create(H5T_STD_I8LE)));
      std::int8_t const no = 0, yes = 1;
      H5Tenum_insert(type.id(), "FALSE", &no);
      H5Tenum_insert(type.id(), "TRUE", &yes);
      return type;
    }
    case 3: {
      hdf5::Object type(made(H5Tcreate(H5T_COMPOUND, 9)));
      H5Tinsert(type.id(), "time", 0, H5T_IEEE_F64LE);
      H5Tinsert(type.id(), "spike", 8, H5T_STD_U8LE);
      return type;
    }
    default: {
      hsize_t const extent = 1 + input.choice(3);
      return hdf5::Object(made(H5Tarray_create2(H5T_STD_U8LE, 1, &extent)));
    }
  }
}

hdf5::Object space_of(Input& input, hdf5::Shape& shape) {
  auto const rank = input.choice(5);
  if (rank == 4) return hdf5::Object(made(H5Screate(H5S_NULL)));
  for (unsigned k = 0; k < rank; ++k) shape.push_back(input.choice(80));
  if (rank == 0) return hdf5::Object(made(H5Screate(H5S_SCALAR)));
  std::vector<hsize_t> const extents(shape.begin(), shape.end());
  return hdf5::Object(made(H5Screate_simple(static_cast<int>(rank), extents.data(), nullptr)));
}

enum class Layout { contiguous, compact, chunked, damaged_chunk };

hdf5::Object properties_of(Input& input, hdf5::Shape const& shape, Layout& layout) {
  hdf5::Object properties(made(H5Pcreate(H5P_DATASET_CREATE)));
  layout = static_cast<Layout>(input.choice(4));
  bool const chunks_possible = !shape.empty() && std::ranges::find(shape, 0u) == shape.end();
  if (layout >= Layout::chunked && !chunks_possible) layout = Layout::contiguous;
  if (layout == Layout::compact) H5Pset_layout(properties.id(), H5D_COMPACT);
  if (layout >= Layout::chunked) {
    std::vector<hsize_t> chunk;
    for (auto const extent : shape) chunk.push_back(1 + input.choice(static_cast<unsigned>(extent)));
    H5Pset_chunk(properties.id(), static_cast<int>(chunk.size()), chunk.data());
    auto const filters = input.choice(8);
    if (filters & 1) H5Pset_shuffle(properties.id());
    if (filters & 2) H5Pset_deflate(properties.id(), 6);
    if (filters & 4) H5Pset_fletcher32(properties.id());
  }
  return properties;
}

std::string name_of(Input& input) {
  std::array<char const*, 6> const names{"samples", "group/samples", "group", "", "/", "sample"};
  auto const kind = input.choice(names.size() + 1);
  if (kind < names.size()) return names[kind];
  auto const bytes = input.bytes(1 + input.choice(16));
  return {bytes.begin(), bytes.end()};
}

// Flips some bits; the length stays, because the library does not check it.
void damage_first_chunk(hid_t dataset, std::size_t rank, Input& input) {
  std::vector<hsize_t> const first(rank);
  hsize_t size = 0;
  H5Dflush(dataset);
  if (H5Dget_chunk_storage_size(dataset, first.data(), &size) < 0 || size == 0) return;
  std::vector<std::uint8_t> chunk(size);
  std::uint32_t skipped_filters = 0;
  fuzz::require(H5Dread_chunk(dataset, H5P_DEFAULT, first.data(), &skipped_filters, chunk.data()) >= 0,
                "a chunk can be read as it is");
  for (auto& byte : chunk) byte = static_cast<std::uint8_t>(byte ^ input.choice(256));
  H5Dwrite_chunk(dataset, H5P_DEFAULT, skipped_filters, first.data(), chunk.size(), chunk.data());
}

// The name of the dataset to read; `numbers` are the values of a table of bytes that was written completely.
std::string write_file(std::string const& path, Input& input, hdf5::Shape& shape,
                       std::optional<std::vector<std::uint8_t>>& numbers) {
  auto const asked = name_of(input);
  auto written = name_of(input).substr(0, 40);
  auto const type = type_of(input);
  auto const space = space_of(input, shape);
  Layout layout{};
  auto const properties = properties_of(input, shape, layout);

  hdf5::File const file(made(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)));
  hdf5::Object const group(made(H5Gcreate2(file.id(), "group", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)));
  H5Lcreate_soft("/nowhere", file.id(), "dangling", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_soft("/", file.id(), "circle", H5P_DEFAULT, H5P_DEFAULT);
  hid_t const id =
      H5Dcreate2(file.id(), written.c_str(), type.id(), space.id(), H5P_DEFAULT, properties.id(), H5P_DEFAULT);
  if (id < 0) return asked;  // a name that is taken or impossible, a layout that does not fit the type
  hdf5::Object const dataset(id);
  bool const plain = H5Tget_class(type.id()) != H5T_REFERENCE && H5Sget_simple_extent_type(space.id()) != H5S_NULL;
  auto const values = input.bytes(plain ? hdf5::elements(shape) * H5Tget_size(type.id()) : 0);
  if (values.empty() || H5Dwrite(id, type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) return asked;
  if (layout == Layout::damaged_chunk) damage_first_chunk(id, shape.size(), input);
  else if (asked == written && H5Tequal(type.id(), H5T_STD_U8LE) > 0) numbers = values;
  return asked;
}

}  // namespace

// Input: the choices of write_file in their order, one byte each, then the numbers.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  static fuzz::InputFile const file;
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  Input input(bytes, size);
  hdf5::Shape shape;
  std::optional<std::vector<std::uint8_t>> numbers;
  auto const asked = write_file(file.path(), input, shape, numbers);
  auto const raster = fuzz::checked_raster(file.path(), asked);
  if (raster && !shape.empty())
    fuzz::require(
        shape == hdf5::Shape{static_cast<hdf5::Size>(raster->samples()), static_cast<hdf5::Size>(raster->neurons())},
        "the raster has the dataset's shape");
  if (!numbers || shape.size() != 2) return 0;
  bool const binary = std::ranges::all_of(*numbers, [](auto number) { return number <= 1; });
  fuzz::require(raster.has_value() == binary, "bytes are a raster if and only if they are 0 and 1");
  for (std::size_t k = 0; raster && k < numbers->size(); ++k)
    fuzz::require(
        (raster->spin(static_cast<int>(k / shape[1]), static_cast<int>(k % shape[1])) == 1) == ((*numbers)[k] == 1),
        "1 is a spike");
  return 0;
}
