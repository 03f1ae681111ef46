#include "tests/solver/random_mesh.h"

namespace meshproof {

namespace {

std::string one_of(const Choose& choose, const std::vector<std::string>& texts) {
  return texts.at(choose(static_cast<unsigned>(texts.size())));
}

/// In flow style, so that it fits anywhere.
std::string namespace_selector(const Choose& choose) {
  return one_of(
      choose,
      {"{}", "{matchLabels: {maistra.io/member-of: cp}}",
       "{matchLabels: {network.openshift.io/policy-group: ingress}}", "{matchLabels: {team: red}}",
       "{matchExpressions: [{key: team, operator: NotIn, values: [red]}]}",
       "{matchExpressions: [{key: team, operator: Exists}]}",
       "{matchExpressions: [{key: maistra.io/member-of, operator: Exists}]}",
       "{matchExpressions: [{key: maistra.io/member-of, operator: NotIn, values: [cp]}]}",
       "{matchLabels: {kubernetes.io/metadata.name: one}}",
       "{matchLabels: {kubernetes.io/metadata.name: default}}",
       "{matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [two, "
       "tomorrow]}]}"});
}

std::string pod_selector(const Choose& choose) {
  return one_of(choose, {"{}", "{matchLabels: {app: web}}",
                         "{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}",
                         "{matchExpressions: [{key: app, operator: DoesNotExist}]}"});
}

std::string target_selector(const Choose& choose) {
  return one_of(choose, {"{}", "{matchLabels: {maistra.io/expose-route: \"true\"}}",
                         "{matchLabels: {app: web}}",
                         "{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}"});
}

std::string peer(const Choose& choose) {
  switch (choose(4)) {
    case 0:
      return "{namespaceSelector: " + namespace_selector(choose) + "}";
    case 1:
      return "{podSelector: " + pod_selector(choose) + "}";
    case 2:
      return "{namespaceSelector: " + namespace_selector(choose) +
             ", podSelector: " + pod_selector(choose) + "}";
    default:
      return one_of(choose, {"{ipBlock: {cidr: 0.0.0.0/0}}", "{ipBlock: {cidr: 10.128.0.0/16}}",
                             "{ipBlock: {cidr: 203.0.113.0/24}}",
                             "{ipBlock: {cidr: 0.0.0.0/0, except: [10.128.0.0/14]}}",
                             "{ipBlock: {cidr: 10.128.0.0/14, except: [10.128.0.0/16]}}"});
  }
}

std::string ports(const Choose& choose) {
  return one_of(
      choose, {"", "", "[{port: 8080}]", "[{port: http}]", "[{port: http, protocol: UDP}]",
               "[{protocol: UDP}]", "[{port: http}, {port: 9090}]", "[{port: 8000, endPort: 8090}]",
               "[{port: 4789, protocol: UDP}]"});
}

std::string rule(const Choose& choose, const std::string& direction) {
  std::string peers;
  const unsigned count = choose(8) == 0 ? 0 : 1 + choose(2);
  for (unsigned i = 0; i < count; ++i) peers += (i == 0 ? "" : ", ") + peer(choose);
  std::string text;
  if (count > 0) text = direction + ": [" + peers + "]";
  const std::string port_list = ports(choose);
  if (!port_list.empty()) text += (text.empty() ? "" : ", ") + ("ports: " + port_list);
  return "{" + text + "}";
}

std::string rules(const Choose& choose, const std::string& direction) {
  std::string text;
  const unsigned count = choose(3);
  for (unsigned i = 0; i < count; ++i) text += (i == 0 ? "" : ", ") + rule(choose, direction);
  return "[" + text + "]";
}

std::string namespace_yaml(const std::string& name, const std::string& labels) {
  return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: {" + labels +
         "}}\n";
}

std::string outsider_labels(const Choose& choose) {
  return one_of(choose, {"", "team: red", "team: blue", "maistra.io/member-of: other",
                         "network.openshift.io/policy-group: ingress"});
}

std::string member_policy(const Choose& choose) {
  // Half of the policies are the mesh's own, so that both answers are common.
  if (choose(2) == 0) {
    return "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
           "{maistra.io/member-of: cp}}}]}]";
  }
  if (choose(4) == 0) {
    return "podSelector: {matchLabels: {maistra.io/expose-route: \"true\"}}, ingress: [{from: "
           "[{namespaceSelector: {matchLabels: {network.openshift.io/policy-group: ingress}}}]}]";
  }
  std::string body =
      "podSelector: " + target_selector(choose) + ", ingress: " + rules(choose, "from");
  if (choose(8) == 0) body += ", policyTypes: [Egress]";
  return body;
}

}  // namespace

RandomMesh random_mesh(const Choose& choose) {
  RandomMesh mesh;
  mesh.dialect = static_cast<Dialect>(choose(3));
  const bool is_sdn = mesh.dialect == Dialect::OpenShiftSdn;
  mesh.objects =
      "---\napiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\n"
      "spec: {networkType: OVNKubernetes, clusterNetwork: [{cidr: 10.128.0.0/14, hostPrefix: "
      "23}], serviceNetwork: [172.30.0.0/16]}\n"
      "---\napiVersion: maistra.io/v1\nkind: ServiceMeshMemberRoll\n"
      "metadata: {name: default, namespace: cp}\nspec: {members: [shop]}\n" +
      namespace_yaml("cp", "maistra.io/member-of: cp") +
      namespace_yaml("shop", choose(8) == 0 ? "" : "maistra.io/member-of: cp");
  mesh.outsiders = {"one"};
  if (choose(2) == 0) mesh.outsiders.emplace_back("default");
  for (const std::string& name : mesh.outsiders) {
    mesh.objects += namespace_yaml(name, outsider_labels(choose));
  }
  mesh.has_net_namespaces = is_sdn && choose(2) == 0;
  if (mesh.has_net_namespaces) {
    unsigned netid = 20;
    for (const std::string name : {"cp", "shop", "one", "default"}) {
      const bool is_global = name == "default";
      if (name == "default" && mesh.outsiders.size() == 1) continue;
      mesh.objects +=
          "---\napiVersion: network.openshift.io/v1\nkind: NetNamespace\nmetadata: "
          "{name: " +
          name + "}\nnetname: " + name + "\nnetid: " + std::to_string(is_global ? 0 : netid++) +
          "\n";
    }
  }
  if (is_sdn && choose(4) == 0) {
    mesh.objects += "---\napiVersion: v1\nkind: Pod\nmetadata: {name: done, namespace: " +
                    one_of(choose, {"cp", "shop", "one"}) +
                    ", labels: {app: web}}\nspec: {containers: [{name: main}]}\nstatus: {phase: "
                    "Succeeded, podIP: 10.130.0.9}\n";
  }
  const unsigned policies = choose(4);
  for (unsigned i = 0; i < policies; ++i) {
    mesh.policies.push_back(member_policy(choose));
    mesh.internal.push_back(choose(8) == 0);
  }
  if (choose(3) == 0) {
    mesh.egress_policies =
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: out, "
        "namespace: " +
        one_of(choose, mesh.outsiders) + "}\nspec: {podSelector: " + pod_selector(choose) +
        ", policyTypes: [Egress], egress: " + rules(choose, "to") + "}\n";
  }
  return mesh;
}

std::string policy_yaml(const std::string& name, const std::string& body, bool internal) {
  return "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: " + name +
         ", namespace: shop" +
         (internal ? ", labels: {maistra.io/owner: cp}, annotations: {maistra.io/internal: "
                     "\"true\"}"
                   : "") +
         "}\nspec: {" + body + "}\n";
}

std::string to_yaml(const RandomMesh& mesh) {
  std::string yaml = mesh.objects + mesh.egress_policies;
  for (std::size_t i = 0; i < mesh.policies.size(); ++i) {
    yaml += policy_yaml("p" + std::to_string(i), mesh.policies[i], mesh.internal[i]);
  }
  return yaml;
}

}  // namespace meshproof
