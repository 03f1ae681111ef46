#include <array>

#include "cli/command.h"
#include "cli/commands/commands.h"

namespace meshproof {
namespace {

using namespace option;

constexpr std::array kCommands{
    Command{
        "plan",
        "-f INPUT… (--join NS… | --leave NS… [--mesh CPNS[/NAME]] | --change FILE | --to INPUT…) "
        "[--assert FILE…] [--flows FILE…] [--safe] [--hops K]",
        "what the mesh writes after an edit, and who can then reach whom",
        kInput | kChange | kAssert | kJudge | kScript | kSafe, run_plan},
    Command{"apply",
            "PLAN [--backend dry-run|oc|kube] [--via roll|objects] [--resume | --rollback]",
            "carries out a plan that plan --out wrote, step by step, or takes it back",
            kApply | kLive | kScript, run_apply},
    Command{"plan wait", "PLAN [--stage N] [--via roll|objects] [--timeout SECONDS]",
            "waits until a change made elsewhere has had the effect that its plan predicts",
            kPlanWait | kLive, run_plan_wait},
    Command{"verify", "-f INPUT… --assert FILE…", "assertions against one state",
            kInput | kAssert | kJudge, run_verify},
    Command{"diff", "-f BEFORE… (--to AFTER… [--semantic] | --dialect-to DIALECT)",
            "what became reachable, what stopped", kInput | kTarget, run_diff},
    Command{"reach", "-f INPUT… [--from END] [--to END] [--port P/PROTO] [--by pod] [--summary]",
            "who reaches whom: all pairs, or a slice", kInput | kSlice | kPort | kLists | kGraph,
            run_reach},
    Command{"explain", "-f INPUT (FROM TO [--port P/PROTO] | --assert FILE… [ID…])",
            "why one end reaches another or does not, with file and line",
            kInput | kEnds | kPort | kStated, run_explain},
    Command{"paths", "-f INPUT… FROM TO [--max-hops K]", "the shortest ways an intruder could take",
            kInput | kEnds | kHops | kGraph, run_paths},
    Command{"probe", "-f INPUT… --probes FILE", "exact verdicts for a list of flows",
            kInput | kProbes, run_probe},
    Command{"lint", "-f INPUT… [--only RULE…] [--without RULE…] | --list | --explain RULE",
            "the rule catalogue: what will break, without any assertion", kInput | kJudge | kRules,
            run_lint},
    Command{"report",
            "-f INPUT… [--join NS… | --leave NS… | --change FILE | --to INPUT…] [--assert FILE…]",
            "the isolation report: verdicts, who reaches whom and why, findings, controls",
            kInput | kChange | kAssert | kJudge | kReport | kGraph | kSafe, run_report},
    Command{"suggest",
            "-f INPUT… (--join NS… | --change FILE | --to INPUT…) --keep FROM=TO[:PORT[/PROTO]]…",
            "the NetworkPolicy that keeps a flow which an edit cuts off, and nothing else",
            kInput | kChange | kKeep, run_suggest},
    Command{"drift", "-f INPUT…", "what the mesh should have written against what is there",
            kInput | kJudge, run_drift},
    Command{
        "generate", "[--namespaces N] [--pods P] [--policies K] [--members M] [--seed S] [-o FILE]",
        "a synthetic cluster; pods and policies are counted per namespace", kShape, run_generate},
    Command{"snapshot", "[--kubeconfig FILE] [--context NAME] -o FILE [-n NS…] [--redact]",
            "a live cluster into one file, which -f reads", kLive | kSnapshot, run_snapshot},
    Command{"scenario run", "DIR…", "worked examples against their expectations", kFolders,
            run_scenario},
    Command{"completion", "bash|zsh|fish", "a script by which a shell completes command lines",
            kText | kShell, run_completion},
    Command{"man", "", "the manual page, as roff", kText, run_man},
};

}  // namespace

std::span<const Command> commands() { return kCommands; }

std::vector<std::string> commands_below(std::string_view first) {
  std::vector<std::string> words;
  for (const Command& command : commands()) {
    const bool is_below = command.name.starts_with(first) && command.name.size() > first.size() &&
                          command.name[first.size()] == ' ';
    if (is_below) words.emplace_back(command.name.substr(first.size() + 1));
  }
  return words;
}

}  // namespace meshproof
