#include "cli/baseline.h"

#include <variant>

#include "backends/sha256.h"
#include "reports/judgements.h"
#include "scenarios/baseline.h"

namespace meshproof {

std::optional<Baseline> open_baseline(Session& session) {
  if (session.options.baseline.empty()) return Baseline{};
  session.timing.enter("read");
  return session.take(read_baseline(session.options.baseline, session.sources));
}

std::string fingerprint_of(const std::string& identity) { return short_sha256(identity); }

void mark_known(const Baseline& baseline, const std::string& cluster,
                std::vector<Verdict>& verdicts) {
  for (Verdict& verdict : verdicts) {
    if (!std::holds_alternative<Violated>(verdict.finding)) continue;
    verdict.is_known =
        baseline.has(cluster, fingerprint_of(identity_of(verdict)), count_of(verdict));
  }
}

void mark_known(const Baseline& baseline, const std::string& cluster,
                std::vector<LintFinding>& findings) {
  for (LintFinding& finding : findings) {
    finding.is_known = baseline.has(cluster, fingerprint_of(identity_of(finding)), 1);
  }
}

void mark_known(const Baseline& baseline, const std::string& cluster,
                std::vector<Departure>& departures) {
  for (Departure& departure : departures) {
    departure.is_known = baseline.has(cluster, fingerprint_of(identity_of(departure)), 1);
  }
}

}  // namespace meshproof
