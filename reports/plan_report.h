#pragma once

#include <string>
#include <vector>

#include "model/execution.h"
#include "model/plan.h"
#include "model/report.h"
#include "model/source.h"
#include "reports/text_stream.h"

namespace meshproof {

/// The contract of `plan -o json` and of the file that `plan --out` writes. Connections and their
/// evidence are spelled out while they are written. The file also holds the plan as it is to be
/// carried out; null: not that.
void write_plan_json(const Plan& plan, const std::vector<Judgement>& judgements,
                     const Sources& sources, const TextSink& sink,
                     const Execution* execution = nullptr);

/// The same as plan_table(), section by section, each with what it is about as its title. None is
/// empty.
[[nodiscard]] std::vector<TextSection> plan_sections(const Plan& plan, const Sources& sources,
                                                     std::size_t width, bool full);

/// For a person: the edit, what the mesh writes, who loses and gains access, what stays, the
/// verdicts and the way back. A section without content is left out; `full` folds nothing.
[[nodiscard]] std::string plan_table(const Plan& plan, const Sources& sources, std::size_t width,
                                     bool full);

/// A POSIX shell script: the user's edit as oc commands, and what the mesh then does as commands in
/// a function that the script does not call. Every word from the input is quoted.
[[nodiscard]] std::string plan_script(const Plan& plan);

}  // namespace meshproof
