#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/diagnostic.h"
#include "model/port_set.h"
#include "model/result.h"
#include "model/source.h"

namespace meshproof {

/// A flow before and after the change; `is` are true (allowed), false (denied) or empty (unknown).
struct ExpectedProbe {
  std::string from;
  std::string to;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  std::optional<bool> before;
  std::optional<bool> after;
  Place place;
};

/// A text of the scenario with its place.
struct ExpectedText {
  std::string text;
  Place place;
};

/// What stands under a name: an outcome of a namespace, a verdict of a statement.
struct ExpectedEntry {
  std::string name;
  std::string value;
  Place place;
};

/// A worked example (docs/FORMATS.md, "kind Scenario"): a plan of the cluster beside it, and what
/// must come of it.
struct Scenario {
  std::string folder;
  std::string description;
  std::vector<std::string> run;  ///< the command line without `-f`: `plan`, `--join`, `bookinfo`

  std::optional<int> exit_code;
  /// The operator's writes in order, without asides: `create NetworkPolicy shop/istio-mesh-basic`.
  /// The lines of one inner list come in any order.
  std::optional<std::vector<std::vector<ExpectedText>>> steps;
  std::vector<ExpectedEntry> outcomes;  ///< `bookinfo: configured`
  std::vector<ExpectedEntry> verdicts;  ///< `ISO-1: holds`, `violated`, `undecided`, `vacuous`
  /// `storefront/* -> bookinfo/*`: together they match every connection, and each matches one.
  std::optional<std::vector<ExpectedText>> lost;
  std::optional<std::vector<ExpectedText>> gained;
  std::vector<ExpectedText> finds;    ///< codes of rules: the change brings a finding of each
  std::vector<ExpectedText> hazards;  ///< codes of failures that hit the change
  std::vector<ExpectedText> says;     ///< texts that the table shows
  std::vector<ExpectedProbe> probes;

  /// How many expectations there are. A scenario without one proves nothing.
  [[nodiscard]] std::size_t expectation_count() const;
};

/// The folders with a scenario.yaml: `path` itself, or those below it, sorted. Empty if there is
/// none.
[[nodiscard]] std::vector<std::string> find_scenarios(const std::string& path);

/// Reads FOLDER/scenario.yaml. Errors: those of the syntax, `wrong-kind`, `unknown-field`,
/// `missing-field`, `wrong-type`, `bad-value`.
[[nodiscard]] Result<Scenario> read_scenario(const std::string& folder, Sources& sources);

/// True if the pattern matches the whole text; `*` stands for any characters.
[[nodiscard]] bool matches_pattern(std::string_view pattern, std::string_view text);

}  // namespace meshproof
