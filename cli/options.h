#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.h"
#include "model/execution.h"
#include "model/moments.h"
#include "model/network.h"
#include "model/prediction.h"
#include "model/project.h"
#include "scenarios/generate.h"

namespace meshproof {

/// How the result is shown (`-o`).
enum class Format : std::uint8_t {
  Table,
  Wide,
  Json,
  Csv,
  Dot,
  Script,
  Yaml,
  Html,
  Svg,
  Report  ///< one that every report has: Options::report_format
};

/// What is one end of a connection (`--by`).
enum class By : std::uint8_t { Workload, Pod };

/// The word of --assert that leaves out what `plan` asks by default.
inline constexpr std::string_view kNoDefaults = "none";

/// One of several clusters (`--cluster NAME=INPUT`).
struct NamedCluster {
  std::string name;
  std::string input;
};

struct ReportFormat;

/// The same result in another format, into a file (`--also FORMAT=FILE`).
struct ExtraResult {
  const ReportFormat* format = nullptr;
  std::string file;
};

/// Who carries a plan out.
enum class Backend : std::uint8_t { DryRun, Oc, Kube };

/// What the user asked for, checked as far as that is possible without reading any file. An option
/// that the command does not have keeps its default.
struct Options {
  std::vector<std::string> inputs;     ///< -f
  std::vector<NamedCluster> clusters;  ///< --cluster, instead of -f
  std::string cluster;                 ///< which of --cluster a run is about; empty: there is one
  std::string default_namespace;       ///< -n
  NetworkOptions network;              ///< --sdn, --dialect, --ipblock-matches-pods, --absent-kind
  std::string operator_version;
  std::optional<ChartPorts> chart_ports;        ///< --charts
  std::optional<std::chrono::seconds> max_age;  ///< --max-age
  bool strict = false;
  bool timing = false;
  bool full = false;
  bool quiet = false;
  Format format = Format::Table;
  const ReportFormat* report_format = nullptr;  ///< of Format::Report, else null
  std::string out_file;

  std::vector<std::string> join;
  std::vector<std::string> leave;
  std::string mesh;  ///< `CPNS` or `CPNS/NAME`
  std::string change_file;
  std::vector<std::string> target;        ///< --to
  std::optional<Dialect> target_dialect;  ///< --dialect-to
  bool settle = false;                    ///< --settle
  bool safe = false;                      ///< --safe
  std::string state_file;                 ///< --state-out
  std::vector<std::string> assertions;
  std::vector<std::string> flows;          ///< --flows
  std::optional<Severity> fail_on;         ///< empty: never
  std::vector<std::string> assumed_empty;  ///< --assume-empty: kinds, `group/Kind`
  bool require_coverage = false;
  std::string smt2_dir;    ///< --smt2
  std::string repro_dir;   ///< --repro; empty: a name of its own
  std::string today;       ///< --today, else the day of the clock: when exceptions have expired
  bool recheck = false;    ///< --recheck
  bool exit_code = false;  ///< --exit-code
  bool semantic = false;   ///< --semantic

  std::string baseline;           ///< --baseline
  std::vector<ExtraResult> also;  ///< --also
  std::string source_root = ".";  ///< --source-root
  std::string source_url;         ///< --source-url, without a `/` at its end; empty: no links
  std::string invocation;         ///< the command line, as a shell takes it

  std::vector<std::string> only_rules;     ///< --only: codes, names or groups
  std::vector<std::string> without_rules;  ///< --without
  bool all_rules = false;                  ///< --all
  bool list_rules = false;                 ///< --list
  std::string explained_rule;              ///< --explain
  std::vector<std::string> keep;           ///< --keep, as written

  std::string probes_file;
  std::string port;                         ///< `8080/TCP`
  std::string from;                         ///< --from of a slice
  std::string to;                           ///< --to of a slice
  By by = By::Workload;                     ///< --by
  bool summary = false;                     ///< --summary
  std::size_t max_hops = 5;                 ///< --max-hops
  std::size_t hops = kPivotHops;            ///< --hops
  ClusterShape shape;                       ///< of generate
  Backend backend = Backend::DryRun;        ///< --backend
  Via via = Via::Roll;                      ///< --via
  std::string journal;                      ///< --journal; empty: PLAN.journal
  bool resume = false;                      ///< --resume
  bool rollback = false;                    ///< --rollback
  bool turns_back = true;                   ///< --on-failure
  std::optional<unsigned> stage;            ///< --stage of plan wait; none: all of them
  bool accept_objections = false;           ///< --accept-objections
  bool force = false;                       ///< --force
  std::optional<unsigned> patience;         ///< --timeout, seconds
  std::optional<unsigned> network_seconds;  ///< --network-delay
  std::vector<std::string> words;           ///< what stands without an option: FROM TO, run DIR…

  std::string kubeconfig;               ///< --kubeconfig
  std::string context;                  ///< --context
  std::string oc;                       ///< --oc
  std::vector<std::string> namespaces;  ///< -n of snapshot
  bool redact = false;                  ///< --redact
  bool print_oc = false;                ///< --print-oc
  /// The state is read from a live cluster.
  [[nodiscard]] bool is_live() const {
    return !kubeconfig.empty() || !context.empty() || !oc.empty();
  }
};

}  // namespace meshproof
