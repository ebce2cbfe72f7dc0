#include "hypnos/runtime/lock.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "hypnos/runtime/store_path.hpp"
#include "store_fixture.hpp"

namespace hypnos::lock_test {

using namespace hypnos::fixture;
namespace fs = std::filesystem;

namespace {

// What Slurm tells a process of its job; "" is not told.
class InSlurm {
 public:
  InSlurm(char const* cluster, char const* job, char const* restarts) {
    set("SLURM_CLUSTER_NAME", cluster);
    set("SLURM_JOB_ID", job);
    set("SLURM_RESTART_COUNT", restarts);
  }
  ~InSlurm() {
    for (auto const* name : {"SLURM_CLUSTER_NAME", "SLURM_JOB_ID", "SLURM_RESTART_COUNT"}) ::unsetenv(name);
  }
  InSlurm(InSlurm const&) = delete;

 private:
  static void set(char const* name, char const* value) {
    if (*value) ::setenv(name, value, 1);
    else ::unsetenv(name);
  }
};

std::string content_of(std::string const& path) {
  std::string line;
  std::getline(std::ifstream(path), line);
  return line;
}

}  // namespace

TEST_CASE("a lock keeps a second writer out, unless its owner is dead") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  {
    Lock const lock(path);
    CHECK(message([&] { Lock second(path); }).find("is being written by process " + std::to_string(::getpid())) !=
          std::string::npos);
  }
  CHECK_FALSE(fs::exists(path + ".lock"));
  std::string host(256, '\0');
  ::gethostname(host.data(), host.size());
  // no process has a number beyond the kernel's largest, 2^22
  std::ofstream(path + ".lock") << host.c_str() << " 99999999 1\n";
  CHECK(message([&] { Lock second(path); }) == "accepted");
  // this process, but begun at another time: its number was given away again
  std::ofstream(path + ".lock") << host.c_str() << ' ' << ::getpid() << " 12\n";
  CHECK(message([&] { Lock second(path); }) == "accepted");
  // nothing in it: just made, or left so by a loss of power
  std::ofstream(path + ".lock") << "";
  CHECK(message([&] { Lock second(path); }).find("at this moment") != std::string::npos);
  fs::last_write_time(path + ".lock", fs::file_time_type::clock::now() - std::chrono::seconds(15));
  CHECK(message([&] { Lock second(path); }) == "accepted");
  std::ofstream(path + ".lock") << "elsewhere 1 1\n";
  CHECK(message([&] { Lock second(path); }).find("on elsewhere") != std::string::npos);
  fs::last_write_time(path + ".lock", fs::file_time_type::clock::now() - std::chrono::minutes(6));
  CHECK(message([&] { Lock second(path); }) == "accepted");
  // without /proc there is no start time, and only the age of the lock is known
  std::ofstream(path + ".lock") << host.c_str() << " 99999999 0\n";
  CHECK(message([&] { Lock second(path); }).find("is being written by process 99999999") != std::string::npos);
  fs::last_write_time(path + ".lock", fs::file_time_type::clock::now() - std::chrono::minutes(6));
  CHECK(message([&] { Lock second(path); }) == "accepted");
  for (auto const& entry : fs::directory_iterator(folder.path)) CHECK(entry.path().filename() == "nothing is left");
}

TEST_CASE("a job that Slurm starts again on another node takes over the lock of its earlier start at once") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  std::string of_job;  // as an earlier start wrote it, but on another node
  {
    InSlurm const first("c", "77", "");
    Lock const lock(path);
    auto const line = content_of(path + ".lock");
    of_job = "elsewhere" + line.substr(line.find(' '));
    CHECK(of_job.ends_with(" c/77 0"));
  }
  auto const tried = [&](char const* cluster, char const* job, char const* restarts) {
    std::ofstream(path + ".lock") << of_job << '\n';
    InSlurm const now(cluster, job, restarts);
    return message([&] { Lock second(path); });
  };
  CHECK(tried("c", "77", "1") == "accepted");
  CHECK(tried("c", "77", "12") == "accepted");
  // steps of one allocation run side by side
  CHECK(tried("c", "77", "").find("on elsewhere (Slurm job 77); wait for it") != std::string::npos);
  CHECK(tried("c", "77", "0").find("on elsewhere") != std::string::npos);
  // other jobs, tasks of an array among them, jobs of another cluster, and processes outside of Slurm
  CHECK(tried("c", "78", "1").find("on elsewhere") != std::string::npos);
  CHECK(tried("d", "77", "1").find("on elsewhere") != std::string::npos);
  CHECK(tried("c", "", "").find("on elsewhere") != std::string::npos);
  // nor does what is left of an earlier start take it from a later one
  of_job.back() = '2';
  CHECK(tried("c", "77", "1").find("on elsewhere") != std::string::npos);
}

TEST_CASE("here, where processes can be asked, a start of a job again waits for the earlier one while it lives") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  InSlurm const first("c", "77", "");
  Lock const lock(path);
  InSlurm const again("c", "77", "1");
  CHECK(message([&] { Lock second(path); }).find("(Slurm job 77)") != std::string::npos);
}

TEST_CASE("who lost its lock leaves that of its successor") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  {
    Lock const lock(path);
    std::ofstream(path + ".lock") << "elsewhere 1 1\n";
  }
  CHECK(content_of(path + ".lock") == "elsewhere 1 1");
}

TEST_CASE("a lock is refreshed as long as it is held, but never that of a successor") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  auto const lock_file = path + ".lock";
  auto const an_hour_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
  // true once the time of the file is no longer that of an hour ago
  auto const refreshed = [&](std::chrono::milliseconds patience) {
    auto const end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end) {
      if (fs::last_write_time(lock_file) > an_hour_ago + std::chrono::minutes(30)) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  };
  Lock const lock(path, std::chrono::milliseconds(10));
  for (int k = 0; k < 3; ++k) {
    fs::last_write_time(lock_file, an_hour_ago);
    CHECK(refreshed(std::chrono::seconds(20)));  // some hundred times what it takes on a busy machine
  }
  std::ofstream(lock_file) << "elsewhere 1 1\n";
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // a refresh that had begun before
  fs::last_write_time(lock_file, an_hour_ago);
  CHECK_FALSE(refreshed(std::chrono::milliseconds(100)));
}

TEST_CASE("all names of a store lead to one lock") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  std::ofstream(path) << "a store";
  fs::create_directory(folder.file("sub"));
  fs::create_symlink("x.h5", folder.file("link.h5"));
  fs::create_symlink("../link.h5", folder.file("sub/chain.h5"));
  fs::create_symlink(path, folder.file("sub/absolute.h5"));
  fs::create_symlink("sub", folder.file("folder"));
  for (auto const* name : {"link.h5", "sub/chain.h5", "sub/absolute.h5", "folder/chain.h5"})
    CHECK(fs::weakly_canonical(store_path(folder.file(name)) + ".lock") == fs::weakly_canonical(path + ".lock"));
  CHECK(store_path(path) == path);
  CHECK(store_path("x.h5") == "x.h5");
  {
    Lock const lock(path);
    CHECK(message([&] { Lock second(store_path(folder.file("sub/chain.h5"))); }).find("is being written by process") !=
          std::string::npos);
  }
  // a hard link has another name beside it, and no way leads from one to the other
  fs::create_hard_link(path, folder.file("sub/hard.h5"));
  for (auto const& name : {path, folder.file("sub/hard.h5")})
    CHECK(message([&] { Lock lock(name); }).starts_with(name + " has 2 names (hard links)"));
  fs::remove(folder.file("sub/hard.h5"));
  CHECK(message([&] { Lock lock(path); }) == "accepted");
}

TEST_CASE("a link whose target does not exist stands for that target, and a loop for nothing") {
  Folder const folder;
  fs::create_symlink("away/x.h5", folder.file("x.h5"));
  CHECK(store_path(folder.file("x.h5")) == folder.file("away/x.h5"));
  fs::create_symlink("b.h5", folder.file("a.h5"));
  fs::create_symlink("a.h5", folder.file("b.h5"));
  CHECK(message([&] { store_path(folder.file("a.h5")); }) ==
        "cannot use " + folder.file("a.h5") +
            " as a store: Too many levels of symbolic links; choose another place with -o FILE");
  std::ofstream(folder.file("file")) << "no folder";
  CHECK(message([&] { store_path(folder.file("file/x.h5")); }).find(": Not a directory; ") != std::string::npos);
  CHECK(message([&] { store_path(folder.file(std::string(300, 'n'))); }).find(": File name too long; ") !=
        std::string::npos);
}

TEST_CASE("only a regular file with a name of moderate length is locked") {
  Folder const folder;
  auto const fifo = folder.file("fifo.h5");
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  auto const refused = " is not a regular file, but a store (HDF5 file) was expected";
  CHECK(message([&] { Lock lock(fifo); }) == fifo + refused);
  CHECK(message([&] { require_readable_file(fifo); }) == fifo + refused);
  CHECK(message([] { Lock lock("/dev/null"); }) == std::string("/dev/null") + refused);
  auto const long_name = folder.file(std::string(198, 'n') + ".h5");
  CHECK(message([&] { Lock lock(long_name); }).find("has 201 bytes, but at most 200 leave room") != std::string::npos);
  CHECK(message([&] { Lock lock(folder.file(std::string(197, 'n') + ".h5")); }) == "accepted");
  // a FIFO at the place of the lock would block its reader
  REQUIRE(::mkfifo(folder.file("x.h5.lock").c_str(), 0600) == 0);
  CHECK(message([&] { Lock lock(folder.file("x.h5")); }).find("is being locked") != std::string::npos);
}

}  // namespace hypnos::lock_test
