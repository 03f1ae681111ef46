#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.h"
#include "cli/options.h"

namespace meshproof {

class Session;

/// Groups of options that a command has.
namespace option {
inline constexpr unsigned kInput = 1;           ///< -f and what says how to read it
inline constexpr unsigned kChange = 2;          ///< --join, --leave, --mesh, --change, --to
inline constexpr unsigned kAssert = 4;          ///< --assert and what belongs to it
inline constexpr unsigned kTarget = 8;          ///< --to, --dialect-to, --exit-code
inline constexpr unsigned kEnds = 16;           ///< FROM TO
inline constexpr unsigned kProbes = 32;         ///< --probes
inline constexpr unsigned kFolders = 64;        ///< DIR…
inline constexpr unsigned kScript = 128;        ///< -o script
inline constexpr unsigned kPort = 512;          ///< --port
inline constexpr unsigned kSlice = 1024;        ///< --from, --to, --by, --summary
inline constexpr unsigned kLists = 2048;        ///< -o wide, csv
inline constexpr unsigned kGraph = 4096;        ///< -o dot, -o svg
inline constexpr unsigned kHops = 8192;         ///< --max-hops
inline constexpr unsigned kJudge = 16384;       ///< --fail-on, --baseline, -o sarif, junit, …
inline constexpr unsigned kRules = 32768;       ///< --only, --without, --all, --list, --explain
inline constexpr unsigned kKeep = 65536;        ///< --keep; -o yaml
inline constexpr unsigned kSafe = 131072;       ///< --safe, --hops
inline constexpr unsigned kStated = 262144;     ///< --assert instead of FROM TO
inline constexpr unsigned kApply = 524288;      ///< PLAN, --backend, --journal, …
inline constexpr unsigned kPlanWait = 1048576;  ///< PLAN, --timeout
inline constexpr unsigned kReport = 1U << 26U;  ///< -o html, svg; the edit may be left out
inline constexpr unsigned kShape = 256;         ///< --namespaces, --pods, …; -o names the file

inline constexpr unsigned kLive = 1U << 24U;      ///< --kubeconfig, --context, --oc
inline constexpr unsigned kSnapshot = 1U << 25U;  ///< --redact, --print-oc; -o names the file

inline constexpr unsigned kText = 1U << 28U;   ///< a text of one form: no -o, no --full
inline constexpr unsigned kShell = 1U << 29U;  ///< SHELL
}  // namespace option

/// One command: a row of the table, a file in cli/commands/.
struct Command {
  std::string_view name;
  std::string_view usage;
  std::string_view summary;
  unsigned options;
  ExitCode (*run)(Session&);
};

/// Every command, in the order in which --help shows them.
[[nodiscard]] std::span<const Command> commands();

/// The second words of the commands whose first word this is: `wait` of `plan`.
[[nodiscard]] std::vector<std::string> commands_below(std::string_view first);

}  // namespace meshproof
