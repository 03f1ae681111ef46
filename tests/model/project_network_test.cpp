#include <catch2/catch.hpp>

#include "tests/model/projected.h"

namespace meshproof {
namespace {

using Lines = std::vector<std::string>;

std::string network_yaml(const std::string& type) {
  return "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\n"
         "spec: {networkType: " +
         type + "}\n---\n";
}

std::string plugin_yaml(const std::string& plugin) {
  return "apiVersion: network.openshift.io/v1\nkind: ClusterNetwork\nmetadata: {name: default}\n"
         "pluginName: " +
         plugin + "\n---\n";
}

std::string crd_yaml() {
  return "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
         "metadata: {name: networks.config.openshift.io}\n---\n";
}

/// `openshift-sdn multitenant multitenant`, with what is wrong with it behind.
std::string summary(const Network& network) {
  std::string text{to_string(network.dialect)};
  text +=
      ' ' + std::string{to_string(network.mode)} + ' ' + std::string{to_string(network.strategy)};
  if (network.assumed) text += " assumed";
  if (!network.unknown_because.empty()) text += " unknown";
  return text;
}

NetworkOptions with(std::optional<SdnMode> sdn, std::optional<Dialect> dialect) {
  NetworkOptions options;
  options.sdn = sdn;
  options.dialect = dialect;
  return options;
}

TEST_CASE("the network is two facts: what the operator does and what is enforced") {
  struct Row {
    const char* name;
    std::string yaml;
    NetworkOptions options;
    const char* summary;
  };
  const std::string subnet = plugin_yaml("redhat/openshift-ovs-subnet");
  const std::string multitenant = plugin_yaml("redhat/openshift-ovs-multitenant");
  const std::string policy = plugin_yaml("redhat/openshift-ovs-networkpolicy");
  const std::string sdn = network_yaml("OpenShiftSDN");
  const std::string ovn = network_yaml("OVNKubernetes");
  NetworkOptions served;
  served.served_kinds = {"Network"};
  NetworkOptions absent;
  absent.absent_kinds = {"Network"};
  const auto row = GENERATE_COPY(values<Row>({
      {"nothing known", "", {}, "kubernetes networkpolicy networkpolicy assumed"},
      {"subnet", sdn + subnet, {}, "openshift-sdn subnet nothing"},
      {"multitenant", sdn + multitenant, {}, "openshift-sdn multitenant multitenant"},
      {"networkpolicy", sdn + policy, {}, "openshift-sdn networkpolicy networkpolicy"},
      {"the type's case does not count",
       network_yaml("openshiftsdn") + subnet,
       {},
       "openshift-sdn subnet nothing"},
      {"OVN-Kubernetes", ovn, {}, "ovn-kubernetes networkpolicy networkpolicy"},
      {"OVN-Kubernetes after a migration",
       ovn + multitenant,
       {},
       "ovn-kubernetes networkpolicy networkpolicy"},
      {"Calico", network_yaml("Calico"), {}, "kubernetes networkpolicy networkpolicy"},
      {"Cilium", network_yaml("Cilium"), {}, "kubernetes networkpolicy networkpolicy"},
      {"no type", network_yaml("''"), {}, "kubernetes networkpolicy networkpolicy"},
      {"no ClusterNetwork", sdn, {}, "openshift-sdn networkpolicy nothing unknown"},
      {"no ClusterNetwork, --sdn", sdn, with(SdnMode::Multitenant, {}),
       "openshift-sdn multitenant multitenant"},
      {"unknown plugin",
       sdn + plugin_yaml("acme/flat"),
       {},
       "openshift-sdn networkpolicy refused unknown"},
      {"unknown plugin, --sdn", sdn + plugin_yaml("acme/flat"), with(SdnMode::Subnet, {}),
       "openshift-sdn subnet nothing"},
      {"unknown plugin, --dialect", sdn + plugin_yaml("acme/flat"), with({}, Dialect::Kubernetes),
       "kubernetes networkpolicy refused"},
      {"empty plugin",
       sdn + plugin_yaml("''"),
       {},
       "openshift-sdn networkpolicy networkpolicy unknown"},
      {"kind served by its CRD, object missing",
       crd_yaml(),
       {},
       "kubernetes networkpolicy nothing unknown"},
      {"kind served as the caller says", "", served, "kubernetes networkpolicy nothing unknown"},
      {"kind served, object missing, plugin known",
       crd_yaml() + policy,
       {},
       "openshift-sdn networkpolicy nothing"},
      {"kind served, object missing, --dialect", crd_yaml(), with({}, Dialect::OvnKubernetes),
       "ovn-kubernetes networkpolicy nothing"},
      {"kind absent though an object is there", ovn, absent,
       "kubernetes networkpolicy networkpolicy assumed"},
      {"only a ClusterNetwork", multitenant, {}, "openshift-sdn multitenant multitenant assumed"},
      {"--sdn subnet implies the OpenShift SDN", "", with(SdnMode::Subnet, {}),
       "openshift-sdn subnet nothing"},
      {"--sdn multitenant implies the OpenShift SDN", "", with(SdnMode::Multitenant, {}),
       "openshift-sdn multitenant multitenant"},
      {"--sdn networkpolicy implies nothing", "", with(SdnMode::NetworkPolicy, {}),
       "kubernetes networkpolicy networkpolicy assumed"},
      {"--dialect ovn-kubernetes", "", with({}, Dialect::OvnKubernetes),
       "ovn-kubernetes networkpolicy networkpolicy"},
      {"--dialect openshift-sdn leaves the mode assumed", "", with({}, Dialect::OpenShiftSdn),
       "openshift-sdn networkpolicy networkpolicy assumed"},
      {"--sdn and --dialect", "", with(SdnMode::NetworkPolicy, Dialect::OpenShiftSdn),
       "openshift-sdn networkpolicy networkpolicy"},
      {"--sdn wins over the plugin", sdn + subnet, with(SdnMode::NetworkPolicy, {}),
       "openshift-sdn networkpolicy networkpolicy"},
      {"--sdn multitenant on OVN-Kubernetes", ovn, with(SdnMode::Multitenant, {}),
       "ovn-kubernetes multitenant multitenant unknown"},
      {"--dialect kubernetes on Multitenant", sdn + multitenant, with({}, Dialect::Kubernetes),
       "kubernetes multitenant multitenant unknown"},
  }));
  DYNAMIC_SECTION(row.name) {
    CHECK(summary(project_text(row.yaml, row.options).cluster.network) == row.summary);
  }
}

TEST_CASE("the operator looks at spec, the network in force is in status") {
  const auto migrating = project_text(
      "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\n"
      "spec: {networkType: OVNKubernetes}\nstatus: {networkType: OpenShiftSDN}\n---\n" +
          plugin_yaml("redhat/openshift-ovs-subnet"),
      {});
  CHECK(summary(migrating.cluster.network) == "openshift-sdn subnet networkpolicy");
}

TEST_CASE("what is assumed or wrong about the network is told") {
  struct Row {
    const char* name;
    std::string yaml;
    NetworkOptions options;
    Lines lines;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {"nothing known",
       "",
       {},
       {"0: warning[network-assumed]: no Network `cluster` in the input: dialect kubernetes, mode "
        "networkpolicy and the operator's strategy networkpolicy are assumed; --dialect and --sdn "
        "tell them"}},
      {"told by options", "", with(SdnMode::Subnet, {}), {}},
      {"Cilium",
       network_yaml("Cilium"),
       {},
       {"1: warning[unsupported-network]: network type `Cilium` is not modelled; dialect "
        "kubernetes is taken for it, --dialect tells another"}},
      {"Cilium and --dialect", network_yaml("Cilium"), with({}, Dialect::Kubernetes), {}},
      {"no type",
       network_yaml("''"),
       {},
       {"1: warning[unsupported-network]: Network `cluster` has no networkType; dialect "
        "kubernetes is taken for it, --dialect tells another"}},
      {"type of a wrong kind",
       network_yaml("7"),
       with({}, Dialect::Kubernetes),
       {"4: error[wrong-type]: `networkType` is the number `7`, not a string"}},
      {"impossible options",
       "",
       with(SdnMode::Subnet, Dialect::OvnKubernetes),
       {"0: error[mode-needs-openshift-sdn]: mode subnet exists only in dialect openshift-sdn, "
        "not in ovn-kubernetes; --sdn networkpolicy or --dialect openshift-sdn would fit"}},
      {"an option that does not fit the input",
       network_yaml("OVNKubernetes"),
       with(SdnMode::Multitenant, {}),
       {"1: error[mode-needs-openshift-sdn]: mode multitenant exists only in dialect "
        "openshift-sdn, not in ovn-kubernetes; --sdn networkpolicy or --dialect openshift-sdn "
        "would fit"}},
  }));
  DYNAMIC_SECTION(row.name) {
    CHECK(lines_of(project_text(row.yaml, row.options).diagnostics) == row.lines);
  }
}

TEST_CASE("why no verdict can be given is said") {
  const auto unknown_because = [](const std::string& yaml) {
    return project_text(yaml, {}).cluster.network.unknown_because;
  };
  const std::string sdn = network_yaml("OpenShiftSDN");
  CHECK(unknown_because(sdn) ==
        "there is no ClusterNetwork `default`, so the mode of the OpenShift SDN is not known; "
        "--sdn tells it");
  CHECK(unknown_because(sdn + plugin_yaml("''")) ==
        "ClusterNetwork `default` has no pluginName, so the mode of the OpenShift SDN is not "
        "known; --sdn tells it");
  CHECK(unknown_because(sdn + plugin_yaml("acme/flat")) ==
        "the network plugin `acme/flat` is unknown; it is one of redhat/openshift-ovs-subnet, "
        "redhat/openshift-ovs-multitenant, redhat/openshift-ovs-networkpolicy");
  CHECK(unknown_because(crd_yaml()) ==
        "there is no Network `cluster`, so the kind of network is not known; --dialect and --sdn "
        "tell it");
  CHECK(project_text(sdn + plugin_yaml("acme/flat"), {}).cluster.network.refusal ==
        "unsupported cluster network plugin");
}

std::string addresses(const Network& network) {
  std::string text;
  for (const auto& block : network.cluster_networks) text += block.to_string() + ' ';
  text += '|';
  for (const auto& block : network.service_networks) text += ' ' + block.to_string();
  return text + " | /" + std::to_string(network.host_prefix) + ' ' +
         std::to_string(network.vxlan_port);
}

TEST_CASE("the addresses of the network come from Network, else from ClusterNetwork") {
  struct Row {
    const char* name;
    const char* yaml;
    const char* addresses;
  };
  const auto row = GENERATE(values<Row>({
      {"nothing", "", "| | /23 4789"},
      {"Network",
       R"(
apiVersion: config.openshift.io/v1
kind: Network
metadata: {name: cluster}
spec:
  clusterNetwork: [{cidr: 10.132.0.0/14, hostPrefix: 24}, {cidr: 'fd01::/48', hostPrefix: 64}]
  serviceNetwork: [172.30.0.0/16, 'fd02::/112']
)",
       "10.132.0.0/14 fd01::/48 | 172.30.0.0/16 fd02::/112 | /24 4789"},
      {"status of Network",
       R"(
apiVersion: config.openshift.io/v1
kind: Network
metadata: {name: cluster}
status:
  clusterNetwork: [{cidr: 10.132.0.0/14, hostPrefix: 22}]
  serviceNetwork: [172.30.0.0/16]
)",
       "10.132.0.0/14 | 172.30.0.0/16 | /22 4789"},
      {"ClusterNetwork",
       R"(
apiVersion: network.openshift.io/v1
kind: ClusterNetwork
metadata: {name: default}
network: 10.128.0.0/14
hostsubnetlength: 9
clusterNetworks: [{CIDR: 10.128.0.0/14, hostSubnetLength: 9}, {CIDR: 10.64.0.0/14}]
serviceNetwork: 172.30.0.0/16
vxlanPort: 4790
)",
       "10.128.0.0/14 10.64.0.0/14 | 172.30.0.0/16 | /23 4790"},
  }));
  DYNAMIC_SECTION(row.name) {
    const auto projected = project_text(row.yaml);
    CHECK(addresses(projected.cluster.network) == row.addresses);
    CHECK_FALSE(has_errors(projected.diagnostics));
  }
}

TEST_CASE("wrong addresses of the network are errors") {
  const auto projected = project_text(R"(
apiVersion: network.openshift.io/v1
kind: ClusterNetwork
metadata: {name: default}
network: 10.128.0.0/40
hostsubnetlength: 99
vxlanPort: 70000
)");
  CHECK(lines_of(projected.diagnostics) ==
        Lines{"5: error[bad-cidr]: `10.128.0.0/40` is no block of addresses; one is written like "
              "`10.128.0.0/14`",
              "6: error[bad-host-prefix]: the host prefix is -67; it must be from 1 to 32",
              "7: error[bad-port]: `vxlanPort` is 70000; it must be a number from 1 to 65535"});
}

}  // namespace
}  // namespace meshproof
