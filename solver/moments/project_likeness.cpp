#include "solver/moments/project_likeness.h"

#include <map>
#include <set>
#include <utility>

#include "model/tree_json.h"

namespace meshproof {
namespace {

void collect_keys(const LabelSelector& selector, std::set<Symbol>& keys) {
  for (const LabelRequirement& each : selector.requirements) keys.insert(each.key);
}

std::set<Symbol> pod_keys_of(const Cluster& cluster) {
  std::set<Symbol> keys;
  for (const NetworkPolicy& policy : cluster.policies) {
    collect_keys(policy.pods, keys);
    for (const auto* rules : {&policy.ingress, &policy.egress}) {
      for (const PolicyRule& rule : *rules) {
        for (const PolicyPeer& peer : rule.peers) {
          if (peer.pods) collect_keys(*peer.pods, keys);
        }
      }
    }
  }
  return keys;
}

class Likeness {
 public:
  explicit Likeness(const Snapshot& state) : state_(state), keys_(pod_keys_of(state.cluster)) {}

  [[nodiscard]] std::string of(const std::string& project) const {
    const Cluster& cluster = state_.cluster;
    const NamespaceId id = cluster.find_namespace(project);
    if (!id.is_valid()) return "-";
    const Namespace& ns = cluster.at(id);
    std::set<std::string> pods;
    for (const PodId pod : ns.pods) pods.insert(words_of(cluster.at(pod)));
    std::string text = labels_of(ns);
    for (const std::string& each : pods) text += '|' + each;
    std::set<std::string> policies;
    for (const Object* policy : state_.objects.of_kind("NetworkPolicy", project)) {
      const Tree* spec = policy->tree->find("spec");
      if (spec == nullptr) continue;
      std::string json;
      append_json(json, *spec);
      policies.insert(std::move(json));
    }
    for (const std::string& each : policies) text += '#' + each;
    return text;
  }

 private:
  [[nodiscard]] std::string labels_of(const Namespace& ns) const {
    std::string text;
    for (const Label& label : ns.labels.all()) {
      const std::string_view key = state_.cluster.symbols.text(label.key);
      if (key == "kubernetes.io/metadata.name") continue;
      text += std::string{key} + '=' + std::string{state_.cluster.symbols.text(label.value)} + ',';
    }
    return text;
  }

  [[nodiscard]] std::string words_of(const Pod& pod) const {
    std::string text = pod.host_network ? "host:" : "";
    for (const Label& label : pod.labels.all()) {
      if (!keys_.contains(label.key)) continue;
      text += std::to_string(label.key.value) + '=' + std::to_string(label.value.value) + ',';
    }
    return text;
  }

  const Snapshot& state_;
  const std::set<Symbol> keys_;
};

}  // namespace

std::vector<std::vector<std::size_t>> alike_parts(const Snapshot& before,
                                                  const std::vector<ChangePart>& parts) {
  const Likeness likeness(before);
  std::map<std::string, std::string> words;
  std::map<std::pair<std::string, std::string>, std::size_t> groups;
  std::map<std::string, std::set<std::string>> roles;
  const auto role_of = [](const ChangePart& part) {
    return std::to_string(part.phase) + (part.kind == ChangePart::Kind::Join ? " on " : " off ") +
           to_string(part.key);
  };
  for (const ChangePart& part : parts) {
    if (part.kind != ChangePart::Kind::Whole) roles[part.ns].insert(role_of(part));
  }
  std::vector<std::vector<std::size_t>> result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const ChangePart& part = parts[i];
    if (part.kind == ChangePart::Kind::Whole) {
      result.push_back({i});
      continue;
    }
    const auto [at, is_new_project] = words.try_emplace(part.ns);
    if (is_new_project) {
      at->second = likeness.of(part.ns);
      for (const std::string& role : roles[part.ns]) at->second += '&' + role;
    }
    const auto [group, is_new] = groups.try_emplace({role_of(part), at->second}, result.size());
    if (is_new) result.emplace_back();
    result[group->second].push_back(i);
  }
  return result;
}

}  // namespace meshproof
