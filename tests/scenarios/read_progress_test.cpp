#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "scenarios/read.h"
#include "tests/scenarios/packed.h"
#include "tests/scenarios/told.h"

using namespace meshproof;

namespace {

constexpr std::size_t kObjects = 40;
constexpr std::size_t kNoteBytes = 40'000;

/// Objects with a long word each, because short texts are not told of.
std::string repeated(std::string_view row, std::string_view between = "") {
  std::string text;
  for (std::size_t i = 0; i < kObjects; ++i) {
    if (i > 0) text += between;
    text += fmt::format(fmt::runtime(row), fmt::arg("i", i),
                        fmt::arg("note", std::string(kNoteBytes, 'x')));
  }
  return text;
}

const std::string kJsonObject =
    R"({{"apiVersion": "v1", "kind": "Namespace", "metadata": {{"name": "n{i}",
"annotations": {{"note": "{note}"}}}}}})";

std::string json_list(std::string_view more = "") {
  return fmt::format(R"({{"apiVersion": "v1", "kind": "List", "items": [{}{}]}})",
                     repeated(kJsonObject, ",\n"), more);
}

std::string yaml_list(const std::string& indent) {
  return "apiVersion: v1\nkind: List\nitems:\n" +
         repeated(fmt::format("{0}- apiVersion: v1\n{0}  kind: Namespace\n{0}  metadata: {{{{name: "
                              "n{{i}}, annotations: {{{{note: \"{{note}}\"}}}}}}}}\n",
                              indent));
}

std::string yaml_stream() {
  return repeated(
      "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: n{i}\n  annotations: {{note: "
      "\"{note}\"}}\n");
}

/// What was told while the files were read.
std::vector<ReadProgress> told_while_reading(const std::vector<std::string>& paths) {
  std::vector<ReadProgress> told;
  Sources sources;
  Diagnostics found;
  (void)read_inputs(paths, {{}, [&](const ReadProgress& progress) { told.push_back(progress); }},
                    sources, found);
  return told;
}

/// Of those told before the first file was read, how many are somewhere inside of it.
std::ptrdiff_t told_inside(const std::vector<ReadProgress>& told) {
  return std::ranges::count_if(told, [](const ReadProgress& progress) {
    return progress.files == 0 && progress.bytes > 0 && progress.bytes < progress.all_bytes;
  });
}

}  // namespace

TEST_CASE("how far a long file is is told while it is read, whatever is in it") {
  struct Row {
    const char* name;
    std::string text;
  };
  const std::string tar =
      tar_of({{"a.yaml", yaml_stream()}, {"b.json", json_list()}, {"c.txt", "no manifest"}});
  const std::vector<Row> rows{
      {"list.json", json_list()},
      // Has to be read as a whole, because something is wrong in it.
      {"wrong.json", json_list(R"(, {"kind": "Pod", "kind": "Pod"})")},
      {"values.json", repeated(kJsonObject, "\n")},
      {"list.yaml", yaml_list("")},
      // Is not cut into parts.
      {"indented.yaml", yaml_list("  ")},
      {"stream.yaml", yaml_stream()},
      {"broken.yaml", yaml_list("") + "- [\n"},
      {"list.json.gz", gzip_of(json_list())},
      {"all.tar", tar},
  };
  for (const Row& row : rows) {
    const TemporaryFolder folder;
    const auto told = told_while_reading({folder.write(row.name, row.text)});
    INFO(row.name);
    CHECK(told_inside(told) >= 3);
    CHECK(std::ranges::all_of(told, [&](const ReadProgress& progress) {
      return progress.all_files == 1 && progress.all_bytes == row.text.size() &&
             progress.bytes <= progress.all_bytes;
    }));
    CHECK(told.front().bytes == 0);
    CHECK(told.back().files == 1);
    CHECK(told.back().bytes == row.text.size());
  }
}

TEST_CASE("what has come of a long file is told before it is read") {
  const TemporaryFolder folder;
  const std::string text = yaml_stream();
  const auto told = told_while_reading({folder.write("a.yaml", text)});
  const auto coming = std::ranges::count_if(told, [&](const ReadProgress& progress) {
    return progress.loaded > 0 && progress.to_load == text.size() && progress.bytes == 0;
  });
  CHECK(coming >= 3);
  CHECK(told.back().loaded == 0);
}

TEST_CASE("of several files each is told of once, and the long one more often") {
  const TemporaryFolder folder;
  const std::string small = folder.write("a.yaml",
                                         "{apiVersion: v1, kind: Namespace, metadata: "
                                         "{name: a}}\n");
  const std::string large = folder.write("b.json", json_list());
  const auto told = told_while_reading({small, large});
  const auto of_file = [&](std::size_t files) {
    return std::ranges::count(told, files, &ReadProgress::files);
  };
  CHECK(of_file(0) == 1);
  CHECK(of_file(1) > 3);
  CHECK(told.back().files == 2);
  CHECK(std::ranges::is_sorted(told, {}, &ReadProgress::files));
}

TEST_CASE("how far a text is is told like that of a file") {
  std::vector<ReadProgress> told;
  Sources sources;
  Diagnostics found;
  const std::string text = json_list();
  (void)read_text("https://cluster", text,
                  {{}, [&](const ReadProgress& progress) { told.push_back(progress); }}, sources,
                  found);
  CHECK(found.empty());
  CHECK(told_inside(told) >= 3);
  CHECK(told.back().bytes == text.size());
}
