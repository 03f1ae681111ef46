#include "reports/header.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "reports/fold.h"
#include "reports/text.h"

namespace meshproof {

std::string network_words(const Network& network) {
  std::string text(to_string(network.dialect));
  if (network.dialect == Dialect::OpenShiftSdn) {
    text += fmt::format("/{}", to_string(network.mode));
  }
  return network.assumed ? text + " (assumed)" : text;
}

std::string coverage_words(const Coverage& coverage) {
  const std::vector<std::string> missing = missing_parts(coverage);
  std::string text;
  if (!missing.empty())
    text = "INCOMPLETE: " + printable(fmt::format("{}", fmt::join(missing, "; "))) + " · ";
  text += fmt::format("{} of {} in {}", counted(coverage.objects, "object"),
                      counted(coverage.kinds.size(), "kind"), counted(coverage.files, "file"));
  if (coverage.skipped_documents > 0) {
    text += fmt::format(", {} skipped", counted(coverage.skipped_documents, "document"));
  }
  if (missing.empty()) text += coverage.is_assumed() ? ", assumed complete" : ", complete";
  if (!coverage.assumed_empty.empty()) {
    text += fmt::format(", on your word no other {}",
                        printable(fmt::format("{}", fmt::join(coverage.assumed_empty, ", "))));
  }
  return coverage.required ? text + ", nothing taken for complete that is not shown to be" : text;
}

std::string assumption_lines(const std::vector<std::string>& assumptions, std::size_t width) {
  std::string text;
  for (const std::string& assumption : assumptions) {
    text += wrapped("  · " + printable(assumption), width, 4) + "\n";
  }
  return text.empty() ? "" : "Assumed\n" + text;
}

std::string undecided_lines(const std::vector<Reachability::Undecided>& undecided,
                            std::size_t width, bool full) {
  if (undecided.empty()) return {};
  std::map<std::string, std::size_t> reasons;
  for (const auto& each : undecided) ++reasons[each.reason];
  std::string text = fmt::format("UNKNOWN ({})\n", counted(undecided.size(), "pair"));
  for (const auto& [reason, count] : reasons) {
    text +=
        wrapped(fmt::format("  ? {}: {}", counted(count, "pair"), printable(reason)), width, 6) +
        "\n";
    if (!full) continue;
    for (const auto& each : undecided) {
      if (each.reason != reason) continue;
      text += fmt::format("      {} → {}\n", describe({each.src}), describe({each.dst}));
    }
  }
  return text;
}

}  // namespace meshproof
