#include <algorithm>
#include <optional>

#include "solver/evaluate_context.h"
#include "solver/service_targets.h"

/// Flows to a Service (SEMANTICS S1–S6): each endpoint is judged at its own address and port.
namespace meshproof {
namespace {

constexpr std::size_t kReasonsShown = 6;

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
  const std::vector<ServiceTarget> targets = service_targets(
      context.cluster, service, {translated ? &*offered : nullptr, port}, context.pending);
  if (targets.empty()) {
    return refuse("S5", name + " has no endpoint for " + port_text(protocol, port));
  }
  if (translated) {
    if (auto refusal = refusal_by_dialect(context, service)) return std::move(*refusal);
  }
  std::vector<Decision> decisions;
  for (const ServiceTarget& target : targets) {
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
