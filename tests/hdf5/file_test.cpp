#include "hypnos/hdf5/file.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <numeric>

namespace hypnos::file_test {

using namespace hdf5;

namespace {

namespace fs = std::filesystem;

// The path of a file that is deleted at the end.
struct Scratch {
  fs::path const folder = fs::temp_directory_path() / ("hypnos_hdf5_" + std::to_string(::getpid()));
  std::string const path = (folder / "x.h5").string();

  Scratch() { fs::create_directory(folder); }
  ~Scratch() { fs::remove_all(folder); }
};

std::string message(auto const& action) {
  try {
    action();
  } catch (Error const& error) {
    return error.what();
  }
  return "no error";
}

template <class T>
std::vector<T> counted(Size count) {
  std::vector<T> values(count);
  std::iota(values.begin(), values.end(), T{1});
  return values;
}

}  // namespace

TEST_CASE("elements are the product of the extents") {
  CHECK(elements({}) == 1);
  CHECK(elements({3}) == 3);
  CHECK(elements({2, 3, 4}) == 24);
  CHECK(elements({2, 0, 4}) == 0);
}

TEST_CASE_TEMPLATE("arrays of any shape and type keep their numbers, and have their fill value before", T, double,
                   float, std::int64_t, std::int32_t, std::int8_t, std::uint32_t, std::uint8_t) {
  Scratch const scratch;
  for (auto const& shape : std::vector<Shape>{{}, {1}, {7}, {2, 3}, {3, 1, 5}, {2, 1, 2, 3}}) {
    auto const values = counted<T>(elements(shape));
    {
      auto file = File::create(scratch.path);
      file.create<T>("empty", shape, T{5});
      file.create<T>("full", shape, T{5}).write(std::span<T const>(values));
    }
    auto const file = File::open_read(scratch.path);
    CHECK(file.open_dataset("empty").shape() == shape);
    CHECK(file.open_dataset("empty").template read<T>() == std::vector<T>(elements(shape), T{5}));
    CHECK(file.open_dataset("full").template read<T>() == values);
    CHECK(file.open_dataset("full").kind() == (std::is_floating_point_v<T> ? Kind::real : Kind::integer));
  }
}

TEST_CASE("numbers are read as another type by value") {
  Scratch const scratch;
  auto file = File::create(scratch.path);
  auto dataset = file.create<std::int64_t>("x", {3}, 0);
  std::vector<std::int64_t> const values{-1, 0, 250};
  dataset.write(std::span<std::int64_t const>(values));
  CHECK(dataset.read<double>() == std::vector<double>{-1, 0, 250});
  CHECK(dataset.read<std::int32_t>() == std::vector<std::int32_t>{-1, 0, 250});
  CHECK(dataset.read<std::uint8_t>() == std::vector<std::uint8_t>{0, 0, 250});  // HDF5 clips
}

TEST_CASE("a slab is written to and read from its place only") {
  Scratch const scratch;
  auto file = File::create(scratch.path);
  Shape const shape{3, 4, 5};
  auto dataset = file.create<double>("x", shape, -1);
  Shape const offset{1, 0, 2}, count{2, 3, 1};
  auto const values = counted<double>(elements(count));
  dataset.write(offset, count, std::span<double const>(values));
  auto const all = dataset.read<double>();
  Size next = 0;
  for (Size i = 0; i < 3; ++i)
    for (Size j = 0; j < 4; ++j)
      for (Size k = 0; k < 5; ++k) {
        bool const inside = i >= 1 && j < 3 && k == 2;
        CHECK(all[(i * 4 + j) * 5 + k] == (inside ? values[next++] : -1));
      }
  std::vector<double> back(values.size());
  dataset.read(offset, count, std::span(back));
  CHECK(back == values);
  auto scalar = file.create<double>("scalar", {}, 2);
  std::vector<double> one(1);
  scalar.read({}, {}, std::span(one));
  CHECK(one == std::vector<double>{2});
}

TEST_CASE("a slab that does not fit its buffer or its array is refused") {
  Scratch const scratch;
  auto file = File::create(scratch.path);
  auto dataset = file.create<double>("x", {3, 2}, 7);
  std::vector<double> buffer(4);
  auto const read = [&](Shape const& offset, Shape const& count) {
    return message([&] { dataset.read(offset, count, std::span(buffer)); });
  };
  CHECK(read({0, 0}, {2, 2}) == "no error");
  CHECK(read({0, 0}, {1, 2}) == "a part of /x has another size than the buffer given");
  CHECK(read({2, 0}, {2, 2}).starts_with("HDF5 could not read /x"));
  CHECK(message([&] { dataset.write(std::span<double const>(buffer)); }) ==
        "a part of /x has another size than the buffer given");
  CHECK(dataset.read<double>() == std::vector<double>(6, 7));
}

TEST_CASE("texts of variable length keep every character") {
  Scratch const scratch;
  std::vector<std::string> const texts{"", "a", "Grüße", std::string(1000, 'x'), "two words"};
  {
    auto file = File::create(scratch.path);
    file.create_texts("x", texts);
  }
  auto const file = File::open_read(scratch.path);
  CHECK(file.open_dataset("x").read_texts() == texts);
  CHECK(file.open_dataset("x").kind() == Kind::text);
}

TEST_CASE("characters keep texts up to their length, and are cut between characters of UTF-8") {
  Scratch const scratch;
  {
    auto file = File::create(scratch.path);
    auto dataset = file.create_characters("x", 5, 6);
    CHECK(dataset.shape() == Shape{5, 6});
    CHECK(dataset.read_texts() == std::vector<std::string>(5));
    dataset.write_text(0, "abcdef");
    dataset.write_text(1, "abcdefg");
    dataset.write_text(2, "abcdeé");  // its last character has two bytes
    dataset.write_text(4, "long ago");
    dataset.write_text(4, "new");
  }
  auto const file = File::open_read(scratch.path);
  CHECK(file.open_dataset("x").read_texts() == std::vector<std::string>{"abcdef", "abcdef", "abcde", "", "new"});
  CHECK(file.open_dataset("x").kind() == Kind::text);
}

TEST_CASE("attributes are texts or numbers, and may be replaced") {
  Scratch const scratch;
  {
    auto file = File::create(scratch.path);
    file.set_attribute("text", std::string("first"));
    file.set_attribute("text", "Größe");
    file.set_attribute("number", std::vector<std::int64_t>{-3});
    auto dataset = file.create<double>("x", {}, 0);
    dataset.set_attribute("reals", std::vector<double>{0.5, 1});
    dataset.set_attribute("bytes", std::vector<std::uint8_t>{1, 2});
    dataset.set_attribute("empty", "");
  }
  auto const file = File::open_read(scratch.path);
  auto const dataset = file.open_dataset("x");
  CHECK(file.text_attribute("text") == "Größe");
  CHECK(file.integer_attribute("number") == -3);
  CHECK(dataset.text_attribute("empty") == "");
  CHECK(dataset.has_attribute("reals"));
  CHECK_FALSE(dataset.has_attribute("text"));
  CHECK(message([&] { file.text_attribute("none") == ""; }).starts_with("HDF5 could not open attribute none: "));
  CHECK(message([&] { file.text_attribute("number"); }) == "attribute number is not a text of variable length");
  CHECK(message([&] { dataset.integer_attribute("bytes"); }) == "attribute bytes is not one number");
}

TEST_CASE("dimensions have the names of their scales") {
  Scratch const scratch;
  {
    auto file = File::create(scratch.path);
    auto group = file.create_group("g");
    auto a = group.create<double>("a", {2}, 0), b = group.create<double>("b", {3}, 0);
    a.make_scale("a");
    b.make_scale("This is a netCDF dimension but not a netCDF variable.         3");
    auto dataset = group.create<double>("x", {2, 3}, 0);
    dataset.attach_scale(0, a);
    dataset.attach_scale(1, b);
    dataset.attach_scale(1, a);
  }
  auto const file = File::open_read(scratch.path);
  auto const x = file.open_dataset("g/x");
  CHECK(x.scales(0) == std::vector<std::string>{"/g/a"});
  CHECK(x.scales(1) == std::vector<std::string>{"/g/b", "/g/a"});
  CHECK(file.open_dataset("g/a").is_scale());
  CHECK_FALSE(x.is_scale());
  CHECK(file.open_dataset("g/a").scale_name() == "a");
  CHECK(file.open_dataset("g/b").scale_name() == "This is a netCDF dimension but not a netCDF variable.         3");
  CHECK(x.scale_name() == "");
}

TEST_CASE("members of a group are found by their paths") {
  Scratch const scratch;
  auto file = File::create(scratch.path);
  auto group = file.create_group("g");
  group.create<double>("b", {1}, 0);
  group.create<double>("a", {1}, 0);
  group.create_group("inner");
  CHECK(file.members() == std::vector<std::string>{"g"});
  CHECK(file.open_group("g").members() == std::vector<std::string>{"a", "b", "inner"});
  CHECK(file.has("g/a"));
  CHECK(file.has("/g/inner"));
  CHECK_FALSE(file.has("h/a"));
  CHECK_FALSE(file.has("g/c"));
  CHECK(file.has_dataset("g/a"));
  CHECK_FALSE(file.has_dataset("g/inner"));
  CHECK_FALSE(file.has_dataset("g/none"));
  CHECK(message([&] { file.open_dataset("g/none"); }) ==
        "HDF5 could not open dataset g/none: object 'none' doesn't exist");
  CHECK(message([&] { file.open_group("none"); }).starts_with("HDF5 could not open group none: "));
  CHECK(message([&] { file.create_group("g"); }).starts_with("HDF5 could not create group g: "));
}

TEST_CASE("what is no file, or no HDF5, is an error with the reason") {
  Scratch const scratch;
  CHECK(message([&] { File::open_read(scratch.path); }).starts_with("HDF5 could not open " + scratch.path + ": "));
  std::ofstream(scratch.path) << "no HDF5";
  CHECK(message([&] { File::open_read(scratch.path); }).find("file signature not found") != std::string::npos);
  CHECK(message([&] { File::open_write(scratch.path); }).starts_with("HDF5 could not open " + scratch.path));
  CHECK(
      message([&] { File::create((scratch.folder / "none" / "x.h5").string()); }).starts_with("HDF5 could not create"));
  // opened for reading, nothing is written
  { File::create(scratch.path).create<double>("x", {1}, 3); }
  double const value = 4;
  CHECK(message([&] {
          File::open_read(scratch.path).open_dataset("x").write(std::span<double const>(&value, 1));
        }).starts_with("HDF5 could not write /x"));
  File::open_write(scratch.path).open_dataset("x").write(std::span<double const>(&value, 1));
  CHECK(File::open_read(scratch.path).open_dataset("x").read<double>() == std::vector<double>{4});
}

TEST_CASE("the place of an array in its file does not change when it is written") {
  Scratch const scratch;
  {
    auto file = File::create(scratch.path);
    file.create<double>("x", {1000}, 1.5);
    file.create_characters("y", 10, 8);
    file.flush();
  }
  auto const size = fs::file_size(scratch.path);
  CHECK(size >= 8080);  // allocated at once
  auto const values = counted<double>(1000);
  {
    auto file = File::open_write(scratch.path);
    file.open_dataset("x").write(std::span<double const>(values));
    file.open_dataset("y").write_text(9, "written");
  }
  CHECK(fs::file_size(scratch.path) == size);
}

TEST_CASE("a handle that is moved closes its object once") {
  Scratch const scratch;
  auto file = File::create(scratch.path);
  auto one = file.create<double>("one", {1}, 1), two = file.create<double>("two", {1}, 2);
  one = std::move(two);
  CHECK(one.read<double>() == std::vector<double>{2});
  Dataset const three(std::move(one));
  CHECK(three.read<double>() == std::vector<double>{2});
}

}  // namespace hypnos::file_test
