#include "reports/rule_words.h"

#include <algorithm>
#include <array>

namespace meshproof {
namespace {

struct Row {
  std::string_view id;
  std::string_view words;
};

/// Sorted by id.
constexpr std::array kRows{
    Row{"K-1", "a pod's own node always reaches it"},
    Row{"K-2", "selectors mean no hosts"},
    Row{"OVN-11", "to OVN-Kubernetes hosts are selected only as openshift-host-network"},
    Row{"OVN-12",
        "to OVN-Kubernetes a selected hostNetwork pod counts with its node's address, which it "
        "does not send with"},
    Row{"OVN-13", "to OVN-Kubernetes a selected hostNetwork pod opens its whole node"},
    Row{"OVN-14", "to OVN-Kubernetes only an ipBlock or no peers means addresses outside"},
    Row{"OVN-15", "to OVN-Kubernetes only an ipBlock or no peers means addresses outside"},
    Row{"OVN-17", "OVN-Kubernetes sends a host's packets to a Service from its join address"},
    Row{"OVN-26", "OVN-Kubernetes forwards multicast where the namespace has it enabled"},
    Row{"OVN-3",
        "to OVN-Kubernetes policyTypes decides only isolation: rules of both directions count"},
    Row{"OVN-4", "to OVN-Kubernetes a port by name opens the whole protocol"},
    Row{"OVN-7", "to OVN-Kubernetes an ipBlock matches addresses of pods"},
    Row{"OVN-9", "to OVN-Kubernetes selectors never mean addresses outside"},
    Row{"SDN-C1",
        "the OpenShift SDN judges what goes through a Service at the endpoint, with the pod's "
        "address"},
    Row{"SDN-C2",
        "the OpenShift SDN asks no policy about endpoints of Services that are nodes or outside"},
    Row{"SDN-E1", "an EgressNetworkPolicy decides what leaves the pod network"},
    Row{"SDN-E2", "the first matching rule of an EgressNetworkPolicy wins"},
    Row{"SDN-E3", "projects with NetID 0 are under no EgressNetworkPolicy"},
    Row{"SDN-E4", "two EgressNetworkPolicies, or one in a shared network, drop everything"},
    Row{"SDN-E5", "DNS to the own node is exempt from EgressNetworkPolicies"},
    Row{"SDN-E7", "the OpenShift SDN does not offer a Service that leads to a denied address"},
    Row{"SDN-G2", "the OpenShift SDN always delivers what the own node sends"},
    Row{"SDN-G3", "to the OpenShift SDN hosts and everything outside have NetID 0"},
    Row{"SDN-G4", "the OpenShift SDN drops UDP to the VXLAN port"},
    Row{"SDN-G5", "the OpenShift SDN keeps pods from the ports of the machine-config server"},
    Row{"SDN-G6", "the OpenShift SDN has no IPv6"},
    Row{"SDN-G7", "the OpenShift SDN forwards multicast where the project has it enabled"},
    Row{"SDN-M1", "in mode multitenant projects reach each other only with the same NetID"},
    Row{"SDN-M2", "in mode multitenant NetID 0 reaches everybody and is reached by everybody"},
    Row{"SDN-M3", "in mode multitenant nothing stops what leaves the pod network"},
    Row{"SDN-P1", "the OpenShift SDN ignores ports by name"},
    Row{"SDN-P10", "the OpenShift SDN lets a range admit port 0"},
    Row{"SDN-P11", "the OpenShift SDN skips IPv6 blocks"},
    Row{"SDN-P2", "to the OpenShift SDN an empty namespaceSelector admits hosts and outside too"},
    Row{"SDN-P3",
        "to the OpenShift SDN a selected project with NetID 0 stands for hosts and everything "
        "outside"},
    Row{"SDN-P4", "to the OpenShift SDN openshift-host-network stands for NetID 0"},
    Row{"SDN-P5", "to the OpenShift SDN selectors of pods never mean hosts"},
    Row{"SDN-P6", "to the OpenShift SDN an empty podSelector means the project's NetID"},
    Row{"SDN-P7", "to the OpenShift SDN a completed pod's address keeps what was permitted to it"},
    Row{"SDN-P8", "the OpenShift SDN drops the rules of a policy that is too large"},
    Row{"SDN-S1", "in mode subnet everything reaches everything"},
};

static_assert(std::ranges::is_sorted(kRows, {}, &Row::id));

}  // namespace

std::string_view rule_words(std::string_view rule_id) {
  const auto found = std::ranges::lower_bound(kRows, rule_id, {}, &Row::id);
  return found == kRows.end() || found->id != rule_id ? std::string_view() : found->words;
}

}  // namespace meshproof
