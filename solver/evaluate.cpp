#include "solver/evaluate.h"

#include <algorithm>
#include <array>
#include <optional>

#include "solver/dialects/dialects.h"
#include "solver/evaluate_context.h"

/// One flow, step by step as in docs/SEMANTICS.md: who is at the two ends (F4–F7), Services (S),
/// then everything that has a say: policies of the source and of the destination (P), hosts (H),
/// and what the dialect adds (SDN-…, OVN-…, K-…). Each ruling is No, Maybe or Yes (F9).
namespace meshproof {
namespace {

Decision decide(Access access, std::string_view rule_id, std::string text) {
  Reason reason;
  reason.rule_id = rule_id;
  reason.text = std::move(text);
  return {access, {std::move(reason)}};
}

bool is_same_pod(const Packet& packet) {
  return packet.src.pod.is_valid() && packet.src.pod == packet.dst.pod;
}

/// What is asked: both directions, or one alone.
using OneWay = std::optional<Direction>;

/// SEMANTICS U1: an EgressFirewall speaks of what leaves the pod network, all others of anything.
/// Of one direction, what is of the project whose rules it asks.
bool may_touch(const EvaluationContext& context, const UnmodelledObject& object,
               const Packet& packet, OneWay only) {
  const bool is_firewall = object.key.kind == "EgressFirewall";
  const bool leaves = packet.src.is_pod() && !packet.dst.is_pod();
  if (is_firewall && (!leaves || only == Direction::Ingress)) return false;
  if (!object.ns.is_valid()) return true;
  const auto is_of = [&](const End& end) {
    return end.pod.is_valid() && context.pod(end).ns == object.ns;
  };
  if (only != Direction::Ingress && is_of(packet.src)) return true;
  return only != Direction::Egress && is_of(packet.dst) && !is_firewall;
}

/// SEMANTICS U1, U2: what kinds that are not modelled could change about the decision.
Decision heed_unmodelled(const EvaluationContext& context, const Packet& packet, Decision decision,
                         OneWay only = {}) {
  for (const UnmodelledObject& object : context.cluster.unmodelled) {
    if (!may_touch(context, object, packet, only)) continue;
    Reason reason;
    reason.direction = only.value_or(Direction::Ingress);
    reason.policy = to_string(object.key);
    reason.place = object.place;
    if (object.only_denies) {
      if (decision.access != Access::Allowed) continue;
      reason.rule_id = "U2";
      reason.text = "layer 3/4 only: " + reason.policy + " may refuse more";
      decision.reasons.push_back(std::move(reason));
      continue;
    }
    const bool only_restricts = object.key.kind == "EgressFirewall";
    if (only_restricts && decision.access == Access::Denied) continue;
    reason.rule_id = "U1";
    reason.text = reason.policy + " may decide this flow and its kind is not modelled";
    return {Access::Unknown, {std::move(reason)}};
  }
  return decision;
}

Decision judge_one_family(const EvaluationContext& context, const Packet& packet) {
  return heed_unmodelled(context, packet, combine(context.dialect.rule(context, packet)));
}

std::vector<IpAddress> of_family(const std::vector<IpAddress>& addresses, bool v4) {
  std::vector<IpAddress> result;
  std::ranges::copy_if(addresses, std::back_inserter(result),
                       [&](const IpAddress& address) { return address.is_v4() == v4; });
  return result;
}

/// What a packet meets, and what it carries.
struct JudgedPacket {
  Packet packet;
  Decision decision;
};

/// SEMANTICS F8: ends that share IPv4 and IPv6 may use either; the better answer counts.
JudgedPacket judge_each_family(const EvaluationContext& context, const Packet& packet) {
  std::vector<JudgedPacket> judged;
  for (const bool v4 : {true, false}) {
    Packet narrowed = packet;
    narrowed.src.addresses = of_family(packet.src.addresses, v4);
    narrowed.dst.addresses = of_family(packet.dst.addresses, v4);
    if (narrowed.src.addresses.empty() || narrowed.dst.addresses.empty()) continue;
    Decision decision = judge_one_family(context, narrowed);
    judged.push_back({std::move(narrowed), std::move(decision)});
  }
  if (judged.empty()) return {packet, judge_one_family(context, packet)};
  for (const Access wanted : {Access::Allowed, Access::Unknown}) {
    const auto found = std::ranges::find(
        judged, wanted, [](const JudgedPacket& each) { return each.decision.access; });
    if (found != judged.end()) return *found;
  }
  return judged.front();
}

/// The rulings of one direction alone, of the packet that decides.
Decision judge_one_way(const EvaluationContext& context, const Packet& packet, Direction only) {
  const Packet judged = judge_each_family(context, packet).packet;
  Rulings rulings = context.dialect.rule(context, judged);
  std::erase_if(rulings,
                [&](const Ruling& each) { return each.reasons.front().direction != only; });
  return heed_unmodelled(context, judged, combine(std::move(rulings)), only);
}

/// Judges what does not hang on rules of either end (F3, F4, F7); else nothing.
std::optional<Decision> judge_ends(const Packet& packet) {
  for (const End* end : {&packet.src, &packet.dst}) {
    if (end->kind != End::Kind::Nobody) continue;
    return decide(Access::Denied, end->rule_id, end->name + ": " + end->nobody_because);
  }
  // SEMANTICS F3, S8: what a pod sends to itself never leaves it or comes back as a host's.
  if (is_same_pod(packet)) {
    return decide(Access::Allowed, "F3", packet.src.name + " always reaches itself");
  }
  if (!packet.src.is_pod() && !packet.dst.is_pod()) {
    return decide(Access::Allowed, "F7",
                  "neither " + packet.src.name + " nor " + packet.dst.name +
                      " is on the pod network, where policies act");
  }
  return std::nullopt;
}

/// SEMANTICS F10: only a pod can have such an address ahead.
bool is_to_multicast(const Packet& packet) {
  const auto& ahead = packet.dst.addresses;
  return packet.dst.kind == End::Kind::Outside && !ahead.empty() && is_multicast(ahead.front());
}

Decision judge_from(const EvaluationContext& context, const End& src, const FlowEnd& dst,
                    Protocol protocol, std::uint16_t port) {
  if (const std::string& why = context.cluster.network.unknown_because; !why.empty()) {
    return decide(Access::Unknown, "U3", why);
  }
  if (src.kind == End::Kind::Nobody) {
    return decide(Access::Denied, src.rule_id, src.name + ": " + src.nobody_because);
  }
  if (const ServiceId service = service_at(context, dst); service.is_valid()) {
    return judge_service(context, src, context.cluster.at(service), protocol, port);
  }
  return judge(context, {src, destination_end(context, dst), protocol, port, false});
}

}  // namespace

EvaluationContext::EvaluationContext(const Cluster& the_cluster, PendingPods the_pending)
    : cluster(the_cluster),
      dialect(rules_of(the_cluster.network.dialect)),
      pending(the_pending),
      oversized(the_cluster.policies.size(), 0) {
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    if (cluster.pods[i].host_network) {
      if (!cluster.pods[i].is_completed()) host_pods.push_back({i});
      continue;
    }
    for (const IpAddress& address : cluster.pods[i].addresses) holders[address].push_back({i});
  }
  for (std::uint32_t i = 0; i < cluster.net_namespaces.size(); ++i) {
    net_namespaces_by_id[cluster.net_namespaces[i].netid].push_back({i});
  }
  for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) {
    const Vnid vnid = vnid_of(*this, NamespaceId{i});
    if (vnid.known) namespaces_by_vnid[vnid.value].push_back({i});
  }
}

PodId EvaluationContext::running_pod_at(const IpAddress& address) const {
  const auto found = holders.find(address);
  if (found == holders.end()) return {};
  for (const PodId id : found->second) {
    if (!cluster.at(id).is_completed()) return id;
  }
  return {};
}

Ruling ruling(Truth allows, Direction direction, std::string_view rule_id, std::string text) {
  Reason reason;
  reason.direction = direction;
  reason.rule_id = rule_id;
  reason.text = std::move(text);
  return {allows, {std::move(reason)}};
}

Decision combine(Rulings rulings) {
  Truth allows = Truth::Yes;
  for (const Ruling& one : rulings) allows = std::min(allows, one.allows);
  constexpr std::array kAccess{Access::Denied, Access::Unknown, Access::Allowed};
  Decision decision{kAccess.at(static_cast<std::size_t>(allows)), {}};
  for (Ruling& one : rulings) {
    if (one.allows != allows) continue;
    for (Reason& reason : one.reasons) decision.reasons.push_back(std::move(reason));
  }
  return decision;
}

void explain_first(Decision& decision, Reason reason) {
  decision.reasons.insert(decision.reasons.begin(), std::move(reason));
}

Decision judge(const EvaluationContext& context, const Packet& packet) {
  if (auto decided = judge_ends(packet)) return std::move(*decided);
  if (is_to_multicast(packet)) {
    return heed_unmodelled(context, packet,
                           combine({context.dialect.rule_multicast(context, packet)}));
  }
  return judge_each_family(context, packet).decision;
}

Evaluator::Evaluator(const Cluster& cluster, PendingPods pending)
    : context_(std::make_unique<const EvaluationContext>(cluster, pending)) {}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;

Decision Evaluator::evaluate(const Flow& flow) const {
  return judge_from(*context_, source_end(*context_, flow.src), flow.dst, flow.protocol, flow.port);
}

Decision Evaluator::evaluate_one_way(const Flow& flow, Direction only) const {
  const EvaluationContext& context = *context_;
  const Packet packet{source_end(context, flow.src), destination_end(context, flow.dst),
                      flow.protocol, flow.port, false};
  std::optional<Decision> decided = judge_ends(packet);
  const std::string& why = context.cluster.network.unknown_because;
  if (!why.empty()) decided = decide(Access::Unknown, "U3", why);
  if (decided) {
    for (Reason& reason : decided->reasons) reason.direction = only;
    return std::move(*decided);
  }
  if (!is_to_multicast(packet)) return judge_one_way(context, packet, only);
  Rulings rulings;
  if (only == Direction::Egress) rulings.push_back(context.dialect.rule_multicast(context, packet));
  return heed_unmodelled(context, packet, combine(std::move(rulings)), only);
}

Decision Evaluator::evaluate_from_node(NodeId src, const FlowEnd& dst, Protocol protocol,
                                       std::uint16_t port) const {
  return judge_from(*context_, source_node(*context_, src), dst, protocol, port);
}

Decision Evaluator::evaluate_to_node(const FlowEnd& src, NodeId dst, Protocol protocol,
                                     std::uint16_t port) const {
  if (const auto& why = context_->cluster.network.unknown_because; !why.empty()) {
    return decide(Access::Unknown, "U3", why);
  }
  return judge(*context_, {source_end(*context_, src), destination_node(*context_, dst), protocol,
                           port, false});
}

Decision evaluate(const Cluster& cluster, const Flow& flow) {
  return Evaluator(cluster).evaluate(flow);
}

}  // namespace meshproof
