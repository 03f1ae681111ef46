#include "model/mesh/network_join.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>
#include <vector>

#include "model/mesh/copies.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"
#include "model/mesh/ranks.h"
#include "model/mesh/sdn_master.h"
#include "model/project.h"
#include "model/sdn/net_id.h"

namespace meshproof {
namespace {

constexpr std::string_view kNoNetworkKind =
    "no matches for kind \"Network\" in version \"config.openshift.io/v1\"";
constexpr std::string_view kTimeout = "timed out waiting for the condition";

/// The network as it is now. What there is to warn of, project() tells.
Network current_network(const World& world) {
  NetworkOptions options = world.platform().network;
  options.absent_kinds = world.platform().absent_kinds;
  if (world.platform().serves_network_kind) options.served_kinds.insert("Network");
  Diagnostics unused;
  return find_network(world.objects(), options, unused);
}

std::optional<std::string> join_by_policies(World& world, const std::string& ns,
                                            const std::string& mesh) {
  const WantedCopies wanted = wanted_policies(world, mesh);
  const auto existing = copies_in(world, "NetworkPolicy", ns, mesh);
  std::vector<std::string> errors;
  for (const Object& source : wanted.sources) {
    if (existing.contains(source.key.name)) continue;
    const WriteNote note{"every member of " + mesh + " has its own copy", ns, kJoinNetwork};
    if (!world.create(member_copy(world, source, ns, mesh), note)) {
      errors.push_back("networkpolicies.networking.k8s.io \"" + source.key.name +
                       "\" already exists");
    }
  }
  for (const auto& [name, key] : existing) {
    if (wanted.permitted.contains(name)) continue;
    world.remove(key, {mesh + " has no such policy any more", ns, kJoinObsoleteNetwork});
  }
  return aggregate(errors);
}

std::optional<std::string> leave_by_policies(World& world, const std::string& ns,
                                             const std::string& mesh) {
  for (const auto& [name, key] : copies_in(world, "NetworkPolicy", ns, mesh)) {
    world.remove(key, {"the project leaves " + mesh, ns, kLeaveNetwork});
  }
  return std::nullopt;
}

constexpr std::string_view kNetNamespace = "NetNamespace.network.openshift.io";

std::string missing_net_namespace(const std::string& name) {
  return std::string{kNetNamespace} + " \"" + name + "\" not found";
}

/// Writes the annotation, lets the SDN master answer, and waits as the operator does.
std::optional<std::string> ask_for_change(World& world, const std::string& ns,
                                          const std::string& request, const std::string& reason,
                                          int rank) {
  Tree tree = *world.find("NetNamespace", "", ns)->tree;
  set_annotation(tree, kChangeNetwork, request);
  world.update(std::move(tree), {reason, ns, rank});
  world.set_raced();
  if (!world.platform().sdn_runs) {
    if (world.platform().stopped_sdn == StoppedSdn::PassesUnseen) return std::nullopt;
    return std::string{kTimeout};
  }
  if (world.platform().timing == SdnTiming::InTime) consume_change_request(world, ns, ns, rank + 2);
  const Object* answered = world.find("NetNamespace", "", ns);
  const bool refused =
      world.platform().timing == SdnTiming::InTime && has_annotation(*answered, kChangeNetwork);
  return refused ? std::optional{std::string{kTimeout}} : std::nullopt;
}

std::optional<std::string> change_net_namespace(World& world, const std::string& ns,
                                                const std::string& mesh, bool joining) {
  const Object* own = world.find("NetNamespace", "", ns);
  if (own == nullptr) return missing_net_namespace(ns);
  const std::string request = joining ? "join:" + mesh : "isolate";
  const std::string reason =
      joining ? "asks the SDN master to join it to " + mesh : "asks the SDN master to isolate it";
  const int rank = joining ? kJoinNetwork : kLeaveNetwork;
  if (world.version().always_asks_sdn) return ask_for_change(world, ns, request, reason, rank);
  const Object* target = world.find("NetNamespace", "", mesh);
  if (target == nullptr) return missing_net_namespace(mesh);
  const bool joined = netid_of(*own) == netid_of(*target);
  const std::string pending{annotation(*own, kChangeNetwork)};
  // A pending request counts as success, whether the SDN master is alive or not.
  if (joined == joining || pending == request) return std::nullopt;
  return ask_for_change(world, ns, request, reason, rank);
}

/// Operators 1.0 and 1.1, where they decide otherwise than those after them (operator.md 0, 3.1).
/// Without a Network object 1.0 crashes; taken as doing nothing to the network, too.
std::optional<NetworkStrategy> strategy_of_few(const World& world) {
  const Object* network = world.find("Network", "", "cluster");
  if (network == nullptr) {
    if (world.platform().serves_network_kind) return NetworkStrategy{Strategy::Nothing, ""};
    return std::nullopt;
  }
  std::string type{network->tree->string_at({"spec", "networkType"})};
  const std::string written = type;
  std::ranges::transform(type, type.begin(), [](unsigned char c) { return std::tolower(c); });
  if (type.empty()) return NetworkStrategy{Strategy::Nothing, ""};
  if (type == "calico") return NetworkStrategy{Strategy::NetworkPolicy, ""};
  if (type != "openshiftsdn") {
    return NetworkStrategy{Strategy::Refused, "unsupported network type: " + written};
  }
  const Object* plugin = world.find("ClusterNetwork", "", "default");
  if (plugin != nullptr && plugin->tree->string_at({"pluginName"}).empty()) {
    return NetworkStrategy{Strategy::Nothing, ""};
  }
  return std::nullopt;
}

}  // namespace

bool is_missing_net_namespace(std::string_view error) { return error.starts_with(kNetNamespace); }

NetworkStrategy find_strategy(const World& world) {
  const bool told = world.platform().network.sdn.has_value();
  if (world.version().knows_few_networks && !told) {
    if (const auto strategy = strategy_of_few(world)) return *strategy;
  }
  if (!told && world.platform().is_absent("Network") && !world.version().tolerates_missing_kinds) {
    return {Strategy::Refused, std::string{kNoNetworkKind}};
  }
  const Network network = current_network(world);
  if (network.strategy != Strategy::Refused) return {network.strategy, ""};
  const Object* cluster_network = world.find("ClusterNetwork", "", "default");
  const auto plugin =
      cluster_network == nullptr ? "" : cluster_network->tree->string_at({"pluginName"});
  return {Strategy::Refused, "unsupported cluster network plugin: " + std::string{plugin}};
}

SdnMode find_sdn_mode(const World& world) { return current_network(world).mode; }

std::optional<std::string> join_network(World& world, Strategy strategy, const std::string& ns,
                                        const std::string& mesh) {
  if (strategy == Strategy::NetworkPolicy) return join_by_policies(world, ns, mesh);
  if (strategy == Strategy::Multitenant) return change_net_namespace(world, ns, mesh, true);
  return std::nullopt;
}

std::optional<std::string> leave_network(World& world, Strategy strategy, const std::string& ns,
                                         const std::string& mesh) {
  if (strategy == Strategy::NetworkPolicy) return leave_by_policies(world, ns, mesh);
  if (strategy == Strategy::Multitenant) return change_net_namespace(world, ns, mesh, false);
  return std::nullopt;
}

std::optional<std::string> aggregate(const std::vector<std::string>& errors) {
  std::vector<std::string> distinct;
  for (const auto& error : errors) {
    if (std::ranges::find(distinct, error) == distinct.end()) distinct.push_back(error);
  }
  if (distinct.empty()) return std::nullopt;
  if (distinct.size() == 1) return distinct.front();
  std::string text = "[";
  for (const auto& error : distinct) text += (text.size() == 1 ? "" : ", ") + error;
  return text + ']';
}

}  // namespace meshproof
