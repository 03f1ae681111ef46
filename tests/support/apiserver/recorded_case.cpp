#include "tests/support/apiserver/recorded_case.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "scenarios/change.h"
#include "scenarios/read.h"
#include "tests/support/apiserver/api_client.h"

namespace meshproof {
namespace {

namespace fs = std::filesystem;

ObjectStore read_state(const fs::path& file) {
  Sources sources;
  Diagnostics found;
  Input input = read_inputs({file.string()}, {}, sources, found);
  if (has_errors(found)) throw std::runtime_error{"cannot be read: " + file.string()};
  return std::move(input.objects);
}

RecordedWrite write_from(const Tree& line) {
  RecordedWrite write;
  write.ms = line.integer_at({"ms"}).value_or(0);
  write.verb = line.string_at({"verb"});
  write.key =
      key_for(line.string_at({"kind"}), line.string_at({"namespace"}), line.string_at({"name"}));
  // The recorder gives cluster-scoped kinds their own name as namespace.
  if (write.key.kind == "Namespace") write.key.ns.clear();
  return write;
}

}  // namespace

RecordedCase read_recorded_case(const fs::path& folder) {
  RecordedCase found;
  found.name = folder.filename();
  found.before = read_state(folder / "before.yaml");
  found.after = read_state(folder / "after.yaml");
  Sources sources;
  Diagnostics warnings;
  auto change = read_change((folder / "change.yaml").string(), {}, sources, warnings);
  if (!change) throw std::runtime_error{"cannot be read: " + folder.string() + "/change.yaml"};
  found.change = std::move(*change);
  std::ifstream file{folder / "writes.jsonl"};
  for (std::string line; std::getline(file, line);) {
    found.writes.push_back(write_from(parsed_json(line)));
  }
  std::ranges::stable_sort(found.writes, {}, &RecordedWrite::ms);
  return found;
}

}  // namespace meshproof
