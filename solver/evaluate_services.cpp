#include <algorithm>
#include <optional>

#include "solver/evaluate_context.h"

/// Flows to a Service (SEMANTICS S1–S6): each endpoint is judged at its own address and port.
namespace meshproof {
namespace {

struct Target {
  FlowEnd end;
  std::uint16_t port = 0;
};

constexpr std::size_t kReasonsShown = 6;

/// SEMANTICS S4: a target port by name is the pod's own container port of that name.
std::optional<std::uint16_t> target_port(const EvaluationContext& context, const ServicePort& port,
                                         PodId pod) {
  if (port.target_name.empty()) return port.target_port != 0 ? port.target_port : port.port;
  if (!pod.is_valid()) return std::nullopt;
  for (const ContainerPort& candidate : context.cluster.at(pod).ports) {
    const bool same = candidate.name == port.target_name && candidate.protocol == port.protocol;
    if (same) return candidate.port;
  }
  return std::nullopt;
}

std::optional<std::uint16_t> endpoint_port(const EvaluationContext& context,
                                           const ServiceEndpoint& endpoint,
                                           const ServicePort& port) {
  if (endpoint.ports.empty()) return target_port(context, port, endpoint.pod);
  for (const ServicePort& candidate : endpoint.ports) {
    if (candidate.name == port.name && candidate.protocol == port.protocol) return candidate.port;
  }
  return std::nullopt;
}

bool is_ready(const EvaluationContext& context, const Pod& pod) {
  const bool waits = pod.phase == PodPhase::Pending && pod.addresses.empty() && !pod.stand_in;
  return !pod.is_completed() && (!waits || context.pending == PendingPods::WillRun);
}

/// The port at an endpoint: what the Service translates to (S4), or the one asked for (S6).
struct Wanted {
  const ServicePort* offered = nullptr;  ///< none: nothing is translated
  std::uint16_t port = 0;
};

/// SEMANTICS S3: the endpoints of the input, else the running pods that the selector picks.
std::vector<Target> find_targets(const EvaluationContext& context, const Service& service,
                                 const Wanted& wanted) {
  const ServicePort* offered = wanted.offered;
  std::vector<Target> targets;
  const auto add = [&](const FlowEnd& end, std::optional<std::uint16_t> number) {
    if (number) targets.push_back({end, *number});
  };
  if (service.has_endpoints_object) {
    for (const ServiceEndpoint& endpoint : service.endpoints) {
      const bool stands_for_pod =
          endpoint.pod.is_valid() && !context.cluster.at(endpoint.pod).is_completed();
      add(stands_for_pod ? FlowEnd{endpoint.pod} : FlowEnd{endpoint.address},
          offered == nullptr ? wanted.port : endpoint_port(context, endpoint, *offered));
    }
    return targets;
  }
  if (!service.selector) return targets;
  for (const PodId id : context.ns(service.ns).pods) {
    const Pod& pod = context.cluster.at(id);
    if (!is_ready(context, pod) || !matches(*service.selector, pod.labels)) continue;
    add(id, offered == nullptr ? wanted.port : target_port(context, *offered, id));
  }
  return targets;
}

Decision refuse(std::string_view rule_id, std::string text) {
  return combine({ruling(Truth::No, Direction::Egress, rule_id, std::move(text))});
}

/// SEMANTICS S2: a Service answers if one of its endpoints does.
Decision best_of(std::vector<Decision> decisions) {
  Decision result;
  for (const Access wanted : {Access::Allowed, Access::Unknown, Access::Denied}) {
    for (Decision& decision : decisions) {
      if (decision.access != wanted) continue;
      result.access = wanted;
      for (Reason& reason : decision.reasons) {
        if (result.reasons.size() < kReasonsShown) result.reasons.push_back(std::move(reason));
      }
      if (wanted == Access::Allowed) return result;
    }
    if (!result.reasons.empty()) return result;
  }
  return result;
}

/// What keeps a translated Service from being offered at all.
std::optional<Decision> refusal_by_dialect(const EvaluationContext& context,
                                           const Service& service) {
  if (context.dialect.rule_service == nullptr) return std::nullopt;
  Rulings rulings = context.dialect.rule_service(context, service);
  if (rulings.empty()) return std::nullopt;
  Decision decision = combine(std::move(rulings));
  if (decision.access == Access::Allowed) return std::nullopt;
  return decision;
}

}  // namespace

Decision judge_service(const EvaluationContext& context, const End& src, const Service& service,
                       Protocol protocol, std::uint16_t port) {
  const std::string name = "Service " + context.ns(service.ns).name + '/' + service.name;
  if (!service.external_name.empty()) {
    return combine({ruling(Truth::Maybe, Direction::Egress, "S9",
                           name + " stands for the name " + service.external_name +
                               ", whose addresses are not known")});
  }
  const auto offered = std::ranges::find_if(service.ports, [&](const ServicePort& candidate) {
    return candidate.protocol == protocol && candidate.port == port;
  });
  // SEMANTICS S6: without a cluster IP nothing is translated, the client finds the pods by name.
  const bool translated = !service.headless;
  if (translated && offered == service.ports.end()) {
    return refuse("S5", name + " offers no port " + port_text(protocol, port));
  }
  const std::vector<Target> targets =
      find_targets(context, service, {translated ? &*offered : nullptr, port});
  if (targets.empty()) {
    return refuse("S5", name + " has no endpoint for " + port_text(protocol, port));
  }
  if (translated) {
    if (auto refusal = refusal_by_dialect(context, service)) return std::move(*refusal);
  }
  std::vector<Decision> decisions;
  for (const Target& target : targets) {
    Packet packet{src, destination_end(context, target.end), protocol, target.port, translated};
    const bool from_host = src.kind == End::Kind::Host && translated;
    if (from_host && context.dialect.dialect == Dialect::OvnKubernetes) {
      packet.src = sent_through_service(src);
    }
    Decision decision = judge(context, packet);
    Reason reason;
    reason.direction = Direction::Egress;
    reason.rule_id = "S1";
    reason.place = service.place;
    reason.text = name + " leads to " + packet.dst.name + " on " + port_text(protocol, target.port);
    explain_first(decision, std::move(reason));
    decisions.push_back(std::move(decision));
  }
  return best_of(std::move(decisions));
}

}  // namespace meshproof
