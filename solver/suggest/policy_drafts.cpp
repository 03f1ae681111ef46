#include "solver/suggest/policy_drafts.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace meshproof {
namespace {

constexpr std::size_t kLongestName = 63;

Tree mapping_of(const LabelPairs& labels) {
  Tree tree = Tree::mapping();
  for (const auto& [key, value] : labels) tree.set(key, Tree::string(value));
  return tree;
}

Tree selector_of(const LabelPairs& labels) {
  Tree tree = Tree::mapping();
  if (!labels.empty()) tree.set("matchLabels", mapping_of(labels));
  return tree;
}

/// Both selectors always: with the OpenShift SDN a namespaceSelector or an empty podSelector alone
/// is a match of network ids, which can mean hosts and the outside too (SDN-P3, SDN-P6), and with
/// OVN-Kubernetes the former can mean every host (OVN-11).
Tree peer_of(const KeptPeer& peer) {
  if (!peer.block) {
    return Tree::mapping({{"namespaceSelector", selector_of(peer.projects)},
                          {"podSelector", selector_of(peer.pods)}});
  }
  Tree block = Tree::mapping({{"cidr", Tree::string(peer.block->cidr.to_string())}});
  if (!peer.block->except.empty()) {
    std::vector<std::string> except;
    for (const Cidr& each : peer.block->except) except.push_back(each.to_string());
    block.set("except", Tree::strings(except));
  }
  return Tree::mapping({{"ipBlock", std::move(block)}});
}

/// Numbers, never names: two of the three networks do not resolve them (SDN-P1, OVN-4).
Tree ports_of(const PortSet& ports) {
  Tree list = Tree::sequence();
  for (const Protocol protocol : kProtocols) {
    for (const PortRange range : ports.ranges(protocol)) {
      Tree port = Tree::mapping({{"protocol", Tree::string(std::string(to_string(protocol)))}});
      const bool is_whole = range.from <= 1 && range.to == 65535;
      if (!is_whole) port.set("port", Tree::number(range.from));
      if (!is_whole && range.to > range.from) port.set("endPort", Tree::number(range.to));
      list.items.push_back(std::move(port));
    }
  }
  return list;
}

/// The rules of one policy; peers with the same ports share one.
Tree rules_of(const std::vector<const KeptRule*>& rules, bool inwards) {
  std::vector<std::pair<PortSet, Tree>> by_ports;
  for (const KeptRule* rule : rules) {
    auto found = std::ranges::find(by_ports, rule->ports, &std::pair<PortSet, Tree>::first);
    if (found == by_ports.end()) {
      found = by_ports.insert(by_ports.end(), {rule->ports, Tree::sequence()});
    }
    found->second.items.push_back(peer_of(rule->peer));
  }
  Tree list = Tree::sequence();
  for (auto& [ports, peers] : by_ports) {
    Tree rule = Tree::mapping({{inwards ? "from" : "to", std::move(peers)}});
    if (!ports.is_all()) rule.set("ports", ports_of(ports));
    list.items.push_back(std::move(rule));
  }
  return list;
}

/// Lower-case letters, digits and single dashes.
std::string dashed(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_plain) result += c;
    if (is_upper) result += static_cast<char>(c - 'A' + 'a');
    if (!is_plain && !is_upper && !result.empty() && result.back() != '-') result += '-';
  }
  while (!result.empty() && result.back() == '-') result.pop_back();
  return result;
}

/// An end without what its own project says already.
std::string_view last_part(std::string_view text) {
  const std::size_t slash = text.rfind('/');
  const bool is_named = slash != text.npos && text.find('=') == text.npos;
  return is_named ? text.substr(slash + 1) : text;
}

std::string_view without_prefix(std::string_view text) {
  return text.starts_with("svc:") ? text.substr(4) : text;
}

std::string cut(std::string text, std::size_t length) {
  if (text.size() > length) text.resize(length);
  while (!text.empty() && text.back() == '-') text.pop_back();
  return text;
}

/// A name that no policy of the namespace has.
std::string free_name(const std::string& wanted, const std::string& ns, const ObjectStore& objects,
                      const std::vector<SuggestedPolicy>& drafts) {
  const auto is_taken = [&](const std::string& name) {
    return objects.find("NetworkPolicy", ns, name) != nullptr ||
           std::ranges::any_of(drafts, [&](const SuggestedPolicy& draft) {
             return draft.ns == ns && draft.name == name;
           });
  };
  std::string name = cut(wanted, kLongestName);
  for (unsigned number = 2; is_taken(name); ++number) {
    const std::string tail = "-" + std::to_string(number);
    name = cut(wanted, kLongestName - tail.size()) + tail;
  }
  return name;
}

std::string wanted_name(const KeptFlow& flow, std::size_t more, bool inwards) {
  const std::string_view from = inwards ? without_prefix(flow.from) : last_part(flow.from);
  const std::string_view to = without_prefix(inwards ? last_part(flow.to) : flow.to);
  // Half for each end, so that a long one leaves room for the other.
  std::string name = "allow-" + cut(dashed(from), 27) + "-to-" + cut(dashed(to), 26);
  if (more > 0) name = cut(name, 50) + "-and-" + std::to_string(more) + "-more";
  return name;
}

}  // namespace

std::vector<SuggestedPolicy> draft_policies(const std::vector<NeededRule>& needed,
                                            const std::vector<KeptFlow>& flows,
                                            const ObjectStore& objects) {
  std::vector<SuggestedPolicy> drafts;
  std::vector<bool> is_done(needed.size(), false);
  for (std::size_t first = 0; first < needed.size(); ++first) {
    if (is_done[first]) continue;
    const KeptRule& leader = needed[first].rule;
    SuggestedPolicy draft{leader.ns, {}, leader.direction, {}, {}};
    std::vector<const KeptRule*> rules;
    for (std::size_t i = first; i < needed.size(); ++i) {
      const KeptRule& rule = needed[i].rule;
      const bool fits =
          rule.direction == leader.direction && rule.ns == leader.ns && rule.pods == leader.pods;
      if (is_done[i] || !fits) continue;
      is_done[i] = true;
      rules.push_back(&rule);
      draft.flows.insert(draft.flows.end(), needed[i].flows.begin(), needed[i].flows.end());
    }
    std::ranges::sort(draft.flows);
    const auto repeated = std::ranges::unique(draft.flows);
    draft.flows.erase(repeated.begin(), repeated.end());
    const bool inwards = leader.direction == Direction::Ingress;
    const std::string wanted =
        wanted_name(flows.at(draft.flows.front()), draft.flows.size() - 1, inwards);
    draft.name = free_name(wanted, draft.ns, objects, drafts);
    Tree spec = Tree::mapping({{"podSelector", selector_of(leader.pods)},
                               {"policyTypes", Tree::strings({inwards ? "Ingress" : "Egress"})},
                               {inwards ? "ingress" : "egress", rules_of(rules, inwards)}});
    draft.manifest =
        Tree::mapping({{"apiVersion", Tree::string("networking.k8s.io/v1")},
                       {"kind", Tree::string("NetworkPolicy")},
                       {"metadata", Tree::mapping({{"name", Tree::string(draft.name)},
                                                   {"namespace", Tree::string(draft.ns)}})},
                       {"spec", std::move(spec)}});
    drafts.push_back(std::move(draft));
  }
  return drafts;
}

}  // namespace meshproof
