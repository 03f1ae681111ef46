#include <algorithm>

#include "solver/evaluate_context.h"

/// What the NetworkPolicies of one direction say (SEMANTICS P1–P4).
namespace meshproof {
namespace {

constexpr std::size_t kReasonsShown = 5;

/// The policies that have a say about one pod in one direction.
struct Bearing {
  std::vector<PolicyId> isolating;  ///< P1
  std::vector<PolicyId> selecting;  ///< whose rules of the direction admit
};

/// How the rules of the selecting policies come out.
struct Admission {
  Match match;
  PolicyId policy;
  int rule = -1;
  int peer = -1;
  int port = -1;
  Place place;
};

struct Question {
  const EvaluationContext& context;
  Direction direction;
  const Packet& packet;

  [[nodiscard]] const End& subject() const {
    return direction == Direction::Ingress ? packet.dst : packet.src;
  }
  [[nodiscard]] const End& other() const {
    return direction == Direction::Ingress ? packet.src : packet.dst;
  }
};

std::string name_of(const EvaluationContext& context, const NetworkPolicy& policy) {
  return "NetworkPolicy " + context.ns(policy.ns).name + '/' + policy.name;
}

Bearing find_bearing(const Question& question) {
  const EvaluationContext& context = question.context;
  Bearing bearing;
  for (const PolicyId id : context.ns(context.pod(question.subject()).ns).policies) {
    const NetworkPolicy& policy = context.cluster.at(id);
    if (!selects_subject(context, policy, question.subject())) continue;
    const bool isolates = policy.isolates(question.direction);
    if (isolates) bearing.isolating.push_back(id);
    // SEMANTICS OVN-3: there the rules of both directions act, whatever policyTypes says.
    if (isolates || !context.dialect.types_limit_rules) bearing.selecting.push_back(id);
  }
  return bearing;
}

/// The first peer that matches; else the first that may; else the first refusal that needs words.
Admission find_peer(const Question& question, const NetworkPolicy& policy, const PolicyRule& rule) {
  Admission best;
  best.place = rule.place;
  // SEMANTICS P5: no peers means everybody, outside included.
  if (rule.peers.empty()) best.match = Match::yes("P5");
  for (std::size_t i = 0; i < rule.peers.size() && best.match.truth != Truth::Yes; ++i) {
    Match match = peer_matches(question.context, rule.peers[i], policy.ns, question.direction,
                               question.other());
    const bool better = match.truth > best.match.truth ||
                        (match.truth == Truth::No && !match.why.empty() && best.match.why.empty());
    if (!better) continue;
    best.match = std::move(match);
    best.peer = static_cast<int>(i);
    best.place = rule.peers[i].place;
  }
  return best;
}

/// SEMANTICS P4: a rule admits what one of its peers and one of its ports match.
Admission rule_admits(const Question& question, const NetworkPolicy& policy,
                      const PolicyRule& rule) {
  Admission result = find_peer(question, policy, rule);
  if (result.match.truth == Truth::No) return result;
  PortMatch ports = ports_match(question.context, rule.ports, question.packet);
  result.port = ports.index;
  const bool deviates = ports.match.rule_id != "P10" && ports.match.rule_id != "P11";
  const bool told_by_ports = result.match.truth == Truth::Yes && deviates;
  if (ports.match.truth == Truth::No || told_by_ports) result.match = std::move(ports.match);
  return result;
}

/// The first rule that admits; else the first that may; else the first refusal that needs words.
Admission find_admission(const Question& question, const std::vector<PolicyId>& policies) {
  Admission best;
  for (const PolicyId id : policies) {
    const NetworkPolicy& policy = question.context.cluster.at(id);
    const auto& rules = policy.rules(question.direction);
    const bool fails = question.context.dialect.oversized_policies_fail && !rules.empty() &&
                       is_oversized(question.context, id);
    for (std::size_t i = 0; i < rules.size(); ++i) {
      Admission admission = rule_admits(question, policy, rules[i]);
      admission.policy = id;
      admission.rule = static_cast<int>(i);
      if (fails && admission.match.truth != Truth::No) {
        admission.match = {Truth::No, "SDN-P8",
                           name_of(question.context, policy) +
                               " makes 10000 flows or more, so the SDN ignores its rules"};
      }
      if (admission.match.truth == Truth::Yes) return admission;
      const bool better = admission.match.truth > best.match.truth ||
                          (!admission.match.why.empty() && best.match.why.empty());
      if (better) best = std::move(admission);
    }
  }
  return best;
}

Reason reason_of(const Question& question, const Admission& admission, std::string text) {
  const NetworkPolicy& policy = question.context.cluster.at(admission.policy);
  return {question.direction,
          std::string(admission.match.rule_id),
          name_of(question.context, policy),
          admission.rule,
          admission.peer,
          admission.port,
          admission.place,
          std::move(text)};
}

std::string admits_text(const Question& question, std::string_view policy) {
  const bool inwards = question.direction == Direction::Ingress;
  return std::string(policy) + (inwards ? " admits " : " lets ") + question.packet.src.name +
         (inwards ? " to " : " reach ") + question.packet.dst.name + " on " +
         port_text(question.packet.protocol, question.packet.port);
}

/// SEMANTICS P1: a reason for each isolating policy, the first few.
Ruling refuse(const Question& question, const Bearing& bearing, const Admission& near) {
  const EvaluationContext& context = question.context;
  const bool inwards = question.direction == Direction::Ingress;
  const std::string refusal =
      " isolates " + question.subject().name + " for " +
      std::string(to_string(question.direction)) + " and no rule of the " +
      std::to_string(bearing.selecting.size()) +
      (bearing.selecting.size() == 1 ? " policy that selects it " : " policies that select it ") +
      (inwards ? "admits " : "lets it reach ") + question.other().name + " on " +
      port_text(question.packet.protocol, question.packet.port);
  Ruling result{Truth::No, {}};
  for (const PolicyId id : bearing.isolating) {
    if (result.reasons.size() == kReasonsShown) break;
    const NetworkPolicy& policy = context.cluster.at(id);
    const std::string name = name_of(context, policy);
    result.reasons.push_back(
        {question.direction, "P1", name, -1, -1, -1, policy.place, name + refusal});
  }
  if (bearing.isolating.size() > kReasonsShown) {
    result.reasons.back().text +=
        " (" + std::to_string(bearing.isolating.size()) + " policies isolate it)";
  }
  if (!near.match.why.empty()) {
    result.reasons.push_back(reason_of(question, near, near.match.why));
  }
  return result;
}

/// A policy that asks for more of a namespace than its name.
bool asks_for_labels(const NetworkPolicy& policy, Direction direction, Symbol name_label) {
  const auto asks = [&](const PolicyPeer& peer) {
    return peer.namespaces &&
           std::ranges::any_of(peer.namespaces->requirements, [&](const LabelRequirement& each) {
             return each.key != name_label;
           });
  };
  return std::ranges::any_of(policy.rules(direction), [&](const PolicyRule& rule) {
    return std::ranges::any_of(rule.peers, asks);
  });
}

/// Maybe, if what the input lacks could turn the ruling of the policies that it has.
Match doubt_about(const Question& question, const Bearing& bearing, Truth allows) {
  const EvaluationContext& context = question.context;
  const Namespace& ns = context.ns(context.pod(question.subject()).ns);
  // SEMANTICS C3: more policies isolate who is not isolated and admit who is refused; they take
  // nothing away from who is admitted by one of those that are known.
  const bool is_admitted = allows == Truth::Yes && !bearing.isolating.empty();
  if (ns.uncollected.policies && !is_admitted) {
    return Match::maybe(
        "C3", "which NetworkPolicies " + ns.name + " has is not known: the input lacks them");
  }
  if (!question.other().is_pod() || bearing.isolating.empty()) return Match::no();
  const Namespace& other = context.ns(context.pod(question.other()).ns);
  if (!other.uncollected.labels) return Match::no();
  const Symbol name_label = context.cluster.symbols.find("kubernetes.io/metadata.name");
  const bool asks = std::ranges::any_of(bearing.selecting, [&](PolicyId id) {
    return asks_for_labels(context.cluster.at(id), question.direction, name_label);
  });
  if (!asks) return Match::no();
  return Match::maybe(
      "C4", "which labels namespace " + other.name + " has is not known: the input lacks it");
}

Ruling rule_by_known_policies(const Question& question, const Bearing& bearing) {
  const EvaluationContext& context = question.context;
  const Direction direction = question.direction;
  if (bearing.isolating.empty()) {
    return ruling(Truth::Yes, direction, "P1",
                  "no NetworkPolicy isolates " + question.subject().name + " for " +
                      std::string(to_string(direction)));
  }
  const Admission admission = find_admission(question, bearing.selecting);
  if (admission.match.truth == Truth::No) return refuse(question, bearing, admission);
  const std::string name = name_of(context, context.cluster.at(admission.policy));
  std::string text = admits_text(question, name);
  if (admission.match.truth == Truth::Maybe)
    text = "whether " + text + " is open: " + admission.match.why;
  return {admission.match.truth, {reason_of(question, admission, std::move(text))}};
}

}  // namespace

Ruling rule_by_policies(const EvaluationContext& context, Direction direction,
                        const Packet& packet) {
  const Question question{context, direction, packet};
  const Bearing bearing = find_bearing(question);
  Ruling known = rule_by_known_policies(question, bearing);
  Match doubt = doubt_about(question, bearing, known.allows);
  if (doubt.truth == Truth::No) return known;
  return ruling(Truth::Maybe, direction, doubt.rule_id, std::move(doubt.why));
}

bool selects_subject(const EvaluationContext& context, const NetworkPolicy& policy,
                     const End& subject) {
  const Pod& pod = context.pod(subject);
  if (matches(policy.pods, pod.labels)) return true;
  if (!context.dialect.selects_completed_pods) return false;
  // SEMANTICS SDN-P7: the SDN isolates by address, and a completed pod keeps its own.
  for (const IpAddress& address : subject.addresses) {
    const auto holders = context.holders.find(address);
    if (holders == context.holders.end()) continue;
    for (const PodId id : holders->second) {
      const Pod& holder = context.cluster.at(id);
      if (holder.ns == pod.ns && matches(policy.pods, holder.labels)) return true;
    }
  }
  return false;
}

}  // namespace meshproof
