#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.h"
#include "model/verdict.h"

namespace meshproof {

/// What a rule of the catalogue is about. The hundreds of its code follow this order.
enum class RuleGroup : std::uint8_t {
  Membership,   ///< MP01xx: rolls, labels, copies
  Rights,       ///< MP02xx: what control planes may do
  Injection,    ///< MP03xx: sidecars and how traffic is redirected to them
  Policies,     ///< MP04xx: network policies that say another thing than they seem to
  Callers,      ///< MP05xx: Routes, monitors, webhooks that do not get through
  Unsupported,  ///< MP06xx: what upstream Istio has and this mesh has not
  Delivery,     ///< MP07xx: tools that write the same objects
  Relics,       ///< MP08xx: what old versions left; off unless asked for
};
/// `membership`, `rights`, ….
[[nodiscard]] std::string_view to_string(RuleGroup group);
/// One line: what its rules find.
[[nodiscard]] std::string_view title_of(RuleGroup group);
[[nodiscard]] std::optional<RuleGroup> parse_rule_group(std::string_view text);
/// In the order of the codes.
[[nodiscard]] std::span<const RuleGroup> rule_groups();

/// A row of the rule catalogue: all that is said of a rule, apart from how it finds something.
struct Rule {
  std::string_view code;  ///< `MP0104`: stable, never used again for another rule
  std::string_view name;  ///< `orphaned-copy`
  RuleGroup group = RuleGroup::Membership;
  Severity severity = Severity::Warning;
  std::string_view meaning;  ///< what a finding says and why it matters, in sentences
  std::string_view source;   ///< `mission M1; operator.md 2`: the row or incident it comes from
  std::string_view fix;      ///< what to do, in sentences
  /// Kinds, `group/Kind`, from whose absence it concludes: where the input may lack some of them,
  /// its silence says nothing.
  std::span<const std::string_view> needs = {};
  bool is_default = true;
};

/// One thing that a rule found.
struct LintFinding {
  const Rule* rule = nullptr;  ///< of the catalogue
  std::string subject;         ///< the object or project that it is about: `Service shop/web`
  std::string ns;              ///< the project; empty for an object of the whole cluster
  std::string message;         ///< one clause: what is wrong with the subject
  Place place = {};
  std::optional<Violated> witness = {};  ///< a flow that shows it, replayed by evaluate()
  bool is_known = false;                 ///< the baseline has it: it counts as none

  /// The same thing, found in another state too.
  [[nodiscard]] bool is_same_as(const LintFinding& other) const {
    return rule == other.rule && subject == other.subject && message == other.message;
  }
};

/// A rule of which a part of the input that it needs was not collected.
struct UnjudgedRule {
  const Rule* rule = nullptr;
  std::string missing;  ///< one clause
};

/// What the rules said of one state: findings by code, project and subject.
struct LintReport {
  std::vector<LintFinding> findings;
  std::vector<UnjudgedRule> unjudged;  ///< by code
  std::size_t rules = 0;               ///< how many were asked
};

}  // namespace meshproof
