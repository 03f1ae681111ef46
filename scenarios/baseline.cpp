#include "scenarios/baseline.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "scenarios/json_reader.h"
#include "scenarios/source_text.h"

namespace meshproof {
namespace {

constexpr std::string_view kFingerprint = "meshproof/v1";

void tell(Diagnostics& diagnostics, Place place, std::string message, std::string subject = {}) {
  diagnostics.push_back(
      {place, Severity::Error, "bad-baseline", std::move(message), {}, std::move(subject)});
}

const std::vector<Tree>& items_of(const Tree& tree, std::string_view key) {
  static const std::vector<Tree> kNone;
  const Tree* list = tree.find(key);
  return list != nullptr && list->is(TreeKind::Sequence) ? list->items : kNone;
}

void read_result(const Tree& result, std::map<std::string, std::uint64_t>& entries,
                 Diagnostics& diagnostics) {
  const std::string_view standing = result.string_at({"properties", "standing"});
  if (standing != "failed" && standing != "known") return;
  const std::string_view fingerprint = result.string_at({"partialFingerprints", kFingerprint});
  if (fingerprint.empty()) {
    return tell(diagnostics, result.place,
                fmt::format("a result without the fingerprint '{}'", kFingerprint));
  }
  const std::int64_t count = result.integer_at({"occurrenceCount"}).value_or(1);
  std::uint64_t& most = entries[std::string{fingerprint}];
  most = std::max(most, static_cast<std::uint64_t>(std::max<std::int64_t>(count, 1)));
}

void read_run(const Tree& run, Baseline& baseline, Diagnostics& diagnostics) {
  const std::string_view tool = run.string_at({"tool", "driver", "name"});
  if (tool != "meshproof") {
    return tell(diagnostics, run.place,
                fmt::format("a run of '{}': a baseline is what meshproof wrote by -o sarif", tool));
  }
  auto& entries = baseline.clusters[cluster_of_run(run.string_at({"automationDetails", "id"}))];
  for (const Tree& result : items_of(run, "results")) read_result(result, entries, diagnostics);
}

}  // namespace

Result<Baseline> read_baseline(const std::string& path, Sources& sources) {
  Diagnostics found;
  Baseline baseline;
  const auto source = load_file({path}, sources, found);
  if (!source) return tl::make_unexpected(std::move(found));
  JsonReader reader(*source->text, source->file, found);
  Tree log;
  const bool is_read = reader.find_next() && reader.read(log);
  if (is_read && log.string_at({"version"}) == "2.1.0" && log.find("runs") != nullptr) {
    for (const Tree& run : items_of(log, "runs")) read_run(run, baseline, found);
  } else if (!has_errors(found)) {
    tell(found, log.place, "this is no SARIF log: a baseline is what meshproof wrote by -o sarif",
         path);
  }
  if (has_errors(found)) return tl::make_unexpected(std::move(found));
  return baseline;
}

}  // namespace meshproof
