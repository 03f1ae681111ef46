#pragma once

#include <string>
#include <vector>

#include "model/coverage.h"
#include "model/network.h"
#include "model/recheck.h"
#include "model/report.h"
#include "model/source.h"
#include "model/verdict.h"

namespace meshproof {

/// The answers to `verify`, with what they rest on.
struct Verification {
  Network network;
  Coverage coverage;
  std::vector<Verdict> verdicts;
  std::vector<std::string> assumptions;          ///< sentences: what is not modelled
  std::vector<RecheckedVerdict> rechecked = {};  ///< --recheck: one for each verdict
};

/// The contract of `verify -o json`: findings (whatever does not hold) and verdicts.
[[nodiscard]] std::string verification_json(const Verification& verification,
                                            const std::vector<Judgement>& judgements,
                                            const Sources& sources);
[[nodiscard]] std::string verification_table(const Verification& verification,
                                             const Sources& sources, std::size_t width, bool full);

/// One line for each verdict, with its description, witness, the policies that it rests on and the
/// exceptions that cover it below it, and a count at the end. `full` (--full): all policies, and
/// who decided.
[[nodiscard]] std::string verdict_lines(const std::vector<Verdict>& verdicts,
                                        const Sources& sources, std::size_t width, bool full);

/// `shop/web → pay/api TCP 8080`.
[[nodiscard]] std::string flow_words(const Violated& violated);
[[nodiscard]] std::string flow_words(const WitnessHop& hop);

/// One sentence: the statement with the universe that it holds for or with what breaks it, or why
/// nothing is said of it.
[[nodiscard]] std::string verdict_message(const Verdict& verdict);

/// How many came out how the second time, and a line for each that was not confirmed whole. Empty
/// if none was rechecked.
[[nodiscard]] std::string recheck_lines(const std::vector<RecheckedVerdict>& rechecked,
                                        std::size_t width);

}  // namespace meshproof
