#include "solver/moments/bridges.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "solver/moments/bridge_rules.h"

namespace meshproof {
namespace {

constexpr std::string_view kNameLabel = "kubernetes.io/metadata.name";
/// More kinds of pods than this are told apart by no real project's policies.
constexpr std::size_t kMostCells = 64;
constexpr std::size_t kNamesShown = 3;

/// Pods that all policies of their project, of both states, select alike.
struct PodCell {
  LabelWords pods;
  std::set<LabelWords> selected_by;
};

/// Disjoint, and together all pods; fewer if there would be too many.
std::vector<PodCell> cells_of(const std::set<LabelWords>& selectors) {
  std::vector<PodCell> cells{{}};
  for (const LabelWords& selector : selectors) {
    std::vector<PodCell> finer;
    for (const PodCell& cell : cells) {
      if (const auto inside = both_of(cell.pods, selector)) {
        finer.push_back({*inside, cell.selected_by});
        finer.back().selected_by.insert(selector);
      }
      for (const LabelWords& part : others_of(selector)) {
        if (const auto outside = both_of(cell.pods, part)) {
          finer.push_back({*outside, cell.selected_by});
        }
      }
    }
    cells = std::move(finer);
    if (cells.size() > kMostCells) return {};
  }
  return cells;
}

/// A policy of one state, as far as one direction goes.
struct SidePolicy {
  LabelWords pods;
  std::vector<ReadPeer> peers;
  bool is_kept = false;
};

using MergeKey = std::tuple<std::vector<BridgePort>, bool, std::string, bool, LabelWords,
                            std::optional<LabelWords>>;

std::string block_words(const std::optional<IpBlock>& block) {
  if (!block) return {};
  std::string words = block->cidr.to_string();
  for (const Cidr& except : block->except) words += '-' + except.to_string();
  return words;
}

/// Rules that differ in the names of projects only are one.
class MergedRules {
 public:
  void add(const BridgeRule& rule) {
    const BridgePeer& peer = rule.peer;
    const LabelWords projects = peer.by_names ? LabelWords{} : peer.projects;
    const MergeKey key{rule.ports,    peer.everybody, block_words(peer.block),
                       peer.by_names, projects,       peer.pods};
    const auto [at, is_new] = rules_.try_emplace(key, rule);
    if (!is_new) at->second.peer.names.insert(peer.names.begin(), peer.names.end());
  }

  [[nodiscard]] std::vector<BridgeRule> all() const {
    std::vector<BridgeRule> result;
    for (const auto& [key, rule] : rules_) result.push_back(rule);
    return result;
  }

 private:
  std::map<MergeKey, BridgeRule> rules_;
};

class BridgeMaker {
 public:
  BridgeMaker(const Snapshot& before, const Snapshot& after, const std::vector<Step>& steps,
              const std::string& digest)
      : before_(before),
        after_(after),
        written_(written_rules(before.objects, steps)),
        digest_(digest) {
    for (const ObjectKey& key : written_.policies) written_projects_.insert(key.ns);
    for (const Snapshot* state : {&before, &after}) {
      for (const NetNamespace& each : state->cluster.net_namespaces) {
        if (each.netid == 0) host_projects_.insert(each.name);
      }
    }
    host_projects_.insert({"default", std::string{kHostNetworkNamespace}});
  }

  [[nodiscard]] Bridges make() {
    std::set<std::string> projects = written_projects_;
    for (const Namespace& each : before_.cluster.namespaces) {
      if (wavers(each)) projects.insert(each.name);
    }
    for (const std::string& project : projects) {
      // What the change makes or deletes has no flows that both states have.
      const bool stays = before_.cluster.find_namespace(project).is_valid() &&
                         after_.cluster.find_namespace(project).is_valid();
      if (!stays) continue;
      std::size_t number = 0;
      for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
        add_bridges(project, direction, number);
      }
    }
    return std::move(result_);
  }

 private:
  /// Whether a policy of the project means some project by labels in both states that a step
  /// writes, so that it may not mean it in between.
  [[nodiscard]] bool wavers(const Namespace& project) const {
    return std::ranges::any_of(project.policies, [this](PolicyId id) {
      const NetworkPolicy& policy = before_.cluster.at(id);
      return wavers(policy.ingress) || wavers(policy.egress);
    });
  }

  [[nodiscard]] bool wavers(const std::vector<PolicyRule>& rules) const {
    return std::ranges::any_of(rules, [this](const PolicyRule& rule) {
      return std::ranges::any_of(rule.peers,
                                 [this](const PolicyPeer& peer) { return wavers(peer); });
    });
  }

  [[nodiscard]] bool wavers(const PolicyPeer& peer) const {
    if (!peer.namespaces) return false;
    const LabelWords words = words_of(*peer.namespaces, before_.cluster.symbols);
    if (!written_.writes(words)) return false;
    return std::ranges::any_of(written_.label_keys, [&](const auto& each) {
      if (written_.leaves(words, each.first)) return false;
      const NamespaceId then = before_.cluster.find_namespace(each.first);
      return then.is_valid() && matches(*peer.namespaces, before_.cluster.at(then).labels);
    });
  }

  [[nodiscard]] std::vector<SidePolicy> policies_of(const Snapshot& state,
                                                    const std::string& project,
                                                    Direction direction) const {
    std::vector<SidePolicy> result;
    const NamespaceId ns = state.cluster.find_namespace(project);
    if (!ns.is_valid()) return result;
    for (const PolicyId id : state.cluster.at(ns).policies) {
      const NetworkPolicy& policy = state.cluster.at(id);
      if (!policy.isolates(direction)) continue;
      SidePolicy side{words_of(policy.pods, state.cluster.symbols),
                      read_peers(state.cluster, policy, direction), false};
      side.is_kept =
          !written_.policies.contains({"networking.k8s.io", "NetworkPolicy", project, policy.name});
      for (ReadPeer& peer : side.peers) peer.is_kept = side.is_kept;
      result.push_back(std::move(side));
    }
    return result;
  }

  void add_bridges(const std::string& project, Direction direction, std::size_t& number) {
    const std::vector<SidePolicy> before = policies_of(before_, project, direction);
    const std::vector<SidePolicy> after = policies_of(after_, project, direction);
    std::set<LabelWords> selectors;
    for (const auto* side : {&before, &after}) {
      for (const SidePolicy& policy : *side) selectors.insert(policy.pods);
    }
    const std::vector<PodCell> cells = cells_of(selectors);
    if (cells.empty()) give_up("the policies of " + project + " tell too many kinds of pods apart");
    struct Needed {
      LabelWords pods;
      std::vector<BridgeRule> rules;
    };
    std::vector<Needed> needed;
    for (const PodCell& cell : cells) {
      auto rules = rules_for(cell, before, after);
      if (rules) needed.push_back({cell.pods, std::move(*rules)});
    }
    for (const Needed& each : needed) add_policy(project, direction, each.pods, each.rules, number);
  }

  /// What a bridge for the pods has to say; nothing if they need none.
  [[nodiscard]] std::optional<std::vector<BridgeRule>> rules_for(
      const PodCell& cell, const std::vector<SidePolicy>& before,
      const std::vector<SidePolicy>& after) {
    bool is_kept_isolated = false;
    std::size_t isolated_in = 0;
    const auto peers_in = [&](const std::vector<SidePolicy>& side) {
      std::vector<ReadPeer> peers;
      bool is_isolated = false;
      for (const SidePolicy& policy : side) {
        if (!cell.selected_by.contains(policy.pods)) continue;
        is_isolated = true;
        is_kept_isolated = is_kept_isolated || policy.is_kept;
        peers.insert(peers.end(), policy.peers.begin(), policy.peers.end());
      }
      if (is_isolated) ++isolated_in;
      ReadPeer everybody;
      everybody.everybody = true;
      if (!is_isolated) peers.push_back(everybody);
      return peers;
    };
    const std::vector<ReadPeer> old_peers = peers_in(before);
    const std::vector<ReadPeer> new_peers = peers_in(after);
    if (isolated_in == 0) return std::nullopt;
    MergedRules merged;
    for (const ReadPeer& old_peer : old_peers) {
      for (const ReadPeer& new_peer : new_peers) {
        const CommonRule common = common_rule(old_peer, new_peer, written_);
        if (!common.is_exact) {
          give_up(
              "blocks of addresses and selectors of pods, or names and numbers of ports, have "
              "no common words");
        }
        if (common.rule) merged.add(*common.rule);
      }
    }
    std::vector<BridgeRule> rules = merged.all();
    if (is_kept_isolated && rules.empty()) return std::nullopt;
    return rules;
  }

  void give_up(std::string reason) {
    if (result_.incomplete.empty()) result_.incomplete = std::move(reason);
  }

  [[nodiscard]] Tree peer_tree(const BridgePeer& peer) const {
    if (peer.block) {
      Tree block = Tree::mapping({{"cidr", Tree::string(peer.block->cidr.to_string())}});
      std::vector<std::string> except;
      for (const Cidr& each : peer.block->except) except.push_back(each.to_string());
      if (!except.empty()) block.set("except", Tree::strings(except));
      return Tree::mapping({{"ipBlock", std::move(block)}});
    }
    const LabelWords names{
        {std::string{kNameLabel}, LabelOperator::In, {peer.names.begin(), peer.names.end()}}};
    Tree tree = Tree::mapping(
        {{"namespaceSelector", selector_tree(peer.by_names ? names : peer.projects)}});
    // Alone it can mean hosts and the outside too, as what it stands for then does.
    const bool means_hosts =
        !peer.pods && std::ranges::any_of(peer.names, [this](const std::string& name) {
          return host_projects_.contains(name);
        });
    if (!means_hosts) {
      tree.set("podSelector", selector_tree(peer.pods.value_or(LabelWords{})));
    }
    return tree;
  }

  [[nodiscard]] Tree rule_tree(const BridgeRule& rule, bool inwards) const {
    Tree tree = Tree::mapping();
    if (!rule.peer.everybody) {
      tree.set(inwards ? "from" : "to", Tree::sequence({peer_tree(rule.peer)}));
    }
    Tree ports = Tree::sequence();
    for (const BridgePort& port : rule.ports) {
      Tree each =
          Tree::mapping({{"protocol", Tree::string(std::string{to_string(port.protocol)})}});
      if (!port.name.empty()) each.set("port", Tree::string(port.name));
      if (port.range) each.set("port", Tree::number(port.range->from));
      if (port.range && port.range->to > port.range->from) {
        each.set("endPort", Tree::number(port.range->to));
      }
      ports.items.push_back(std::move(each));
    }
    if (!ports.items.empty()) tree.set("ports", std::move(ports));
    return tree;
  }

  [[nodiscard]] static std::string keeps_words(const std::vector<BridgeRule>& rules, bool inwards) {
    std::vector<std::string> whom;
    for (const BridgeRule& rule : rules) {
      if (rule.peer.everybody) whom.emplace_back("everybody");
      if (rule.peer.block) whom.push_back(rule.peer.block->cidr.to_string());
      if (rule.peer.everybody || rule.peer.block) continue;
      if (!rule.peer.by_names) {
        whom.push_back("projects with " + selector_words(rule.peer.projects));
        continue;
      }
      std::vector<std::string> names(rule.peer.names.begin(), rule.peer.names.end());
      const std::size_t more = names.size() > kNamesShown ? names.size() - kNamesShown : 0;
      names.resize(names.size() - more);
      whom.push_back(fmt::format("{}{}", fmt::join(names, ", "),
                                 more > 0 ? fmt::format(" and {} more", more) : ""));
    }
    const std::string_view verb = inwards ? "admits" : "lets out to";
    if (whom.empty()) return fmt::format("{} nobody, as both states", verb);
    return fmt::format("{} what both states do: {}", verb, fmt::join(whom, "; "));
  }

  void add_policy(const std::string& project, Direction direction, const LabelWords& pods,
                  const std::vector<BridgeRule>& rules, std::size_t& number) {
    const bool inwards = direction == Direction::Ingress;
    std::string name;
    do {
      name = fmt::format("bridge-{}-{}", digest_, ++number);
    } while (before_.objects.find("NetworkPolicy", project, name) != nullptr ||
             after_.objects.find("NetworkPolicy", project, name) != nullptr);
    Tree list = Tree::sequence();
    for (const BridgeRule& rule : rules) list.items.push_back(rule_tree(rule, inwards));
    Tree spec = Tree::mapping({{"podSelector", selector_tree(pods)},
                               {"policyTypes", Tree::strings({inwards ? "Ingress" : "Egress"})},
                               {inwards ? "ingress" : "egress", std::move(list)}});
    Tree metadata = Tree::mapping(
        {{"name", Tree::string(name)},
         {"namespace", Tree::string(project)},
         {"labels", Tree::mapping({{std::string{kBridgeLabel}, Tree::string(digest_)}})}});
    Tree manifest = Tree::mapping({{"apiVersion", Tree::string("networking.k8s.io/v1")},
                                   {"kind", Tree::string("NetworkPolicy")},
                                   {"metadata", std::move(metadata)},
                                   {"spec", std::move(spec)}});
    result_.policies.push_back(
        {project, std::move(name), std::move(manifest), keeps_words(rules, inwards)});
  }

  const Snapshot& before_;
  const Snapshot& after_;
  const WrittenRules written_;
  const std::string& digest_;
  std::set<std::string> written_projects_;
  std::set<std::string> host_projects_;
  Bridges result_;
};

}  // namespace

Bridges bridges_between(const Snapshot& before, const Snapshot& after,
                        const std::vector<Step>& steps, const std::string& digest) {
  return BridgeMaker(before, after, steps, digest).make();
}

}  // namespace meshproof
