#pragma once

#include <string>

namespace hypnos {

/// The file that the user's name of a store stands for: symbolic links are followed, also to a file that does not exist
/// yet. So every such name leads to the same lock, and what is written beside a store stands beside the file itself.
/// Throws BadInput for links that form a loop and for names that the system does not accept.
std::string store_path(std::string const& name);

/// Throws BadInput unless `path` is a regular file that may be read. A FIFO would block the reader without end.
void require_readable_file(std::string const& path);

/// For a job that is going to write the store at `path` (of `store_path`), which may not exist yet. Throws BadInput if
/// it exists and is not a regular file, may not be written, or has another name (a hard link), by which a second job
/// could write to it at the same time; and if its name leaves no room for those of the files beside it.
void require_writable_store(std::string const& path);

}  // namespace hypnos
