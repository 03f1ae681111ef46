#include "solver/engines/quotient.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "solver/engines/case_statement.h"

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

std::string labels_text(const Labels& labels, const SymbolTable& symbols) {
  std::string text;
  for (const Label& label : labels.all()) {
    text += (text.empty() ? " {" : ", ") + std::string(symbols.text(label.key)) + '=' +
            std::string(symbols.text(label.value));
  }
  return text.empty() ? text : text + '}';
}

}  // namespace

QuotientDecider::QuotientDecider(const Cluster& cluster, QuotientLimits limits)
    : given_(cluster), limits_(limits) {
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

/// One question. Puts its projects to come and two pods into the decider's cluster, and takes them
/// out again, with whatever the statement puts there.
class QuotientRun {
 public:
  explicit QuotientRun(QuotientDecider& decider)
      : decider_(decider),
        cluster_(decider.cluster_),
        namespaces_(cluster_.namespaces.size()),
        net_namespaces_(cluster_.net_namespaces.size()),
        policies_(cluster_.policies.size()),
        pods_(cluster_.pods.size()) {}
  QuotientRun(const QuotientRun&) = delete;
  QuotientRun& operator=(const QuotientRun&) = delete;
  QuotientRun(QuotientRun&&) = delete;
  QuotientRun& operator=(QuotientRun&&) = delete;

  ~QuotientRun() {
    cluster_.namespaces.resize(namespaces_);
    cluster_.net_namespaces.resize(net_namespaces_);
    cluster_.policies.resize(policies_);
    cluster_.pods.resize(pods_);
  }

  QuotientAnswer decide(CaseStatement& statement) {
    const CasesAsked asked = statement.asked();
    std::optional<FiniteCases> cases = finite_cases(cluster_, decider_.stray_, asked, kMostEnds);
    if (!cases) return NotDecided{"more than " + std::to_string(kMostEnds) + " kinds of ends"};
    statement.narrow(*cases);
    const std::optional<std::uint64_t> count = cases->count();
    if (!count || *count > decider_.limits_.cases) {
      return NotDecided{(count ? std::to_string(*count) : "too many") + " cases, and " +
                        std::to_string(decider_.limits_.cases) + " are the limit"};
    }
    statement.prepare();
    add_pods();
    const Evaluator evaluator(cluster_);
    return ask_all(evaluator, *cases, statement);
  }

 private:
  void add_pods() {
    const auto first = static_cast<std::uint32_t>(pods_);
    source_ = {first};
    target_ = {first + 1};
    cluster_.pods.resize(pods_ + 2);
    // Without addresses when the evaluator is made: it takes all who have one address for one pod.
    for (const PodId id : {source_, target_}) {
      Pod& pod = cluster_.pods.at(id.value);
      pod.name = id == source_ ? "source" : "target";
      pod.ns = {0};
    }
  }

  QuotientAnswer ask_all(const Evaluator& evaluator, const FiniteCases& cases,
                         CaseStatement& statement) {
    std::uint64_t asked = 0;
    std::string unknown;
    const bool is_open = statement.violating() == Access::Allowed;
    for (const EndCase& source : cases.sources) {
      for (const EndCase& target : cases.targets) {
        if (!statement.speaks_of(source, target)) continue;
        const std::optional<FlowEnd> src = place_ends(cases, source, target);
        if (!src) continue;
        const std::size_t names = target.given.is_valid() ? 0 : cases.port_names.size();
        for (const PortCase& port : cases.ports) {
          for (std::uint32_t named = 0; named >> names == 0; ++named) {
            if (!target.given.is_valid()) name_port(port, cases.port_names, named);
            ++asked;
            const Flow flow{*src, target_, port.protocol, port.port};
            const Access access = evaluator.evaluate(flow).access;
            const bool may_break = access == statement.violating() || access == Access::Unknown;
            if (!may_break || statement.is_left_out(evaluator, flow)) continue;
            const CaseBreaks found{text_of(*src, source), text_of(target_, target), port.protocol,
                                   port.port, is_open};
            if (access != Access::Unknown) return found;
            if (unknown.empty()) unknown = found.src + " reaching " + found.dst;
          }
        }
      }
    }
    if (!unknown.empty()) return NotDecided{"it is not known about " + unknown};
    return NoCaseBreaks{asked, is_open};
  }

  /// Gives the source of the flow; nothing if there are no two addresses for the two, or they are
  /// of different families.
  std::optional<FlowEnd> place_ends(const FiniteCases& cases, const EndCase& source,
                                    const EndCase& target) {
    const AddressCase& from = cases.addresses[source.address];
    const AddressCase& to = cases.addresses[target.address];
    if (from.is_v4() != to.is_v4()) return std::nullopt;
    const bool is_pod = source.ns.is_valid();
    const auto of = [](const EndCase& end, const std::vector<IpAddress>& examples) {
      return end.own_address ? std::vector{*end.own_address} : examples;
    };
    const auto ends =
        two_addresses(of(source, is_pod ? from.pods : from.outside), of(target, to.pods));
    if (!ends) return std::nullopt;
    place(target_, target, ends->second);
    if (!is_pod) return ends->first;
    place(source_, source, ends->first);
    return source_;
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

  void place(PodId id, const EndCase& end, const IpAddress& address) {
    Pod& pod = cluster_.pods.at(id.value);
    pod.ns = end.ns;
    pod.labels = end.labels;
    pod.addresses = {address};
    pod.ports =
        end.given.is_valid() ? decider_.given_.at(end.given).ports : std::vector<ContainerPort>();
  }

  /// SEMANTICS P11, T8: which of the names mean this port is the target's choice.
  void name_port(const PortCase& port, const std::vector<std::string>& names, std::uint32_t named) {
    Pod& pod = cluster_.pods.at(target_.value);
    pod.ports.clear();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if ((named >> i & 1U) != 0) pod.ports.push_back({names[i], port.protocol, port.port});
    }
  }

  [[nodiscard]] std::string text_of(const FlowEnd& end, const EndCase& one) const {
    const auto* id = std::get_if<PodId>(&end);
    if (id == nullptr) return std::get<IpAddress>(end).to_string();
    const Pod& pod = cluster_.at(*id);
    if (one.given.is_valid()) {
      const Pod& given = decider_.given_.at(one.given);
      return decider_.given_.at(given.ns).name + '/' + given.name + " at " +
             pod.addresses.front().to_string();
    }
    const Namespace& ns = cluster_.at(pod.ns);
    std::string text = pod.ns.value < namespaces_
                           ? "a pod of project " + ns.name
                           : "a pod of a future project" + labels_text(ns.labels, cluster_.symbols);
    return text + labels_text(pod.labels, cluster_.symbols) + " at " +
           pod.addresses.front().to_string();
  }

  QuotientDecider& decider_;
  Cluster& cluster_;
  const std::size_t namespaces_;
  const std::size_t net_namespaces_;
  const std::size_t policies_;
  const std::size_t pods_;
  PodId source_;
  PodId target_;
};

QuotientAnswer QuotientDecider::decide(const IsolationQuestion& question) {
  QuotientRun run(*this);
  return run.decide(*case_statement(question, cluster_));
}

QuotientAnswer QuotientDecider::decide(const StatementQuestion& question) {
  QuotientRun run(*this);
  return run.decide(*case_statement(question, given_, cluster_));
}

std::string to_string(const CaseBreaks& found) {
  return found.src + (found.is_open ? " reaches " : " does not reach ") + found.dst + " on " +
         std::string(to_string(found.protocol)) + ' ' + std::to_string(found.port);
}

}  // namespace meshproof
