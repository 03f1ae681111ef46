#include "solver/engines/quotient.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "model/mesh/mesh.h"
#include "solver/engines/finite_cases.h"
#include "solver/evaluate.h"

namespace meshproof {
namespace {

/// More label sets, or ends, than this are not even counted.
constexpr std::size_t kMostEnds = 100'000;
constexpr std::uint32_t kFirstNetId = 10;

/// Namespaces that have no NetNamespace where none has one stand each for itself (SDN-P15 speaks of
/// clusters that have some); written down, so that one to come can be told from them.
void write_net_namespaces(Cluster& cluster) {
  for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) {
    NetNamespace net;
    net.name = cluster.namespaces[i].name;
    net.netid = net.name == "default" ? 0 : kFirstNetId + i;
    cluster.namespaces[i].net_namespace = {i};
    cluster.net_namespaces.push_back(std::move(net));
  }
}

/// SEMANTICS SDN-P3: every cluster of the SDN has a `default`. Its name begins with a character
/// behind all others, so that the others keep their ids and order.
void add_default(Cluster& cluster) {
  Namespace ns;
  ns.name = "~default";
  ns.labels.set(cluster.symbols.intern("kubernetes.io/metadata.name"),
                cluster.symbols.intern("default"));
  ns.net_namespace = {static_cast<std::uint32_t>(cluster.net_namespaces.size())};
  NetNamespace net;
  net.name = ns.name;
  cluster.net_namespaces.push_back(std::move(net));
  cluster.namespaces.push_back(std::move(ns));
}

LabelSelector one_label(SymbolTable& symbols, std::string_view key, std::string_view value) {
  LabelSelector selector;
  selector.requirements.push_back(
      {symbols.intern(key), LabelOperator::In, {symbols.intern(value)}});
  return selector;
}

std::string labels_text(const Labels& labels, const SymbolTable& symbols) {
  std::string text;
  for (const Label& label : labels.all()) {
    text += (text.empty() ? " {" : ", ") + std::string(symbols.text(label.key)) + '=' +
            std::string(symbols.text(label.value));
  }
  return text.empty() ? text : text + '}';
}

}  // namespace

QuotientDecider::QuotientDecider(const Cluster& cluster, QuotientLimits limits) : limits_(limits) {
  cluster_.symbols = cluster.symbols;
  cluster_.network = cluster.network;
  cluster_.namespaces = cluster.namespaces;
  cluster_.policies = cluster.policies;
  cluster_.net_namespaces = cluster.net_namespaces;
  for (Namespace& ns : cluster_.namespaces) {
    ns.pods.clear();
    ns.egress_policies.clear();
  }
  const bool is_sdn = cluster.network.dialect == Dialect::OpenShiftSdn;
  const auto& networks = cluster.network.cluster_networks;
  for (const Pod& pod : cluster.pods) {
    if (pod.host_network) continue;
    if (pod.is_completed()) {
      if (is_sdn && !pod.addresses.empty()) cluster_.pods.push_back(pod);
      continue;
    }
    for (const IpAddress& address : pod.addresses) {
      const bool is_inside = std::ranges::any_of(
          networks, [&](const Cidr& network) { return network.contains(address); });
      if (!is_inside && !networks.empty()) stray_.push_back(address);
    }
  }
  std::ranges::sort(stray_);
  for (Pod& pod : cluster_.pods) {
    pod.node = {};
    pod.workload = {};
  }
  if (!is_sdn) return;
  if (cluster_.net_namespaces.empty()) write_net_namespaces(cluster_);
  if (!cluster.find_namespace("default").is_valid()) add_default(cluster_);
}

/// One question. Puts its projects to come, two pods and spoilt copies of policies into the
/// decider's cluster, and takes them out again.
class QuotientRun {
 public:
  QuotientRun(QuotientDecider& decider, const IsolationQuestion& question)
      : decider_(decider),
        cluster_(decider.cluster_),
        question_(question),
        namespaces_(cluster_.namespaces.size()),
        net_namespaces_(cluster_.net_namespaces.size()),
        policies_(cluster_.policies.size()),
        pods_(cluster_.pods.size()),
        own_policies_(cluster_.at(question.destination).policies) {}
  QuotientRun(const QuotientRun&) = delete;
  QuotientRun& operator=(const QuotientRun&) = delete;
  QuotientRun(QuotientRun&&) = delete;
  QuotientRun& operator=(QuotientRun&&) = delete;

  ~QuotientRun() {
    cluster_.namespaces.resize(namespaces_);
    cluster_.net_namespaces.resize(net_namespaces_);
    cluster_.policies.resize(policies_);
    cluster_.pods.resize(pods_);
    cluster_.namespaces.at(question_.destination.value).policies = own_policies_;
  }

  QuotientAnswer decide() {
    SymbolTable& symbols = cluster_.symbols;
    router_ = one_label(symbols, "network.openshift.io/policy-group", "ingress");
    exposed_ = one_label(symbols, "maistra.io/expose-route", "true");
    const LabelSelector inside = one_label(symbols, kMemberOfLabel, question_.mesh);
    const Symbol member_of = symbols.find(kMemberOfLabel);
    const Symbol mesh = symbols.find(question_.mesh);
    CasesAsked asked;
    asked.destination = question_.destination;
    asked.is_source = [&](NamespaceId id) {  // SEMANTICS T3
      const Namespace& ns = cluster_.at(id);
      return id != question_.destination && ns.name != question_.mesh &&
             !matches(inside, ns.labels);
    };
    asked.may_have = [&](Symbol key, Symbol value) { return key != member_of || value != mesh; };
    asked.of_projects = {&router_};
    asked.of_targets = {&exposed_};
    const auto cases = finite_cases(cluster_, decider_.stray_, asked, kMostEnds);
    if (!cases) return NotDecided{"more than " + std::to_string(kMostEnds) + " kinds of ends"};
    const std::optional<std::uint64_t> count = cases->count();
    if (!count || *count > decider_.limits_.cases) {
      return NotDecided{(count ? std::to_string(*count) : "too many") + " cases, and " +
                        std::to_string(decider_.limits_.cases) + " are the limit"};
    }
    add_single_policies();
    add_pods();
    const Evaluator evaluator(cluster_);
    return ask_all(evaluator, *cases);
  }

 private:
  /// The internal policies once more: without rules it refuses whom it selects, alone it admits.
  void add_single_policies() {
    for (const PolicyId id : question_.internal) {
      NetworkPolicy alone = cluster_.at(id);
      alone.isolates_ingress = true;
      NetworkPolicy silent = alone;
      silent.ingress.clear();
      const auto next = static_cast<std::uint32_t>(cluster_.policies.size());
      cluster_.policies.push_back(std::move(alone));
      cluster_.policies.push_back(std::move(silent));
      single_.push_back({PolicyId{next}, PolicyId{next + 1}});
    }
  }

  void add_pods() {
    const auto first = static_cast<std::uint32_t>(pods_);
    source_ = {first};
    target_ = {first + 1};
    cluster_.pods.resize(pods_ + 2);
    // Without addresses when the evaluator is made: it takes all who have one address for one pod.
    for (const PodId id : {source_, target_}) {
      Pod& pod = cluster_.pods.at(id.value);
      pod.name = id == source_ ? "source" : "target";
      pod.ns = question_.destination;
    }
  }

  QuotientAnswer ask_all(const Evaluator& evaluator, const FiniteCases& cases) {
    std::uint64_t asked = 0;
    std::string unknown;
    for (const SourceCase& source : cases.sources) {
      const bool is_pod = source.ns.is_valid();
      const AddressCase& from = cases.addresses[source.address];
      const bool is_router = is_pod && matches(router_, cluster_.at(source.ns).labels);
      for (const TargetCase& target : cases.targets) {
        const AddressCase& to = cases.addresses[target.address];
        if (from.is_v4() != to.is_v4()) continue;
        const auto ends = two_addresses(is_pod ? from.pods : from.outside, to.pods);
        if (!ends) continue;
        FlowEnd src = ends->first;
        if (is_pod) {
          place(source_, source.ns, source.labels, ends->first);
          src = source_;
        }
        place(target_, question_.destination, target.labels, ends->second);
        // SEMANTICS T4.
        if (is_router && matches(exposed_, target.labels)) continue;
        for (const PortCase& port : cases.ports) {
          for (std::uint32_t named = 0; named >> cases.port_names.size() == 0; ++named) {
            name_port(port, cases.port_names, named);
            ++asked;
            const Flow flow{src, target_, port.protocol, port.port};
            const Access access = evaluator.evaluate(flow).access;
            if (access == Access::Denied || is_exposed(evaluator, flow)) continue;
            const LetIn found{text_of(src), text_of(target_), port.protocol, port.port};
            if (access == Access::Allowed) return found;
            if (unknown.empty()) unknown = found.src + " reaching " + found.dst;
          }
        }
      }
    }
    if (!unknown.empty()) return NotDecided{"it is not known about " + unknown};
    return AllRefused{asked};
  }

  static std::optional<std::pair<IpAddress, IpAddress>> two_addresses(
      const std::vector<IpAddress>& sources, const std::vector<IpAddress>& targets) {
    for (const IpAddress& source : sources) {
      for (const IpAddress& target : targets) {
        if (source != target) return std::pair{source, target};
      }
    }
    return std::nullopt;
  }

  void place(PodId id, NamespaceId ns, const Labels& labels, const IpAddress& address) {
    Pod& pod = cluster_.pods.at(id.value);
    pod.ns = ns;
    pod.labels = labels;
    pod.addresses = {address};
  }

  /// SEMANTICS P11, T8: which of the names mean this port is the target's choice.
  void name_port(const PortCase& port, const std::vector<std::string>& names, std::uint32_t named) {
    Pod& pod = cluster_.pods.at(target_.value);
    pod.ports.clear();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if ((named >> i & 1U) != 0) pod.ports.push_back({names[i], port.protocol, port.port});
    }
  }

  /// SEMANTICS T5: an internal policy selects the target and its own rules admit the flow.
  bool is_exposed(const Evaluator& evaluator, const Flow& flow) {
    std::vector<PolicyId>& of_target = cluster_.namespaces.at(question_.destination.value).policies;
    const auto with_only = [&](PolicyId id) {
      of_target = {id};
      return evaluator.evaluate(flow).access;
    };
    const bool exposed = std::ranges::any_of(single_, [&](const SinglePolicy& one) {
      return with_only(one.silent) == Access::Denied && with_only(one.alone) == Access::Allowed;
    });
    of_target = own_policies_;
    return exposed;
  }

  [[nodiscard]] std::string text_of(const FlowEnd& end) const {
    const auto* id = std::get_if<PodId>(&end);
    if (id == nullptr) return std::get<IpAddress>(end).to_string();
    const Pod& pod = cluster_.at(*id);
    const Namespace& ns = cluster_.at(pod.ns);
    std::string text = pod.ns.value < namespaces_
                           ? "a pod of project " + ns.name
                           : "a pod of a future project" + labels_text(ns.labels, cluster_.symbols);
    return text + labels_text(pod.labels, cluster_.symbols) + " at " +
           pod.addresses.front().to_string();
  }

  struct SinglePolicy {
    PolicyId alone;
    PolicyId silent;
  };

  QuotientDecider& decider_;
  Cluster& cluster_;
  const IsolationQuestion& question_;
  const std::size_t namespaces_;
  const std::size_t net_namespaces_;
  const std::size_t policies_;
  const std::size_t pods_;
  const std::vector<PolicyId> own_policies_;
  LabelSelector router_;
  LabelSelector exposed_;
  std::vector<SinglePolicy> single_;
  PodId source_;
  PodId target_;
};

QuotientAnswer QuotientDecider::decide(const IsolationQuestion& question) {
  return QuotientRun(*this, question).decide();
}

}  // namespace meshproof
