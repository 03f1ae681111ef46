#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/coverage.h"
#include "model/diagnostic.h"
#include "model/network.h"
#include "model/reported_change.h"
#include "model/source_line.h"
#include "model/verdict.h"

/// What every format of a report is made of. Made by the commands from the values of the pipeline;
/// rendered by reports/, which adds nothing to it.
namespace meshproof {

/// One thing that shows why a judgement is as it is.
struct Evidence {
  std::string text;  ///< one sentence, without a full stop
  SourceLine where;
};

/// How one thing that was judged came out.
enum class Standing : std::uint8_t {
  Passed,     ///< it holds
  Failed,     ///< it does not, or says nothing
  Undecided,  ///< it is not known
  Waived,     ///< it does not, and an exception in force covers all of it
  Known,      ///< it does not, and the baseline has it
};
/// `passed`, `failed`, `undecided`, `waived`, `known`.
[[nodiscard]] std::string_view to_string(Standing standing);

/// What a judgement is about.
enum class JudgementKind : std::uint8_t {
  Statement,  ///< an assertion, or a built-in one
  Rule,       ///< a rule of the catalogue
  Drift,      ///< an object that is not as the mesh should have written it
  Moment,     ///< what becomes of flows while a change takes effect
  Order,      ///< the safe order that was asked for
};

/// One thing that was judged.
struct Judgement {
  JudgementKind kind = JudgementKind::Statement;
  std::string rule;     ///< JudgedRule::id
  std::string phase;    ///< `before`, `every-step`, `after`, `state`, `rules`, `drift`
  std::string subject;  ///< the object, project or flow; of a statement that passed empty
  std::string message;  ///< one sentence, without a full stop
  Severity severity = Severity::Error;
  Standing standing = Standing::Passed;
  SourceLine where;                 ///< the line to look at: of the deciding rule, else of the wish
  std::vector<Evidence> flow = {};  ///< the witness, hop by hop, or the writes to a bad moment
  std::vector<Evidence> beside = {};  ///< the assertion, what a proof rests on
  std::vector<Waiver> waivers = {};
  std::uint64_t count = 1;  ///< how many flows or objects it stands for
  /// The same in each run in which the same thing is wrong: of no line, no count, no pod's name
  /// that a controller made up. Its digest is the fingerprint.
  std::string identity = {};
  std::string fingerprint = {};  ///< 16 hexadecimal digits
};

/// What is said of a kind of judgements once.
struct JudgedRule {
  std::string id;     ///< `ISO-1`, `builtin:tenancy`, `MP0104`, `drift-missing`
  std::string name;   ///< `orphaned-copy`; may be the id
  std::string title;  ///< one line
  std::string help;   ///< what it means, and what to do; may be empty
  std::string fix;    ///< the latter alone; may be empty
  Severity severity = Severity::Error;
  std::vector<std::string> tags = {};

  bool operator==(const JudgedRule& other) const { return id == other.id; }
};

/// One run about one cluster.
struct Report {
  std::string cluster;     ///< as --cluster names it, or as the input does; may be empty
  std::string command;     ///< `plan`
  std::string version;     ///< of this program
  std::string invocation;  ///< the command line that repeats it
  std::optional<Severity> fail_on = Severity::Error;  ///< what is below it fails no run
  Network network;
  Coverage coverage;
  std::vector<JudgedRule> rules;  ///< those of the judgements, in their order
  std::vector<Judgement> judgements;
  std::vector<std::string> assumptions;
  std::optional<ChangeSummary> change;
};

/// It lets the run fail: it failed, and is not below what that is asked of.
[[nodiscard]] bool counts(const Report& report, const Judgement& judgement);
/// Null if no judgement is about it. O(rules).
[[nodiscard]] const JudgedRule* rule_of(const Report& report, const Judgement& judgement);

}  // namespace meshproof
