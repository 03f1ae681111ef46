#include "solver/moments/scene.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "solver/engines/all_pairs/flow_limit.h"
#include "solver/moments/scene_classes.h"
#include "solver/moments/scene_ends.h"
#include "solver/moments/symbol_copy.h"
#include "solver/reach_ends.h"

namespace meshproof {
namespace {

/// So many of a class are asked about: what is between some of them is between all. Pairs take two,
/// paths of two hops three, longer ones four (PROOFS.md).
constexpr std::size_t kRepresentatives = 4;

bool stands_for_hosts(std::string_view name) {
  return name == "default" || name == kHostNetworkNamespace;
}

bool is_vnid_policy(const Network& network) {
  return network.dialect == Dialect::OpenShiftSdn && network.mode == SdnMode::NetworkPolicy;
}

/// Reads the objects of projects in all their versions, in the symbols of the scene.
class ProjectReader {
 public:
  using Names = std::set<std::pair<std::string, std::string>>;

  ProjectReader(const ObjectVersions& versions, const RuleAtoms& atoms, const Names& oversized,
                SymbolTable& symbols)
      : versions_(versions), atoms_(atoms), oversized_(oversized) {
    for (const Cluster* cluster : versions.clusters()) {
      copies_.emplace_back(cluster->symbols, symbols);
    }
    for (const WrittenObject& object : versions.objects()) written_[object.key] = &object;
  }

  [[nodiscard]] SceneProject read(const std::string& name) {
    SceneProject project;
    project.name = name;
    add({"", "Namespace", "", name}, project);
    add({std::string(default_group("NetNamespace")), "NetNamespace", "", name}, project);
    std::set<std::string> policies;
    std::set<std::string> firewalls;
    for (const Cluster* cluster : versions_.clusters()) {
      const NamespaceId ns = cluster->find_namespace(name);
      if (!ns.is_valid()) continue;
      for (const PolicyId id : cluster->at(ns).policies) policies.insert(cluster->at(id).name);
      for (const EgressPolicyId id : cluster->at(ns).egress_policies) {
        firewalls.insert(cluster->at(id).name);
      }
    }
    for (const std::string& policy : policies) {
      add({std::string(default_group("NetworkPolicy")), "NetworkPolicy", name, policy}, project);
    }
    for (const std::string& firewall : firewalls) {
      add({std::string(default_group("EgressNetworkPolicy")), "EgressNetworkPolicy", name,
           firewall},
          project);
    }
    return project;
  }

 private:
  void add(const ObjectKey& key, SceneProject& project) {
    SceneObject object;
    const auto found = written_.find(key);
    if (found != written_.end()) object.written = found->second;
    const std::size_t last = object.written == nullptr ? 0 : object.written->writes.size();
    for (std::size_t i = 0; i <= last; ++i) object.versions.push_back(version(key, i));
    if (object.written != nullptr) ++project.written;
    project.objects.push_back(std::move(object));
  }

  [[nodiscard]] ObjectVersion version(const ObjectKey& key, std::size_t number) {
    const Cluster& cluster = *versions_.clusters()[number];
    SymbolCopy& copy = copies_[number];
    const bool is_namespaced = !key.ns.empty();
    const NamespaceId ns = cluster.find_namespace(is_namespaced ? key.ns : key.name);
    if (!ns.is_valid()) return {};
    const Namespace& known = cluster.at(ns);
    if (key.kind == "Namespace") {
      Namespace result = copy.of(trimmed(known, cluster));
      return result;
    }
    if (key.kind == "NetNamespace") {
      if (!known.net_namespace.is_valid()) return {};
      return cluster.at(known.net_namespace);
    }
    if (key.kind == "NetworkPolicy") {
      for (const PolicyId id : known.policies) {
        if (cluster.at(id).name != key.name) continue;
        NetworkPolicy policy = copy.of(cluster.at(id));
        // SEMANTICS SDN-P8: a slice has too few pods to show it.
        if (!oversized_.contains({key.ns, key.name})) return policy;
        policy.ingress.clear();
        policy.egress.clear();
        return policy;
      }
      return {};
    }
    for (const EgressPolicyId id : known.egress_policies) {
      if (cluster.at(id).name == key.name) return cluster.at(id);
    }
    return {};
  }

  /// Only with labels that selectors ask for.
  [[nodiscard]] Namespace trimmed(const Namespace& ns, const Cluster& cluster) const {
    Namespace result = ns;
    result.labels = {};
    result.pods.clear();
    result.policies.clear();
    result.egress_policies.clear();
    result.net_namespace = {};
    for (const std::string& key : atoms_.namespace_keys) {
      const Symbol symbol = cluster.symbols.find(key);
      const Symbol value = ns.labels.find(symbol);
      if (value.is_valid()) result.labels.set(symbol, value);
    }
    return result;
  }

  const ObjectVersions& versions_;
  const RuleAtoms& atoms_;
  const Names& oversized_;
  std::vector<SymbolCopy> copies_;
  std::map<ObjectKey, const WrittenObject*> written_;
};

}  // namespace

Scene::Scene(const ObjectVersions& versions, const std::vector<Stage>& stages,
             const SceneQuestions& questions)
    : state_(*versions.clusters().front()) {
  find_obstacle(versions);
  if (!obstacle_.empty()) return;
  RuleAtoms atoms = questions.atoms;
  for (const Cluster* cluster : versions.clusters()) atoms.add(*cluster);
  read_projects(versions, atoms);
  if (!obstacle_.empty()) return;
  const std::vector<Cidr> blocks(questions.atoms.blocks.begin(), questions.atoms.blocks.end());
  for (const OutsideBlock& block : outside_blocks(state_, blocks, versions.clusters())) {
    outside_.push_back(block.sample);
  }
  classify(versions, stages, questions);
}

void Scene::find_obstacle(const ObjectVersions& versions) {
  for (const UnmodelledObject& object : state_.unmodelled) {
    if (object.only_denies || object.ns.is_valid()) continue;
    obstacle_ = to_string(object.key) + " is not modelled, and whose flows it decides is not known";
    return;
  }
  if (!is_vnid_policy(state_.network)) return;
  for (const Cluster* cluster : versions.clusters()) {
    std::map<std::uint32_t, const NetNamespace*> ids;
    for (const NetNamespace& net : cluster->net_namespaces) {
      const auto [at, is_new] = ids.try_emplace(net.netid, &net);
      if (is_new) continue;
      obstacle_ = "projects " + at->second->name + " and " + net.name + " share the network id " +
                  std::to_string(net.netid) +
                  ", and whose policies then count is undefined in mode networkpolicy";
      return;
    }
    auto oversized = oversized_policies(*cluster);
    if (cluster == &state_) oversized_ = std::move(oversized);
    if (cluster == &state_ || oversized == oversized_) continue;
    std::vector<std::pair<std::string, std::string>> resized;
    std::ranges::set_symmetric_difference(oversized, oversized_, std::back_inserter(resized));
    obstacle_ = "NetworkPolicy " + resized.front().first + '/' + resized.front().second +
                " makes more flows than the SDN takes in one of the states only, and from when on "
                "is not known";
    return;
  }
}

void Scene::read_projects(const ObjectVersions& versions, const RuleAtoms& atoms) {
  const Cluster& after = *versions.clusters().back();
  std::set<std::string> changed;
  for (const WrittenObject& object : versions.objects()) changed.insert(object.project);
  ProjectReader reader(versions, atoms, oversized_, symbols_);
  SceneEnds ends(versions, atoms, symbols_);
  std::vector<SceneProject> others;
  const bool is_without_pods = state_.pods.empty();
  std::vector<std::vector<UnmodelledObject>> unmodelled(state_.namespaces.size());
  for (const UnmodelledObject& object : state_.unmodelled) {
    if (object.ns.is_valid()) unmodelled[object.ns.value].push_back(object);
  }
  for (std::uint32_t i = 0; i < state_.namespaces.size(); ++i) {
    const std::string& name = state_.namespaces[i].name;
    if (stands_for_hosts(name)) standing_for_hosts_.push_back(reader.read(name));
    if (name == kHostNetworkNamespace || !after.find_namespace(name).is_valid()) continue;
    std::vector<SceneEnd> found = ends.of({i});
    if (is_without_pods && !stands_for_hosts(name)) found = ends.hypothetical(name);
    if (found.empty()) continue;
    SceneProject project = reader.read(name);
    project.ends = std::move(found);
    project.unmodelled = std::move(unmodelled[i]);
    auto& into = changed.contains(name) ? projects_ : others;
    into.push_back(std::move(project));
  }
  has_hypothetical_ = is_without_pods && !(projects_.empty() && others.empty());
  changed_ = projects_.size();
  std::ranges::move(others, std::back_inserter(projects_));
  if (changed_ > 0) obstacle_ = ends.obstacle();
}

void Scene::classify(const ObjectVersions& versions, const std::vector<Stage>& stages,
                     const SceneQuestions& questions) {
  if (changed_ == 0) return;
  ProjectRelations relations(projects_, symbols_, questions.of_all_flows);
  order_objects(projects_, stages, relations, symbols_);
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < projects_.size(); ++i) {
    std::string signature = signature_of(projects_[i], i, stages, relations, symbols_);
    if (stands_for_hosts(projects_[i].name)) signature += " hosts";
    if (questions.signature) {
      for (const Cluster* cluster : versions.clusters()) {
        signature +=
            '/' + questions.signature(*cluster, cluster->find_namespace(projects_[i].name));
      }
    }
    const auto [at, is_new] = known.try_emplace(std::move(signature), classes_.size());
    if (is_new) classes_.emplace_back();
    SceneClass& one = classes_[at->second];
    ++one.count;
    if (one.projects.size() < kRepresentatives) one.projects.push_back(i);
  }
}

}  // namespace meshproof
