#include "reports/flow_report.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/header.h"
#include "reports/json.h"
#include "reports/text.h"

namespace meshproof {
namespace {

constexpr std::size_t kEndsShown = 4;

std::string_view word_of(Access access) {
  switch (access) {
    case Access::Allowed:
      return "ALLOWED";
    case Access::Denied:
      return "DENIED";
    case Access::Unknown:
      break;
  }
  return "UNKNOWN";
}

std::string port_words(const DecidedFlow& flow) {
  return flow.protocol == Protocol::Icmp
             ? "ICMP"
             : fmt::format("{}/{}", flow.port, to_string(flow.protocol));
}

Json flow_json(const DecidedFlow& flow, const Sources& sources) {
  return {{"src", flow.src},
          {"dst", flow.dst},
          {"protocol", to_string(flow.protocol)},
          {"port", flow.port},
          {"allowed", allowed(flow.decision.access)},
          {"reasons", to_json(flow.decision.reasons, sources)}};
}

std::string reason_lines(const Decision& decision, const Sources& sources, std::size_t width) {
  std::string text;
  for (const Reason& reason : decision.reasons) {
    std::string line =
        fmt::format("    {:<8}{}", to_string(reason.direction), printable(reason.text));
    if (!reason.policy.empty() && reason.text.find(reason.policy) == std::string::npos) {
      line += fmt::format(" ({})", printable(reason.policy));
    }
    if (reason.place.is_known()) line += "  " + printable(sources.format(reason.place, false));
    text += wrapped(line, width, 12) + "\n";
  }
  return text;
}

std::string ends_words(const std::vector<std::string>& ends, const std::string& asked, bool full) {
  if (!full && ends.size() > kEndsShown) {
    return fmt::format("{} (as {} and {} more)", printable(asked), printable(ends.front()),
                       ends.size() - 1);
  }
  std::vector<std::string> shown;
  for (const std::string& end : ends) shown.push_back(printable(end));
  return fmt::format("{}", fmt::join(shown, ", "));
}

}  // namespace

std::string probe_json(const ProbeReport& report, const Sources& sources) {
  Json json = contract();
  json["mode"] = to_string(report.network.mode);
  json["dialect"] = to_string(report.network.dialect);
  json["results"] = Json::array();
  for (const DecidedFlow& flow : report.flows) json["results"].push_back(flow_json(flow, sources));
  json["assumptions"] = report.assumptions;
  json["coverage"] = to_json(report.coverage);
  return dump(json);
}

std::string probe_table(const ProbeReport& report, const Sources& sources, std::size_t width) {
  std::string text = wrapped(fmt::format("meshproof probe · {} · {}", network_words(report.network),
                                         coverage_words(report.coverage)),
                             width, 2) +
                     "\n\n";
  for (const DecidedFlow& flow : report.flows) {
    text += fmt::format("{:<8} {} → {} {}\n", word_of(flow.decision.access), printable(flow.src),
                        printable(flow.dst), port_words(flow));
    text += reason_lines(flow.decision, sources, width);
  }
  const auto count = [&](Access access) {
    return std::count_if(report.flows.begin(), report.flows.end(),
                         [&](const DecidedFlow& flow) { return flow.decision.access == access; });
  };
  text += fmt::format("{} allowed · {} denied · {} unknown\n", count(Access::Allowed),
                      count(Access::Denied), count(Access::Unknown));
  const std::string assumptions = assumption_lines(report.assumptions, width);
  return assumptions.empty() ? text : text + "\n" + assumptions;
}

std::string explain_json(const ExplainReport& report, const Sources& sources) {
  Json json = contract();
  json["network"] = to_json(report.network);
  json["from"] = report.from;
  json["to"] = report.to;
  json["groups"] = Json::array();
  for (const ExplainedGroup& group : report.groups) {
    Json each{{"src", group.sources}, {"dst", group.destinations}};
    if (report.all_ports) each["ports"] = to_json(group.open);
    each["flows"] = Json::array();
    for (const DecidedFlow& flow : group.flows) each["flows"].push_back(flow_json(flow, sources));
    json["groups"].push_back(std::move(each));
  }
  json["assumptions"] = report.assumptions;
  json["coverage"] = to_json(report.coverage);
  return dump(json);
}

std::string explain_table(const ExplainReport& report, const Sources& sources, std::size_t width,
                          bool full) {
  std::string text =
      wrapped(fmt::format("meshproof explain · {} · {}", network_words(report.network),
                          coverage_words(report.coverage)),
              width, 2) +
      "\n";
  for (const ExplainedGroup& group : report.groups) {
    std::string line = fmt::format("\n{} → {}", ends_words(group.sources, report.from, full),
                                   ends_words(group.destinations, report.to, full));
    if (report.all_ports) line += "   open: " + to_string(group.open);
    text += wrapped(line, width, 2) + "\n";
    for (const DecidedFlow& flow : group.flows) {
      text += fmt::format("  {:<8} {}   {} → {}\n", word_of(flow.decision.access), port_words(flow),
                          printable(flow.src), printable(flow.dst));
      text += reason_lines(flow.decision, sources, width);
    }
  }
  const std::string assumptions = assumption_lines(report.assumptions, width);
  return assumptions.empty() ? text : text + "\n" + assumptions;
}

}  // namespace meshproof
