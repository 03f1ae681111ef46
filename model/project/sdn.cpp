#include <array>

#include "model/project/fields.h"
#include "model/project/projection.h"
#include "model/sdn/net_id.h"

namespace meshproof {
namespace {

constexpr std::int64_t kLastNetId = (1 << 24) - 1;
constexpr std::string_view kMulticast = "netnamespace.network.openshift.io/multicast-enabled";

constexpr std::array<std::string_view, 4> kPolicyFields{"apiVersion", "kind", "metadata", "spec"};
constexpr std::array<std::string_view, 1> kSpecFields{"egress"};
constexpr std::array<std::string_view, 2> kRuleFields{"to", "type"};
constexpr std::array<std::string_view, 2> kPeerFields{"cidrSelector", "dnsName"};

std::optional<NetNamespace> read_net_namespace(const Object& object, const Tree& tree,
                                               Diagnostics& diagnostics) {
  NetNamespace net;
  net.name = string_field(tree, "netname", diagnostics).value_or(object.key.name);
  net.place = object.place();
  net.pending_change = tree.string_at({"metadata", "annotations", kChangeNetwork});
  net.multicast = tree.string_at({"metadata", "annotations", kMulticast}) == "true";
  const auto netid = integer_field(tree, "netid", diagnostics);
  if (is_absent(tree, "netid")) {
    add_error(diagnostics, object.place(), "missing-field",
              to_string(object.key) + " has no `netid`");
  } else if (netid && (*netid < 0 || *netid > kLastNetId)) {
    add_error(diagnostics, tree.find("netid")->place, "bad-netid",
              "`netid` is " + std::to_string(*netid) + "; it must be from 0 to 16777215");
  } else if (netid) {
    net.netid = static_cast<std::uint32_t>(*netid);
    return net;
  }
  return std::nullopt;
}

/// sdn.md 5: 0.0.0.0/32 is read as 0.0.0.0/0.
Cidr as_the_sdn_reads(const Cidr& block) {
  const Cidr everything = Cidr::of(IpAddress::v4(0), 0);
  return block == Cidr::of(IpAddress::v4(0), 32) ? everything : block;
}

bool read_target(const Tree& tree, EgressRule& rule, Diagnostics& diagnostics) {
  const Tree* target = field(tree, "to", TreeKind::Mapping, diagnostics);
  if (target == nullptr) {
    if (is_absent(tree, "to")) {
      add_error(diagnostics, tree.place, "missing-field", "the rule has no `to`");
    }
    return false;
  }
  warn_of_pruned_fields(*target, kPeerFields, diagnostics);
  const auto cidr = string_field(*target, "cidrSelector", diagnostics);
  const auto dns_name = string_field(*target, "dnsName", diagnostics);
  if (cidr.has_value() == dns_name.has_value()) {
    add_error(diagnostics, target->place, "bad-peer",
              "`to` needs either `cidrSelector` or `dnsName`");
    return false;
  }
  if (dns_name) {
    rule.dns_name = *dns_name;
    return true;
  }
  const auto block = parse_cidr(*target->find("cidrSelector"), diagnostics);
  if (block) rule.cidr = as_the_sdn_reads(*block);
  return block.has_value();
}

std::optional<EgressRule> read_egress_rule(const Tree& tree, Diagnostics& diagnostics) {
  warn_of_pruned_fields(tree, kRuleFields, diagnostics);
  EgressRule rule;
  rule.place = tree.place;
  const auto type = string_field(tree, "type", diagnostics);
  const bool type_understood = type == "Allow" || type == "Deny";
  rule.allow = type == "Allow";
  if (type && !type_understood) {
    add_error(diagnostics, tree.find("type")->place, "bad-rule-type",
              "`type` is `" + std::string{*type} + "`; it is Allow or Deny");
  } else if (is_absent(tree, "type")) {
    add_error(diagnostics, tree.place, "missing-field", "the rule has no `type`");
  }
  if (!read_target(tree, rule, diagnostics) || !type_understood) return std::nullopt;
  return rule;
}

EgressNetworkPolicy read_egress_policy(const Object& object, const Tree& tree, NamespaceId ns,
                                       Diagnostics& diagnostics) {
  EgressNetworkPolicy policy;
  policy.ns = ns;
  policy.name = object.key.name;
  policy.place = object.place();
  warn_of_pruned_fields(tree, kPolicyFields, diagnostics);
  const Tree* spec = field(tree, "spec", TreeKind::Mapping, diagnostics);
  if (spec == nullptr) return policy;
  warn_of_pruned_fields(*spec, kSpecFields, diagnostics);
  for (const auto* item : object_items(*spec, "egress", diagnostics)) {
    if (auto rule = read_egress_rule(*item, diagnostics)) policy.rules.push_back(*rule);
  }
  return policy;
}

/// The SDN gives one to every namespace; a dump without any must be a dump that left them out.
void warn_of_missing_net_namespaces(Projection& projection) {
  const Network& network = projection.cluster.network;
  const bool counts =
      network.dialect == Dialect::OpenShiftSdn && network.mode == SdnMode::Multitenant;
  if (!counts || !projection.cluster.net_namespaces.empty()) return;
  if (projection.cluster.namespaces.empty()) return;
  add_warning(projection.diagnostics, {}, "net-namespaces-missing",
              "the input has no NetNamespace, and in mode multitenant those decide: every "
              "namespace of a cluster has one");
  projection.diagnostics.back().subject = "NetNamespace";
}

}  // namespace

void project_sdn(Projection& projection) {
  Cluster& cluster = projection.cluster;
  visit(projection, "NetNamespace", [&](const Object& object, const Tree& tree) {
    auto net = read_net_namespace(object, tree, projection.diagnostics);
    if (!net) return;
    const NetNamespaceId id{static_cast<std::uint32_t>(cluster.net_namespaces.size())};
    if (const auto ns = cluster.find_namespace(object.key.name); ns.is_valid()) {
      cluster.namespaces[ns.value].net_namespace = id;
    }
    cluster.net_namespaces.push_back(std::move(*net));
  });
  warn_of_missing_net_namespaces(projection);
  visit(projection, "EgressNetworkPolicy", [&](const Object& object, const Tree& tree) {
    const auto ns = namespace_of(object, projection);
    if (!ns.is_valid()) return;
    const EgressPolicyId id{static_cast<std::uint32_t>(cluster.egress_policies.size())};
    cluster.namespaces[ns.value].egress_policies.push_back(id);
    cluster.egress_policies.push_back(read_egress_policy(object, tree, ns, projection.diagnostics));
  });
}

}  // namespace meshproof
