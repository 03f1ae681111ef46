#include "tests/solver/quotient.h"

namespace meshproof {

NetworkOptions options_of(const RandomMesh& mesh) {
  NetworkOptions options;
  options.dialect = mesh.dialect;
  if (mesh.dialect == Dialect::OpenShiftSdn) options.sdn = SdnMode::NetworkPolicy;
  return options;
}

Quotient::Quotient(const RandomMesh& mesh, bool with_mesh)
    : with_mesh_(with_mesh),
      has_default_(mesh.outsiders.size() > 1),
      has_net_namespaces_(mesh.has_net_namespaces) {
  for (const std::string& ns : mesh.outsiders) add_sources(ns);
  add_future_namespaces();
  if (with_mesh_) {
    add_sources("cp");
    add_sources("shop");
  }
  add_targets();
}

void Quotient::add_pod(const std::string& ns, const std::string& stem, const std::string& labels,
                       const std::string& address, const std::string& port) {
  const std::string name = stem + std::to_string(count_++);
  yaml_ += "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: " + ns +
           ", labels: {" + labels + "}}\nspec: {containers: [{name: main" +
           (port.empty() ? "" : ", ports: [" + port + "]") +
           "}]}\nstatus: {phase: Running, podIP: " + address + "}\n";
}

/// One on each side of the borders of random_mesh.cpp.
std::vector<std::string> Quotient::addresses() const {
  const std::string tail =
      std::to_string(1 + count_ / 200) + "." + std::to_string(10 + count_ % 200);
  return {"10.128." + tail, "10.129." + tail};
}

void Quotient::add_sources(const std::string& ns) {
  for (const std::string labels : {"", "app: web", "app: other"}) {
    for (const std::string& address : addresses()) add_pod(ns, "src", labels, address);
  }
}

void Quotient::add_future_namespaces() {
  unsigned number = 0;
  for (const std::string member_of :
       {"", "maistra.io/member-of: elsewhere, ", "maistra.io/member-of: cp, "}) {
    if (!with_mesh_ && member_of.ends_with("cp, ")) continue;
    for (const std::string group : {"", "network.openshift.io/policy-group: ingress, ",
                                    "network.openshift.io/policy-group: other, "}) {
      for (const std::string team : {"", "team: red", "team: other"}) {
        const std::string name = "future" + std::to_string(number++);
        add_namespace(name, member_of + group + team);
      }
    }
  }
  add_namespace("two", "");
  add_namespace("tomorrow", "");
  add_namespace("tomorrow2", "network.openshift.io/policy-group: ingress");
  if (!has_default_) add_namespace("default", "");
}

void Quotient::add_namespace(const std::string& name, const std::string& labels) {
  yaml_ += "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: {" +
           labels + "}}\n";
  if (has_net_namespaces_ && name != "default") {
    yaml_ +=
        "---\napiVersion: network.openshift.io/v1\nkind: NetNamespace\nmetadata: {name: " + name +
        "}\nnetname: " + name + "\nnetid: " + std::to_string(1000 + netids_++) + "\n";
  }
  add_sources(name);
}

void Quotient::add_targets() {
  for (const std::string exposed :
       {"", "maistra.io/expose-route: \"true\", ", "maistra.io/expose-route: other, "}) {
    for (const std::string app : {"", "app: web", "app: other"}) {
      for (const std::string port : {"", "{name: http, containerPort: 7070}",
                                     "{name: http, containerPort: 7070, protocol: UDP}"}) {
        for (const std::string& address : addresses()) {
          add_pod("shop", "dst", exposed + app, address, port);
        }
      }
    }
  }
}

const std::vector<std::pair<Protocol, std::uint16_t>>& port_cases() {
  static const std::vector<std::pair<Protocol, std::uint16_t>> kCases{
      {Protocol::Tcp, 8080}, {Protocol::Tcp, 8001}, {Protocol::Tcp, 9090}, {Protocol::Tcp, 7070},
      {Protocol::Tcp, 1},    {Protocol::Udp, 7070}, {Protocol::Udp, 4789}, {Protocol::Udp, 53},
      {Protocol::Sctp, 1},   {Protocol::Icmp, 0}};
  return kCases;
}

}  // namespace meshproof
