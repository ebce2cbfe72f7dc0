#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

#include "files.hpp"
#include "hypnos/data/read.hpp"

namespace hypnos::npy_format_test {

namespace {

template <class T>
std::string bytes(T value, char byte_order) {
  std::string text(sizeof(T), '\0');
  std::memcpy(text.data(), &value, sizeof(T));
  if (byte_order == '>') std::ranges::reverse(text);  // tests run on little-endian machines
  return text;
}

template <class T>
std::string numbers(char byte_order, bool fortran_order, int silence) {
  std::string text;
  auto const put = [&](std::size_t t, std::size_t i) {
    text += bytes(static_cast<T>(example[t][i] == 1 ? 1 : silence), byte_order);
  };
  if (fortran_order) {
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t t = 0; t < 5; ++t) put(t, i);
  } else {
    for (std::size_t t = 0; t < 5; ++t)
      for (std::size_t i = 0; i < 3; ++i) put(t, i);
  }
  return text;
}

std::string as_version(char version, std::string file) {
  file[6] = version;
  if (version > 1) file.insert(10, 2, '\0');  // the length of the header has four bytes
  return file;
}

}  // namespace

TEST_CASE_TEMPLATE("npy rasters may be of any type of number, byte order and order of storage", T, std::uint8_t,
                   std::int8_t, std::uint16_t, std::int16_t, std::uint32_t, std::int32_t, std::uint64_t, std::int64_t,
                   float, double) {
  Folder const folder;
  char const letter = std::is_floating_point_v<T> ? 'f' : std::is_signed_v<T> ? 'i' : 'u';
  for (char const byte_order : {'<', '>', '='})
    for (bool const fortran_order : {false, true})
      for (int const silence : {0, std::is_signed_v<T> ? -1 : 0})
        for (char const version : {1, 2, 3}) {
          auto const type = std::string{byte_order, letter} + std::to_string(sizeof(T));
          CAPTURE(type);
          auto const file = npy(type, fortran_order, "(5, 3)", numbers<T>(byte_order, fortran_order, silence));
          CHECK(spins(read_raster(folder.write("raster.npy", as_version(version, file)), "")) == as_spins(example));
        }
}

TEST_CASE("npy rasters may be boolean and have any name") {
  Folder const folder;
  auto const file = npy("|b1", false, "(5, 3)", numbers<std::uint8_t>('<', false, 0));
  CHECK(spins(read_raster(folder.write("raster", file), "ignored")) == as_spins(example));
}

TEST_CASE("an npy raster of many slabs is the same in both orders of storage") {
  Folder const folder;
  constexpr int T = 70001, N = 9;  // 630,009 numbers, more than two slabs, the last one not full
  std::string c(T * N, '\0'), f(T * N, '\0');
  for (std::size_t t = 0; t < T; ++t)
    for (std::size_t i = 0; i < N; ++i) c[t * N + i] = f[i * T + t] = static_cast<char>((t * t + 3 * i) % 11 == 0);
  auto const by_rows = read_raster(folder.write("c.npy", npy("|u1", false, "(70001, 9)", c)), "");
  auto const by_columns = read_raster(folder.write("f.npy", npy("|u1", true, "(70001, 9)", f)), "");
  for (int t = 0; t < T; ++t)
    for (int i = 0; i < N; ++i) {
      int const spin = c[static_cast<std::size_t>(t * N + i)] ? 1 : -1;
      REQUIRE(by_rows.spin(t, i) == spin);
      REQUIRE(by_columns.spin(t, i) == spin);
    }
}

TEST_CASE("what cannot be a raster in an npy file is refused with the reason") {
  Folder const folder;
  auto const path = folder.path("raster.npy");
  auto const message = [&](std::string const& file) {
    folder.write("raster.npy", file);
    return message_of([&] { read_raster(path, ""); });
  };
  std::string const zeros(15, '\0');
  CHECK(message(npy("|O", false, "(5, 3)", zeros)) ==
        path +
            ": holds values of type '|O', but booleans, integers or reals were expected; convert it with "
            ".astype('int8')");
  CHECK(message(npy("<c16", false, "(5, 3)", zeros)).starts_with(path + ": holds values of type '<c16'"));
  CHECK(message(npy("<U1", false, "(5, 3)", zeros)).starts_with(path + ": holds values of type '<U1'"));
  CHECK(message(npy("", false, "(5, 3)", zeros)).starts_with(path + ": holds values of type ''"));
  auto structured = npy("@@@@@@@@@@@@@@", false, "(5,)", zeros);
  structured.replace(structured.find("'@"), 16, "[('x', '|u1'), ]");
  CHECK(message(structured) == path + ": holds records with named fields; save one plain array of numbers");
  CHECK(message(npy("|u1", false, "(15,)", zeros)) ==
        path + ": has length 15, but a raster has two dimensions, samples x neurons");
  CHECK(message(npy("|u1", false, "(5, 3, 1)", zeros)) ==
        path + ": has shape 5 x 3 x 1, but a raster has two dimensions, samples x neurons");
  CHECK(message(npy("|u1", false, "()", "1")) ==
        path + ": has one number, but a raster has two dimensions, samples x neurons");
  CHECK(message(npy("|u1", false, "(0, 3)", "")) ==
        path + ": is empty (shape 0 x 3), but a raster needs samples and neurons");
  CHECK(message(npy("|u1", false, "(5, 0)", "")).starts_with(path + ": is empty (shape 5 x 0)"));
  CHECK(message(npy("|u1", false, "(5, 3)", zeros.substr(1))) ==
        path + ": is 142 bytes long, but its header describes 143; the file is truncated or damaged");
  CHECK(message(npy("|u1", false, "(5, 3)", zeros + '\0')) ==
        path + ": is 144 bytes long, but its header describes 143; write one array to a file with numpy.save");
  CHECK(message(npy("|u1", false, "(4611686018427387904, 4)", zeros)) ==
        path +
            ": is 143 bytes long, but its header describes more than any file holds; the file is truncated or damaged");
  for (std::string const shape : {"(1099511627776, 1099511627776)", "(4611686018427387904, 4, 3)"})
    CHECK(message(npy("|u1", false, shape, zeros)).find("describes more than any file holds") != std::string::npos);
  for (std::string const shape :
       {"(-5, 3)", "(5, x)", "(5x, 3)", "(5,, 3)", "5, 3", "(5, 3", "(99999999999999999999, 1)"})
    CHECK(message(npy("|u1", false, shape, zeros)) ==
          path + ": its header cannot be understood, the file is damaged; write it again with numpy.save");
  CHECK(message(as_version(9, npy("|u1", false, "(5, 3)", zeros))) ==
        path + ": is of .npy version 9, but 1 to 3 are known; write it again with numpy.save");
  CHECK(message("\x93NUMPY") == path + ": is truncated or damaged: it ends within its header");
  CHECK(message("1 0 0\n") == path + ": is not an .npy file although its name ends like one; write it with numpy.save");
  CHECK(message(std::string("PK\3\4", 4)) ==
        path + ": is not an .npy file although its name ends like one; write it with numpy.save");

  auto nan = std::string(15 * 8, '\0');
  nan.replace(8 * 7, 8, "\0\0\0\0\0\0\xf8\x7f", 8);
  CHECK(message(npy("<f8", false, "(5, 3)", nan)) ==
        path +
            ": the value at row 2, column 1 (counted from 0) is nan, but spins are 0 and 1 or -1 and 1; convert the "
            "values first");
  nan[8 * 7 + 6] = '\xf0';
  CHECK(message(npy("<f8", false, "(5, 3)", nan))
            .starts_with(path + ": the value at row 2, column 1 (counted from 0) is inf"));
}

}  // namespace hypnos::npy_format_test
