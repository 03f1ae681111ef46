// Input that is made to hurt, and files that are not what they seem. Nothing may crash, hang or be
// passed over in silence.

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <catch2/catch.hpp>

#include "scenarios/byte_source.h"
#include "scenarios/source_text.h"
#include "tests/scenarios/told.h"

using namespace meshproof;

namespace {

using Lines = std::vector<std::string>;

std::string ns(const std::string& name) {
  return "{apiVersion: v1, kind: Namespace, metadata: {name: " + name + "}}\n";
}

Lines told_by(const TemporaryFolder& folder) {
  return reading_of({folder.path()}, folder.path() + "/").told;
}

/// A text of an object around something nested so deeply.
std::string nested(std::size_t depth, const std::string& open, const std::string& close) {
  std::string text = R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"a"},)"
                     R"("spec":)";
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += "1";
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text + "}";
}

}  // namespace

TEST_CASE("an alias bomb in an object is refused, and the files beside it are read") {
  std::string bomb = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\na0: &a0 [x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 20; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += 'a' + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 1; k < 8; ++k) bomb += "," + before;
    bomb += "]\n";
  }
  const TemporaryFolder folder;
  (void)folder.write("bomb.yaml", bomb);
  (void)folder.write("ns.yaml", ns("a"));
  const InputReading reading = reading_of({folder.path()}, folder.path() + "/");
  REQUIRE(reading.told.size() == 1);
  CHECK(reading.told.front().find("error[alias-bomb]: the aliases of this file unfold to more "
                                  "than 64 MB") != std::string::npos);
  CHECK(reading.input.objects.size() == 1);
}

TEST_CASE("deep nesting is refused in JSON and YAML") {
  for (const auto& [open, close] : {std::pair{"[", "]"}, std::pair{"{\"a\":", "}"}}) {
    const Lines told = reading_of(nested(100000, open, close)).told;
    REQUIRE(told.size() == 1);
    CHECK(told.front().find("error[too-deep]: nested deeper than 256 levels") != std::string::npos);
    CHECK(reading_of(nested(200, open, close)).told.empty());
  }
  std::string block;
  for (std::size_t i = 0; i < 400; ++i) block += std::string(i, ' ') + "a:\n";
  CHECK(reading_of(block).told.at(0).find("error[too-deep]") != std::string::npos);
}

TEST_CASE("a huge object in one line is read") {
  std::string text = R"({"apiVersion":"v1","kind":"PodList","metadata":{},"items":[)";
  constexpr int kPods = 20000;
  for (int i = 0; i < kPods; ++i) {
    text += (i == 0 ? R"({"metadata":{"namespace":"a","name":"p)"
                    : R"(,{"metadata":{"namespace":"a","name":"p)") +
            std::to_string(i) + "\"}}";
  }
  const InputReading reading = reading_of(text + "]}");
  CHECK(reading.told.empty());
  CHECK(reading.input.objects.size() == kPods);
  const Lines broken = reading_of(text).told;
  REQUIRE(broken.size() == 1);
  CHECK(broken.front().find("error[json-syntax]") != std::string::npos);
}

TEST_CASE("FIFOs, sockets and devices in a directory are refused, never opened") {
  const TemporaryFolder folder;
  REQUIRE(::mkfifo((folder.path() + "/pipe.yaml").c_str(), 0600) == 0);
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = folder.path() + "/socket.json";
  REQUIRE(path.size() < sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  std::filesystem::create_symlink("/dev/zero", folder.path() + "/zero.yaml");
  CHECK(told_by(folder) ==
        Lines{"pipe.yaml: error[not-a-file]: a FIFO inside of a directory is not read",
              "zero.yaml: error[not-a-file]: a device inside of a directory is not read",
              "socket.json: error[not-a-file]: a socket inside of a directory is not read"});
  CHECK(reading_of({path}, folder.path() + "/").told ==
        Lines{"socket.json: error[not-a-file]: a socket is not read"});
  ::close(listener);
}

TEST_CASE("a FIFO that is named is read to its end, in whatever pieces it comes") {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/pipe";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  std::thread writer{[&] {
    std::ofstream pipe{path};
    for (const char c : ns("a") + "---\n" + ns("b")) pipe << c << std::flush;
  }};
  const InputReading reading = reading_of({path}, folder.path() + "/");
  writer.join();
  CHECK(reading.told.empty());
  CHECK(reading.input.objects.size() == 2);
}

TEST_CASE("links that lead to themselves, and to nowhere") {
  const TemporaryFolder folder;
  (void)folder.write("a.yaml", ns("a"));
  std::filesystem::create_symlink("self.yaml", folder.path() + "/self.yaml");
  std::filesystem::create_symlink("self", folder.path() + "/self");
  std::filesystem::create_symlink("nowhere", folder.path() + "/gone.yaml");
  std::filesystem::create_symlink("nowhere", folder.path() + "/gone");
  std::filesystem::create_directory_symlink("..", folder.path() + "/up.yaml");
  const TemporaryFolder other;
  std::filesystem::create_directory_symlink(folder.path(), other.path() + "/there");
  std::filesystem::remove(folder.path() + "/up.yaml");
  std::filesystem::create_directory_symlink(other.path(), folder.path() + "/back");
  CHECK(told_by(folder) ==
        Lines{"gone.yaml: error[cannot-read]: cannot be read: No such file or directory",
              "self.yaml: error[cannot-read]: cannot be read: Too many levels of symbolic links"});
}

TEST_CASE("one file by several paths is read once") {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.yaml", "---\n" + ns("a"));
  std::filesystem::create_symlink("a.yaml", folder.path() + "/b.yaml");
  std::filesystem::create_hard_link(path, folder.path() + "/c.yaml");
  const InputReading reading =
      reading_of({path, folder.path() + "/./a.yaml", folder.path() + "/b.yaml", folder.path()}, "");
  CHECK(reading.told.empty());
  CHECK(reading.input.coverage.files == 1);
}

TEST_CASE("a directory that is named like a file is walked") {
  const TemporaryFolder folder;
  (void)folder.write("dir.yaml/a.yaml", ns("a"));
  CHECK(reading_of({folder.path() + "/dir.yaml"}, "").input.objects.size() == 1);
  CHECK(reading_of({folder.path()}, "").input.objects.size() == 1);
}

TEST_CASE("a directory without manifests is no empty cluster") {
  const TemporaryFolder folder;
  (void)folder.write("sub/notes.txt", "x");
  CHECK(reading_of({folder.path()}, folder.path()).told ==
        Lines{": error[no-manifests]: there is no .yaml, .yml or .json file below this directory"});
}

TEST_CASE("a directory whose manifests were read already is not empty") {
  const TemporaryFolder folder;
  (void)folder.write("sub/a.yaml", ns("a"));
  const std::string sub = folder.path() + "/sub";
  CHECK(reading_of({sub, folder.path()}, "").told.empty());
  CHECK(reading_of({sub + "/a.yaml", sub}, "").told.empty());
  const TemporaryFolder empty;
  std::filesystem::create_directory_symlink(".", empty.path() + "/self");
  CHECK(reading_of({empty.path()}, empty.path()).told.size() == 1);
}

TEST_CASE("empty files, and files of only NULs or blanks") {
  CHECK(reading_of("").told == Lines{"a.yaml: note[no-objects]: there is no object in this file"});
  CHECK(reading_of(" \n\t\n").told.size() == 1);
  CHECK(reading_of(std::string(1, '\0')).told ==
        Lines{"a.yaml:1:1: error[control-character]: the control character 0x00 does not belong in "
              "a manifest"});
  CHECK(reading_of(std::string(100000, '\0')).told.size() == 1);
}

TEST_CASE("names with line ends and escape sequences are files like others") {
  const TemporaryFolder folder;
  (void)folder.write("a\nb.yaml", ns("a"));
  (void)folder.write("\x1b[31mred.yaml", "a: [\n");
  const Lines told = told_by(folder);
  REQUIRE(told.size() == 1);
  CHECK(told.front() == "\x1b[31mred.yaml:2:1: error[yaml-syntax]: this [ is never closed");
}

TEST_CASE("a file that cannot be read is told with the system's reason") {
  // InputReading address 0 of a process fails for everybody, root included.
  CHECK(reading_of({"/proc/self/mem"}, "").told ==
        Lines{"/proc/self/mem: error[cannot-read]: cannot be read: Input/output error"});
}

TEST_CASE("a path too long for the system is told, not passed over") {
  const TemporaryFolder folder;
  (void)folder.write("a.yaml", ns("a"));
  const std::string name(200, 'd');
  const std::filesystem::path start = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  for (int i = 0; i < 25; ++i) {
    REQUIRE(::mkdir(name.c_str(), 0700) == 0);
    REQUIRE(::chdir(name.c_str()) == 0);
  }
  std::filesystem::current_path(start);
  const Lines told = told_by(folder);
  REQUIRE(told.size() == 1);
  CHECK(told.front().ends_with("error[cannot-read]: cannot be read: File name too long"));
}

TEST_CASE("a file that is shorter or longer than its size said is read as it is") {
  // The kernel says 0 bytes of one and a page of the other.
  const auto text_of = [](const char* path) {
    Sources sources;
    Diagnostics found;
    const auto text = load_file({path, false}, sources, found);
    return text ? *text->text : std::string{};
  };
  CHECK(std::filesystem::file_size("/proc/version") == 0);
  CHECK(text_of("/proc/version").starts_with("Linux"));

  std::string text = "ab";
  std::string failure;
  const ByteSource short_source = [left = 3](std::span<char> to, std::string&) mutable {
    if (left == 0 || to.empty()) return std::size_t{0};
    --left;
    to[0] = 'x';
    return std::size_t{1};
  };
  read_bytes(short_source, 100, text, failure);
  CHECK(text == "abxxx");
  CHECK(failure.empty());
}
