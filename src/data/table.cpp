#include "table.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"

namespace hypnos {

using namespace std::string_view_literals;

namespace {

void require_file(std::string const& path) {
  namespace fs = std::filesystem;
  if (path.empty()) throw BadInput("no data file is named; give its path");
  std::error_code error;
  auto const status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found)
    throw BadInput(
        path + ": there is no such file; " +
        (fs::path(path).is_absolute() ? "check the path" : "the path starts at " + fs::current_path().string()));
  if (fs::is_directory(status)) throw BadInput(path + ": is a folder, but a data file was expected");
  if (fs::exists(status) && !fs::is_regular_file(status))
    throw BadInput(path + ": is not a regular file, and only these can be read");
  if (error || !std::ifstream(path)) throw BadInput(path + ": cannot be opened; check its permissions");
  if (fs::file_size(path) == 0) throw BadInput(path + ": is empty, but numbers were expected");
}

std::string first_bytes(std::string const& path, std::size_t count) {
  std::string bytes(count, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

// The signature of HDF5 is at byte 0, 512, 1024, ...; other programs may write a header before it (MATLAB does).
bool has_hdf5_signature(std::string_view head) {
  for (std::size_t offset = 0; offset < head.size(); offset = offset == 0 ? 512 : 2 * offset)
    if (head.substr(offset).starts_with("\x89HDF\r\n\x1a\n"sv)) return true;
  return false;
}

bool is_text(std::string_view head) {
  return std::ranges::none_of(head, [](unsigned char c) { return c == 0x7f || (c < ' ' && (c < '\t' || c > '\r')); });
}

}  // namespace

std::string Table::place(std::int64_t row, std::int64_t column) {
  return "row " + std::to_string(row) + ", column " + std::to_string(column) + " (counted from 0)";
}

void Table::fail(std::string const& finding) const { throw BadInput(source_ + ": " + finding); }

std::string shape_text(Table const& table) {
  if (table.shape().empty()) return "one number";
  std::vector<std::string> extents;
  for (auto const extent : table.shape()) extents.push_back(std::to_string(extent));
  return (extents.size() == 1 ? "length " : "shape ") + joined(extents, " x ");
}

std::unique_ptr<Table> open_table(std::string const& path, std::string const& dataset) {
  require_file(path);
  auto const head = first_bytes(path, 8192);
  auto const extension = std::filesystem::path(path).extension();
  if (has_hdf5_signature(head)) return open_hdf5_table(path, dataset);
  if (head.starts_with("\x93NUMPY"sv)) return open_npy_table(path);
  if (head.starts_with("MATLAB 7.3"sv)) throw BadInput(path + ": is a damaged MAT file: its HDF5 part is missing");
  if (head.starts_with("MATLAB"sv) || extension == ".mat")
    throw BadInput(path + ": is a MAT file older than v7.3; save it again in MATLAB with save(file, name, '-v7.3')");
  if (extension == ".h5" || extension == ".hdf5")
    throw BadInput(path + ": is not HDF5 although its name ends like one; it may be damaged or an incomplete download");
  if (extension == ".npy")
    throw BadInput(path + ": is not an .npy file although its name ends like one; write it with numpy.save");
  if (head.starts_with("PK\3\4"sv))
    throw BadInput(path + ": is a zip or .npz archive; write one array with numpy.save");
  if (head.starts_with("\x1f\x8b"sv)) throw BadInput(path + ": is compressed; unpack it with gunzip");
  if (!is_text(head)) throw BadInput(path + ": is neither HDF5, MAT v7.3, .npy nor text");
  return open_text_table(path);
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 24;
  std::string shown = "'";
  for (char const c : text.substr(0, longest)) shown += c >= ' ' && c <= '~' ? std::string(1, c) : escaped(c);
  return shown + (text.size() > longest ? "...'" : "'");
}

}  // namespace hypnos
