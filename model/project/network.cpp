// The two facts about the network (design.md): what the mesh operator does, from spec.networkType
// and pluginName (operator.md 3.1), and what the network enforces. They are collected as far as
// the input tells them, then the options win, then what is still open is assumed (with a warning)
// or unknown (with the reason).

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <utility>

#include "model/project.h"
#include "model/project/fields.h"
#include "model/project/network_addresses.h"

namespace meshproof {
namespace {

constexpr std::string_view kNetworkCrd = "networks.config.openshift.io";
constexpr std::string_view kOpenShiftSdnType = "openshiftsdn";

struct TypeRow {
  std::string_view type;  ///< lower case
  Dialect dialect;
};

constexpr std::array kTypes = std::to_array<TypeRow>({
    {"calico", Dialect::Kubernetes},
    {kOpenShiftSdnType, Dialect::OpenShiftSdn},
    {"ovnkubernetes", Dialect::OvnKubernetes},
});

struct ModeRow {
  std::string_view plugin;
  SdnMode mode;
  Strategy strategy;
};

// In the order of the modes.
constexpr std::array kModes = std::to_array<ModeRow>({
    {"redhat/openshift-ovs-subnet", SdnMode::Subnet, Strategy::Nothing},
    {"redhat/openshift-ovs-multitenant", SdnMode::Multitenant, Strategy::Multitenant},
    {"redhat/openshift-ovs-networkpolicy", SdnMode::NetworkPolicy, Strategy::NetworkPolicy},
});

/// What the input tells. A dialect or mode that it does not tell stays empty.
struct Facts {
  std::optional<Dialect> dialect;
  std::optional<SdnMode> mode;
  Strategy strategy = Strategy::NetworkPolicy;
  std::string refusal;
  /// Why dialect or mode are open although the input should tell them; empty where it need not.
  std::string open_because;
};

std::string lower(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return result;
}

bool is_network_served(const ObjectStore& objects, const NetworkOptions& options) {
  if (options.absent_kinds.contains("Network")) return false;
  return options.served_kinds.contains("Network") || !objects.of_kind("Network").empty() ||
         objects.find("CustomResourceDefinition", "", kNetworkCrd) != nullptr;
}

/// `networkType` of spec or status; empty if there is none.
std::string network_type(const Object& network, std::string_view part, Diagnostics& diagnostics) {
  const Tree* tree = field(*network.tree, part, TreeKind::Mapping, diagnostics);
  if (tree == nullptr) return {};
  return std::string{string_field(*tree, "networkType", diagnostics).value_or("")};
}

/// Mode, and where the operator follows the plugin also its strategy (operator.md 0 and 3.1).
Facts read_plugin(const Object* cluster_network, Diagnostics& diagnostics) {
  Facts facts;
  facts.dialect = Dialect::OpenShiftSdn;
  if (cluster_network == nullptr) {
    facts.strategy = Strategy::Nothing;
    facts.open_because =
        "there is no ClusterNetwork `default`, so the mode of the OpenShift SDN is not known; "
        "--sdn tells it";
    return facts;
  }
  const auto plugin = string_field(*cluster_network->tree, "pluginName", diagnostics);
  const auto row = std::ranges::find(kModes, lower(plugin.value_or("")), &ModeRow::plugin);
  if (row != kModes.end()) {
    facts.mode = row->mode;
    facts.strategy = row->strategy;
  } else if (plugin.value_or("").empty()) {
    facts.open_because =
        "ClusterNetwork `default` has no pluginName, so the mode of the OpenShift SDN is not "
        "known; --sdn tells it";
  } else {
    facts.strategy = Strategy::Refused;
    facts.refusal = "unsupported cluster network plugin";
    facts.open_because = "the network plugin `" + std::string{*plugin} +
                         "` is unknown; it is one of redhat/openshift-ovs-subnet, "
                         "redhat/openshift-ovs-multitenant, redhat/openshift-ovs-networkpolicy";
  }
  return facts;
}

/// The operator looks at spec.networkType; what is in force is status.networkType where it is
/// given (they differ while a cluster changes its network).
Facts read_facts(const Object& network, const Object* cluster_network,
                 const NetworkOptions& options, Diagnostics& diagnostics) {
  const std::string wanted = network_type(network, "spec", diagnostics);
  const std::string deployed = network_type(network, "status", diagnostics);
  const std::string& type = deployed.empty() ? wanted : deployed;
  Facts facts;
  if (lower(wanted) == kOpenShiftSdnType || lower(type) == kOpenShiftSdnType) {
    facts = read_plugin(cluster_network, diagnostics);
  }
  if (lower(wanted) != kOpenShiftSdnType) {
    facts.strategy = Strategy::NetworkPolicy;
    facts.refusal.clear();
  }
  if (lower(type) == kOpenShiftSdnType) return facts;
  facts.mode = SdnMode::NetworkPolicy;
  facts.open_because.clear();
  const auto row = std::ranges::find(kTypes, lower(type), &TypeRow::type);
  facts.dialect = row == kTypes.end() ? Dialect::Kubernetes : row->dialect;
  if (row == kTypes.end() && !options.dialect) {
    add_warning(diagnostics, network.place(), "unsupported-network",
                (type.empty() ? std::string{"Network `cluster` has no networkType"}
                              : "network type `" + type + "` is not modelled") +
                    "; dialect kubernetes is taken for it, --dialect tells another");
  }
  return facts;
}

/// The kind is served, but the object that must be there is missing: the operator does nothing.
Facts missing_network(const Object* cluster_network, Diagnostics& diagnostics) {
  Facts facts;
  if (cluster_network != nullptr) {
    facts = read_plugin(cluster_network, diagnostics);
    facts.refusal.clear();
  } else {
    facts.open_because =
        "there is no Network `cluster`, so the kind of network is not known; --dialect and --sdn "
        "tell it";
  }
  facts.strategy = Strategy::Nothing;
  return facts;
}

bool needs_openshift_sdn(SdnMode mode) { return mode != SdnMode::NetworkPolicy; }

/// What is settled by the options and the facts; what is open is assumed or unknown.
void settle(const Facts& facts, const NetworkOptions& options, bool told_by_input, Network& network,
            Diagnostics& diagnostics) {
  auto dialect = options.dialect ? options.dialect : facts.dialect;
  if (!dialect && options.sdn && needs_openshift_sdn(*options.sdn)) {
    dialect = Dialect::OpenShiftSdn;
  }
  auto mode = options.sdn ? options.sdn : facts.mode;
  if (!mode && dialect && *dialect != Dialect::OpenShiftSdn) mode = SdnMode::NetworkPolicy;
  const bool is_open = !dialect || !mode;
  if (is_open && !options.sdn) network.unknown_because = facts.open_because;
  network.dialect = dialect.value_or(Dialect::Kubernetes);
  network.mode = mode.value_or(SdnMode::NetworkPolicy);
  network.strategy = facts.strategy;
  network.refusal = facts.refusal;
  if (options.sdn) {
    network.strategy = kModes.at(static_cast<std::size_t>(*options.sdn)).strategy;
    network.refusal.clear();
  }
  network.assumed = network.unknown_because.empty() && (is_open || !told_by_input) &&
                    (!dialect || (*dialect == Dialect::OpenShiftSdn && !options.sdn));
  if (!network.assumed) return;
  add_warning(
      diagnostics, network.place, "network-assumed",
      "no Network `cluster` in the input: dialect " + std::string{to_string(network.dialect)} +
          ", mode " + std::string{to_string(network.mode)} + " and the operator's strategy " +
          std::string{to_string(network.strategy)} + " are assumed; --dialect and --sdn tell them");
}

/// Subnet and multitenant are modes of the OpenShift SDN alone.
void refuse_impossible_pair(const NetworkOptions& options, Network& network,
                            Diagnostics& diagnostics) {
  if (!needs_openshift_sdn(network.mode) || network.dialect == Dialect::OpenShiftSdn) return;
  network.unknown_because = "mode " + std::string{to_string(network.mode)} +
                            " exists only in dialect openshift-sdn, not in " +
                            std::string{to_string(network.dialect)};
  Diagnostic diagnostic{network.place,
                        Severity::Error,
                        "mode-needs-openshift-sdn",
                        network.unknown_because +
                            "; --sdn networkpolicy or --dialect "
                            "openshift-sdn would fit",
                        {},
                        options.sdn ? "--sdn" : "--dialect"};
  diagnostics.push_back(std::move(diagnostic));
}

}  // namespace

Network find_network(const ObjectStore& objects, const NetworkOptions& options,
                     Diagnostics& diagnostics) {
  Network network;
  network.ip_block_matches_pods = options.ip_block_matches_pods;
  const bool is_served = is_network_served(objects, options);
  const Object* object = is_served ? objects.find("Network", "", "cluster") : nullptr;
  const Object* cluster_network = objects.find("ClusterNetwork", "", "default");
  Facts facts;
  if (object != nullptr) {
    network.place = object->place();
    facts = read_facts(*object, cluster_network, options, diagnostics);
  } else if (is_served) {
    facts = missing_network(cluster_network, diagnostics);
  } else if (cluster_network != nullptr) {
    // Only the OpenShift SDN has one: the Network object was not collected.
    network.place = cluster_network->place();
    facts = read_plugin(cluster_network, diagnostics);
    if (options.absent_kinds.contains("Network")) facts.strategy = Strategy::NetworkPolicy;
  } else {
    facts.mode = SdnMode::NetworkPolicy;
  }
  settle(facts, options, object != nullptr || is_served, network, diagnostics);
  refuse_impossible_pair(options, network, diagnostics);
  read_network_addresses(object, cluster_network, network, diagnostics);
  return network;
}

}  // namespace meshproof
