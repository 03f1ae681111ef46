#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "solver/lint/rule_row.h"
#include "solver/lint/witness.h"

namespace meshproof {
namespace {

/// Pods of a Service are most often alike: so many of its targets are asked.
constexpr std::size_t kAsked = 4;

std::optional<Violated> refused_from(const LintedState& state, const FlowEnd* src, NodeId node,
                                     const UseTarget& target, Protocol protocol,
                                     std::uint16_t port) {
  if (src != nullptr) return refused(state, {*src, target.pod, protocol, port});
  return refused_from_node(state, node, target.pod, protocol, port);
}

/// The first refusal, if this source reaches none of the targets on any of their ports.
std::optional<Violated> cut_off(const LintedState& state, const Use& use, const FlowEnd* src,
                                NodeId node) {
  std::optional<Violated> first;
  const std::size_t step = std::max<std::size_t>(1, use.targets.size() / kAsked);
  for (std::size_t i = 0; i < use.targets.size(); i += step) {
    const UseTarget& target = use.targets[i];
    for (const Protocol protocol : kProtocols) {
      for (const PortRange& range : target.ports.ranges(protocol)) {
        auto witness = refused_from(state, src, node, target, protocol, range.from);
        if (!witness) return std::nullopt;
        if (!first) first = std::move(witness);
      }
    }
  }
  return first;
}

/// A refusal, if some source of the use reaches none of its targets.
std::optional<Violated> broken(const LintedState& state, const Use& use) {
  const std::size_t pods = use.pods == nullptr ? 0 : use.pods->size();
  for (std::size_t i = 0; i < std::min(pods, kAsked); ++i) {
    const FlowEnd src = (*use.pods)[i];
    if (auto witness = cut_off(state, use, &src, {})) return witness;
  }
  for (const NodeId node : use.nodes) {
    if (auto witness = cut_off(state, use, nullptr, node)) return witness;
  }
  return std::nullopt;
}

/// What the uses that one sign shows have come to: it is enough that one caller gets through, for
/// a Route is served by one of several routers.
struct Judged {
  const UseSign* sign = nullptr;
  std::string source;
  std::optional<Violated> witness;
  bool gets_through = false;
};

std::vector<LintFinding> find_broken(const LintedState& state,
                                     std::initializer_list<UseEvidence> kinds) {
  std::map<std::pair<ObjectKey, std::string>, Judged> judged;
  for (const Use& use : state.uses().uses) {
    for (const UseSign& sign : use.signs) {
      if (std::ranges::find(kinds, sign.evidence) == kinds.end() || !use.has_source()) continue;
      Judged& entry = judged[{sign.object, sign.words}];
      entry.sign = &sign;
      if (entry.gets_through) continue;
      auto witness = broken(state, use);
      entry.gets_through = !witness.has_value();
      if (entry.witness || !witness) continue;
      entry.witness = std::move(witness);
      entry.source = use.source.empty() ? entry.witness->src : use.source;
    }
  }
  std::vector<LintFinding> findings;
  for (auto& [key, entry] : judged) {
    if (entry.gets_through || !entry.witness) continue;
    const Violated& witness = *entry.witness;
    std::string message =
        fmt::format("does not get through: {} does not reach {} on {} {}", entry.source,
                    witness.dst, to_string(witness.protocol), witness.port);
    const std::string subject = to_string(entry.sign->object);
    std::string_view words = entry.sign->words;
    if (words.starts_with(subject)) words.remove_prefix(std::min(subject.size() + 1, words.size()));
    if (!words.empty()) message += fmt::format(" ({})", words);
    findings.push_back({nullptr, subject, entry.sign->object.ns, std::move(message),
                        entry.sign->place, std::move(entry.witness)});
  }
  return findings;
}

std::vector<LintFinding> router_cut_off(const LintedState& state) {
  return find_broken(state, {UseEvidence::Route, UseEvidence::Ingress});
}

std::vector<LintFinding> monitoring_cut_off(const LintedState& state) {
  return find_broken(state, {UseEvidence::Monitor});
}

std::vector<LintFinding> webhook_cut_off(const LintedState& state) {
  return find_broken(state, {UseEvidence::Webhook, UseEvidence::ApiService});
}

constexpr std::array kPods{std::string_view{"Pod"}};

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0501",
      .name = "router-cut-off",
      .group = RuleGroup::Callers,
      .severity = Severity::Warning,
      .meaning =
          "A Route or Ingress leads to pods that the router does not reach: whoever asks gets 503. "
          "That is what becomes of Routes when their project joins a mesh: its policy closes all "
          "pods, and the router's project is admitted only to those that are labelled.",
      .source = "mission M6, M20; incident 1 (istio/istio 29888)",
      .fix = "Label the pod template maistra.io/expose-route: \"true\", write a NetworkPolicy that "
             "admits namespaces with network.openshift.io/policy-group: ingress, or lead the Route "
             "to the mesh's ingress gateway.",
      .needs = kPods},
     router_cut_off},
    {{.code = "MP0502",
      .name = "monitoring-cut-off",
      .group = RuleGroup::Callers,
      .severity = Severity::Warning,
      .meaning =
          "A ServiceMonitor, PodMonitor or Probe means pods that the cluster's Prometheus does not "
          "reach: their metrics and alerts end without an error. A join to a mesh closes the pods "
          "for openshift-monitoring.",
      .source = "mission M6; operator.md 9",
      .fix = "Write a NetworkPolicy in the project that admits namespaces with "
             "network.openshift.io/policy-group: monitoring to the ports of the metrics.",
      .needs = kPods},
     monitoring_cut_off},
    {{.code = "MP0503",
      .name = "webhook-cut-off",
      .group = RuleGroup::Callers,
      .severity = Severity::Error,
      .meaning =
          "The API server does not reach the pods of a webhook, an aggregated API or a conversion. "
          "With failurePolicy Fail all requests that the webhook is asked about fail, in all "
          "projects that it looks at; with Ignore they pass unasked. The API server calls from the "
          "nodes of the control plane.",
      .source = "mission M6; operator.md 3.4",
      .fix =
          "Write a NetworkPolicy that admits the port to everybody: policies do not name the API "
          "server.",
      .needs = kPods},
     webhook_cut_off},
});

}  // namespace

std::span<const RuleRow> caller_use_rules() { return kRows; }

}  // namespace meshproof
