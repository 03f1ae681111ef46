#include "tests/solver/random_statement.h"

namespace meshproof {
namespace {

template <typename T>
T one_of(const Choose& choose, const std::vector<T>& all) {
  return all.at(choose(static_cast<unsigned>(all.size())));
}

SelectorText term(const std::string& key, const std::string& op,
                  const std::vector<std::string>& values) {
  return SelectorText{{{key, op, values}}};
}

void choose_projects(const Choose& choose, Group& group) {
  switch (choose(8)) {
    case 0:
      group.member_of = "cp";
      break;
    case 1:
      group.not_member_of = "cp";
      break;
    case 2:
      group.mesh = "cp";
      break;
    case 3:
    case 4:
      group.namespace_names = one_of<std::vector<std::string>>(
          choose, {{"shop"}, {"shop"}, {"one"}, {"shop", "later"}, {"cp", "one"}, {"default"}});
      break;
    case 5:
      group.namespace_selector =
          one_of<SelectorText>(choose, {term("team", "In", {"red"}), term("team", "NotIn", {"red"}),
                                        term("team", "Exists", {}),
                                        term("kubernetes.io/metadata.name", "In", {"shop", "x"})});
      break;
    default:
      break;
  }
}

std::vector<Cidr> blocks(const std::vector<std::string>& texts) {
  std::vector<Cidr> result;
  for (const std::string& text : texts) result.push_back(*Cidr::parse(text));
  return result;
}

Group random_group(const Choose& choose, const std::string& name) {
  Group group;
  group.name = name;
  group.allow_empty = true;
  choose_projects(choose, group);
  if (choose(3) == 0) {
    group.pod_selector = one_of<SelectorText>(
        choose, {term("app", "In", {"web"}), term("app", "NotIn", {"web", "db"}),
                 term("app", "DoesNotExist", {}), term("maistra.io/expose-route", "In", {"true"})});
  }
  if (choose(5) == 0) {
    group.cidrs = blocks(one_of<std::vector<std::string>>(
        choose, {{"0.0.0.0/0"}, {"10.128.0.0/16"}, {"203.0.113.0/24", "10.129.0.0/16"}}));
    if (choose(3) == 0) group.except_cidrs = blocks({"10.128.0.0/17"});
    group.except_cluster = choose(3) == 0;
  }
  group.unbounded = choose(4) != 0;
  return group;
}

std::string pod(const std::string& ns, const std::string& name, const std::string& labels,
                const std::string& port, const std::string& address) {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: " + ns +
         ", labels: {" + labels + "}}\nspec: {containers: [{name: main" +
         (port.empty() ? "" : ", ports: [" + port + "]") + "}]}\nstatus: {phase: Running" +
         (address.empty() ? "" : ", podIP: " + address) + "}\n";
}

}  // namespace

std::string random_pods(const Choose& choose) {
  std::string yaml;
  const unsigned count = choose(5);
  for (unsigned i = 0; i < count; ++i) {
    const std::string number = std::to_string(i + 7);
    yaml +=
        pod(one_of<std::string>(choose, {"shop", "shop", "one", "cp"}), "pod-" + number,
            one_of<std::string>(
                choose, {"", "app: web", "app: db, tier: a", "maistra.io/expose-route: \"true\""}),
            one_of<std::string>(choose, {"", "{name: http, containerPort: 7070}",
                                         "{name: http, containerPort: 8080, protocol: UDP}"}),
            one_of<std::string>(
                choose, {"10.128.0." + number, "10.129.0." + number, "10.128.200." + number, ""}));
  }
  if (choose(4) == 0) {
    yaml +=
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: away, "
        "namespace: " +
        one_of<std::string>(choose, {"cp", "shop"}) + "}\nspec: {podSelector: " +
        one_of<std::string>(choose, {"{}", "{matchLabels: {app: web}}"}) +
        ", policyTypes: [Egress], egress: " +
        one_of<std::string>(
            choose, {"[]", "[{}]", "[{to: [{podSelector: {}}]}]",
                     "[{to: [{namespaceSelector: {matchLabels: {team: red}}}]}]",
                     "[{ports: [{port: http}]}]",
                     "[{to: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]"}) +
        "}\n";
  }
  if (choose(4) == 0) {
    yaml +=
        "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: openshift-host-network, labels: "
        "{network.openshift.io/policy-group: ingress}}\n";
  }
  return yaml;
}

Assertion random_unbounded(const Choose& choose) {
  Assertion one;
  one.id = "A-1";
  one.kind = one_of<AssertionKind>(choose, {AssertionKind::Deny, AssertionKind::Deny,
                                            AssertionKind::Allow, AssertionKind::Isolate});
  one.from = random_group(choose, "from");
  one.to = random_group(choose, "to");
  one.to.cidrs.clear();
  if (!one.from.unbounded && !one.to.unbounded) one.to.unbounded = true;
  if (one.kind == AssertionKind::Isolate) {
    one.from.cidrs.clear();
    one.between = {one.from, one.to};
    one.from = one.to = Group{};
  }
  if (choose(2) == 0) one.except_to = random_group(choose, "except to");
  if (choose(3) == 0) one.except_from = random_group(choose, "except from");
  if (choose(6) == 0) {
    one.excused.push_back({random_group(choose, "excused"), std::nullopt});
    if (choose(2) == 0) one.excused.back().to = random_group(choose, "excused to");
  }
  one.ports = one_of<PortSet>(
      choose, {PortSet::all(), PortSet::all(), PortSet::of(Protocol::Tcp, {8080, 8080}),
               PortSet::of(Protocol::Udp, {1, 65535}), PortSet::of(Protocol::Tcp, {7000, 8005})});
  return one;
}

}  // namespace meshproof
