#include "scenarios/archive.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "scenarios/source_text.h"
#include "tests/scenarios/packed.h"
#include "tests/scenarios/told.h"

using namespace meshproof;

namespace {

using Lines = std::vector<std::string>;

std::string ns(const std::string& name) {
  return "{apiVersion: v1, kind: Namespace, metadata: {name: " + name + "}}\n";
}

/// Reads a file of these bytes.
InputReading read_bytes_as(const std::string& name, const std::string& bytes) {
  const TemporaryFolder folder;
  return reading_of({folder.write(name, bytes)}, folder.path() + "/");
}

ByteSource source_of(const std::string& bytes) {
  return bytes_after(bytes, [](std::span<char>, std::string&) { return std::size_t{0}; });
}

Archive read_everything(const std::string& tar, const UnpackLimits& limits = {}) {
  return read_tar(
      source_of(tar), [](std::string_view) { return true; }, limits);
}

std::vector<std::string> paths_of(const Archive& archive) {
  std::vector<std::string> paths;
  for (const ArchiveMember& member : archive.members) paths.push_back(member.path);
  return paths;
}

}  // namespace

TEST_CASE("a packed file is what is in it, whatever its name") {
  const std::string tar = tar_of({{"./repo/b.yaml", ns("b")},
                                  {"repo/a.yml", ns("a")},
                                  {"repo/c.json", R"({"apiVersion": "v1", "kind": "Namespace",
                                                      "metadata": {"name": "c"}})"},
                                  {"repo/notes.txt", "no manifest"}});
  const auto bytes = GENERATE_COPY(values<std::string>({
      tar,
      gzip_of(tar),
      zip_of({{"a.yaml", ns("a")}, {"d/b.yaml", ns("b")}, {"c.yaml", ns("c")}}),
      gzip_of(ns("a") + "---\n" + ns("b") + "---\n" + ns("c")),
      // Several members in a row, with the padding that some tapes add.
      gzip_of(ns("a") + "---\n" + ns("b")) + gzip_of("---\n" + ns("c")) + std::string(1000, '\0'),
  }));
  const InputReading reading = read_bytes_as("dump", bytes);
  CHECK(reading.told.empty());
  CHECK(reading.input.objects.size() == 3);
}

TEST_CASE("places in an archive name the archive and the path in it") {
  const InputReading reading =
      read_bytes_as("dump.tgz", gzip_of(tar_of({{"x/a.yaml", "a: [\n"}, {"x/b.yaml", ns("b")}})));
  CHECK(reading.told == Lines{"dump.tgz!x/a.yaml:2:1: error[yaml-syntax]: this [ is never closed"});
  CHECK(reading.input.objects.size() == 1);
  CHECK(read_bytes_as("dump.yaml.gz", gzip_of("a: [\n")).told ==
        Lines{"dump.yaml.gz:2:1: error[yaml-syntax]: this [ is never closed"});
}

TEST_CASE("nothing of a damaged archive is used") {
  const std::string tar = tar_of({{"a.yaml", ns("a")}, {"b.yaml", ns("b")}});
  const std::string gz = gzip_of(tar);
  const std::string zip = zip_of({{"a.yaml", std::string(5000, ' ') + ns("a")}});
  std::string wrong_sum = gz;
  wrong_sum[gz.size() - 8] ^= 1;
  std::string wrong_zip = zip;
  wrong_zip[60] ^= 1;
  struct Row {
    std::string bytes;
    std::string reason;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {gz.substr(0, gz.size() / 2), "cut off before its end"},
      {gz.substr(0, gz.size() - 8), "cut off before its end"},
      {gz.substr(0, 5), "cut off before its end"},
      {wrong_sum, "damaged: incorrect data check"},
      {gz + "more", "damaged: incorrect header check"},
      {gzip_of(tar.substr(0, 600)), "truncated input file (needed 457 bytes, only 33 available)"},
      // Between two members: only the mark of the end is missing.
      {tar.substr(0, 1024), "cut off before its end"},
      {tar.substr(0, 600), "truncated input file (needed 457 bytes, only 33 available)"},
      {zip.substr(0, 60), "ZIP decompression failed (-5)"},
      {wrong_zip, "ZIP decompression failed (-3)"},
  }));
  CAPTURE(row.reason);
  const InputReading reading = read_bytes_as("dump", row.bytes);
  CHECK(reading.told == Lines{"dump: error[cannot-unpack]: cannot be unpacked: " + row.reason});
  CHECK(reading.input.objects.size() == 0);
}

TEST_CASE("a small file cannot unpack to a flood") {
  CHECK(read_bytes_as("bomb", gzip_of(std::string(std::size_t{65} << 20, ' '))).told ==
        Lines{"bomb: error[cannot-unpack]: cannot be unpacked: it unpacks to more than 500 times "
              "its size, as no real dump does"});

  constexpr std::size_t kMegabyte = std::size_t{1} << 20;
  const std::string blanks(2 * kMegabyte, ' ');
  const TemporaryFolder folder;
  const auto refusal = [&](const std::string& bytes, const UnpackLimits& limits) {
    Sources sources;
    Diagnostics found;
    CHECK(load_files({folder.write("x", bytes), false}, sources, found, limits).empty());
    REQUIRE(found.size() == 1);
    return found.front().message;
  };
  const UnpackLimits dense{.ratio = 20, .ratio_from = kMegabyte};
  const std::string too_dense =
      "cannot be unpacked: it unpacks to more than 20 times its size, as no real dump does";
  CHECK(refusal(gzip_of(blanks), dense) == too_dense);
  CHECK(refusal(gzip_of(tar_of({{"a.txt", blanks}})), dense) == too_dense);
  CHECK(refusal(zip_of({{"a.yaml", blanks}}), dense) == too_dense);
  CHECK(refusal(tar_of({{"a.yaml", blanks}}), {.kept = kMegabyte}) ==
        "cannot be unpacked: more than 1 MB of manifests are in it");
  CHECK(refusal(gzip_of(tar_of({{"a.txt", blanks}})), {.passed = kMegabyte}) ==
        "cannot be unpacked: more than 1 MB are in it");
}

TEST_CASE("packed files inside of packed files are not opened") {
  const std::string inner = gzip_of(ns("a"));
  CHECK(read_bytes_as("x.gz", gzip_of(inner)).told ==
        Lines{"x.gz: error[cannot-unpack]: cannot be unpacked: it holds another packed file: "
              "unpack it first, with gunzip"});
  CHECK(read_bytes_as("x.tar", tar_of({{"a.yaml", ns("a")}, {"b.yaml", inner}})).told ==
        Lines{"x.tar!b.yaml: error[archive]: this is a gzip file: unpack it first, gunzip "
              "'x.tar!b.yaml', and give what comes out"});
  const InputReading reading = read_bytes_as(
      "x.tar", tar_of({{"a.yaml", ns("a")}, {"old.tgz", inner}, {"c/kube.log.gz", inner}}));
  CHECK(reading.told == Lines{"old.tgz: note[packed-file-inside]: a packed file inside of a "
                              "directory or archive is not read: give it by itself"});
  CHECK(reading.input.objects.size() == 1);
}

TEST_CASE("other packed files are refused with the command that unpacks them") {
  using namespace std::string_literals;
  struct Row {
    std::string magic;
    std::string advice;
  };
  const auto row = GENERATE(values<Row>({
      {"\xfd"s + "7zXZ\0"s, "an xz file: unpack it first, xz -d dump"},
      {"\x28\xb5\x2f\xfd\x04"s, "a zstd file: unpack it first, zstd -d dump"},
      {"\x04\x22\x4d\x18"s, "an lz4 file: unpack it first, lz4 -d dump"},
      {"BZh91AY&SY\x01"s, "a bzip2 file: unpack it first, bunzip2 dump"},
      {"7z\xbc\xaf\x27\x1c"s, "a 7z file: unpack it first, 7z x dump -oDIR"},
      {"Rar!\x1a\x07"s, "a rar file: unpack it first, unrar x dump DIR/"},
      {"\x1f\x9d\x90"s, "a compress file: unpack it first, uncompress dump"},
  }));
  CHECK(read_bytes_as("dump", row.magic + "rest").told ==
        Lines{"dump: error[archive]: this is " + row.advice + ", and give what comes out"});
  // Text is not taken for one.
  CHECK(read_bytes_as("dump", "BZh: a word\n").told.at(0).find("not-an-object") !=
        std::string::npos);
}

TEST_CASE("a name goes into such a command as one word of the shell") {
  CHECK(read_bytes_as("a; b.xz", std::string{"\xfd\x37zXZ\0", 6}).told ==
        Lines{"a; b.xz: error[archive]: this is an xz file: unpack it first, xz -d 'a; b.xz', and "
              "give what comes out"});
}

TEST_CASE("links in an archive lead to its members or are told") {
  const std::vector<PackedFile> files{
      {"x/a.yaml", ns("a")}, {"x/y/same.yaml", {}, "../a.yaml"}, {"x/data", {}, "y"}};
  const InputReading reading = read_bytes_as("x.tar", tar_of(files));
  CHECK(reading.told.empty());
  CHECK(reading.input.objects.size() == 1);
  CHECK(read_bytes_as("x.tar", tar_of({{"a.yaml", {}, "/etc/b.yaml"}})).told ==
        Lines{"x.tar!a.yaml: error[not-a-file]: a link to etc/b.yaml, which is no manifest of this "
              "archive"});
}

TEST_CASE("of several members of one path the last counts, and paths are sorted") {
  const Archive archive =
      read_everything(tar_of({{"b.yaml", "1"}, {"./a.yaml", "2"}, {"b.yaml", "3"}}));
  CHECK(paths_of(archive) == Lines{"a.yaml", "b.yaml"});
  CHECK(archive.members.at(1).bytes == "3");
}

TEST_CASE("an archive without manifests is no empty cluster") {
  CHECK(read_bytes_as("x.tar", tar_of({{"a.txt", "x"}})).told ==
        Lines{"x.tar: error[no-manifests]: there is no .yaml, .yml or .json file in this archive"});
}

TEST_CASE("files that are no manifests may be gzip, but no archives") {
  const TemporaryFolder folder;
  const auto load = [&](const std::string& bytes) {
    Sources sources;
    Diagnostics found;
    const auto text = load_file({folder.write("x", bytes), false}, sources, found);
    const Lines lines = lines_of(found, sources);
    return text ? *text->text : without(lines.at(0), folder.path() + "/");
  };
  CHECK(load(gzip_of("a: b\n")) == "a: b\n");
  CHECK(load(tar_of({{"a.yaml", "a: b\n"}})).find("error[archive]: this is a tar file") !=
        std::string::npos);
}
