#include "cli/explain.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <variant>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/endpoint.h"
#include "cli/session.h"
#include "cli/steps.h"
#include "reports/flow_report.h"

namespace meshproof {
namespace {

/// `8080`, `8080/TCP`, `53/udp`, `ICMP`; an error in the session for anything else.
std::optional<PortChoice> parse_port(Session& session, std::string_view text) {
  std::string name(text.find('/') == text.npos ? "TCP" : text.substr(text.find('/') + 1));
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  if (text == "ICMP" || text == "icmp") return PortChoice{Protocol::Icmp, 0};
  const std::string_view digits = text.substr(0, text.find('/'));
  PortChoice choice;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), choice.port);
  const auto protocol = parse_protocol(name);
  const bool is_number = error == std::errc() && end == digits.data() + digits.size();
  const bool fits = protocol && (choice.port != 0) == (*protocol != Protocol::Icmp);
  if (is_number && fits) return PortChoice{*protocol, choice.port};
  session.add_error("bad-port",
                    fmt::format("'{}' is no port; write NUMBER, NUMBER/TCP, NUMBER/UDP, "
                                "NUMBER/SCTP or ICMP",
                                text),
                    "command line");
  return std::nullopt;
}

bool is_source(Session& session, const std::vector<FlowEnd>& ends, const std::string& text) {
  const bool fine = std::none_of(ends.begin(), ends.end(), [](const FlowEnd& end) {
    return std::holds_alternative<ServiceId>(end);
  });
  if (!fine) {
    session.add_error("bad-end", fmt::format("'{}' is a Service, which opens no connections", text),
                      "command line");
  }
  return fine;
}

}  // namespace

ExitCode run_explain(Session& session) {
  const Options& options = session.options;
  std::optional<PortChoice> port;
  if (!options.port.empty()) port = parse_port(session, options.port);
  const std::optional<Snapshot> snapshot = open_snapshot(session);
  if (!snapshot) return ExitCode::InvalidInput;
  const auto from = session.take(parse_endpoint(options.words[0], snapshot->cluster));
  const auto to = session.take(parse_endpoint(options.words[1], snapshot->cluster));
  if (!from || !to || !is_source(session, *from, options.words[0]) || session.has_failed()) {
    return ExitCode::InvalidInput;
  }

  session.timing.enter("evaluate");
  ExplainReport report{
      snapshot->cluster.network, snapshot->coverage, options.words[0], options.words[1], !port, {},
      session.assumptions()};
  report.groups = explain_pairs(snapshot->cluster, *from, *to, port);
  session.timing.enter("report");
  bool decided = true;
  for (const ExplainedGroup& group : report.groups) {
    for (const DecidedFlow& flow : group.flows) {
      decided = decided && flow.decision.access != Access::Unknown;
    }
  }
  const std::string text =
      options.format == Format::Json
          ? explain_json(report, session.sources)
          : explain_table(report, session.sources, session.screen.width, options.full);
  return session.finish(text, decided ? ExitCode::Success : ExitCode::Inconclusive);
}

}  // namespace meshproof
