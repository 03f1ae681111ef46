#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "model/plan.h"
#include "model/project.h"
#include "scenarios/scenario.h"

namespace meshproof {

/// One expectation of a worked example and what came of it.
struct ScenarioCheck {
  bool passed = false;
  std::string expected;
  std::string seen;  ///< if it failed: what is there instead
  Place place;
};

/// What the run of a scenario gave.
struct ScenarioRun {
  const Plan& plan;
  ExitCode exit_code;
  std::string table;       ///< as `plan` prints it
  NetworkOptions network;  ///< to project the states again
};

/// Every expectation, in the order of docs/FORMATS.md.
[[nodiscard]] std::vector<ScenarioCheck> check_scenario(const Scenario& scenario,
                                                        const ScenarioRun& run);

}  // namespace meshproof
