#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "solver/checks/groups.h"
#include "solver/checks/named_ends.h"
#include "solver/checks/port_samples.h"
#include "solver/evaluate.h"
#include "solver/recheck/recheck_parts.h"

namespace meshproof {
namespace {

/// Port ranges that the rules about a pair of pods tell apart, more or less.
constexpr std::uint64_t kPortsOfPair = 8;

/// One end, and whether the exceptions hold it.
struct SingleEnd {
  FlowEnd end;
  bool is_excepted = false;
};

std::vector<SingleEnd> ends_of(const GroupResolver& groups, const Group& group,
                               Resolution::Side side, bool must_be_open,
                               const std::optional<Group>& except) {
  Resolution resolution;
  resolution.side = side;
  resolution.must_be_open = must_be_open;
  if (except) resolution.apart.push_back(&*except);
  std::vector<SingleEnd> ends;
  for (const EndClass& one : groups.resolve(group, resolution).classes) {
    const bool is_excepted = !except || groups.contains(*except, one);
    for (const PodId pod : one.pods) ends.push_back({pod, is_excepted});
    if (one.service.is_valid()) {
      ends.push_back({one.service, is_excepted});
    } else {
      for (const IpAddress& address : one.addresses) ends.push_back({address, is_excepted});
    }
  }
  return ends;
}

/// Pairs of the ends of two groups, of which none may be open (or closed).
class PairRun {
 public:
  PairRun(const Cluster& cluster, const Assertion& assertion)
      : cluster_(cluster),
        assertion_(assertion),
        groups_(cluster),
        evaluator_(cluster, PendingPods::WillRun),
        samples_(cluster, assertion.ports) {}

  void run(const Group& from, const Group& to, std::uint64_t limit, RecheckResult& result);

 private:
  void ask(const FlowEnd& src, const FlowEnd& dst, RecheckResult& result);

  const Cluster& cluster_;
  const Assertion& assertion_;
  const GroupResolver groups_;
  const Evaluator evaluator_;
  PortSamples samples_;
};

void PairRun::ask(const FlowEnd& src, const FlowEnd& dst, RecheckResult& result) {
  const bool must_be_open = assertion_.kind == AssertionKind::Allow;
  const Access violating = must_be_open ? Access::Denied : Access::Allowed;
  for (const auto& [protocol, port] : samples_.between(src, dst, must_be_open)) {
    ++result.flows;
    const Access access = evaluator_.evaluate({src, dst, protocol, port}).access;
    if (access != violating && access != Access::Unknown) continue;
    const std::string from = to_string(src, cluster_);
    const std::string to = to_string(dst, cluster_);
    result.outcome = Recheck::Disagrees;
    result.words = fmt::format("it should hold, and evaluate() says of {}: {}",
                               flow_words(from, to, protocol, port),
                               access == Access::Unknown ? "unknown"
                               : must_be_open            ? "closed"
                                                         : "open");
    result.ends = {from, to};
    return;
  }
}

void PairRun::run(const Group& from, const Group& to, std::uint64_t limit, RecheckResult& result) {
  const bool must_be_open = assertion_.kind == AssertionKind::Allow;
  const auto sources =
      ends_of(groups_, from, Resolution::Side::Source, must_be_open, assertion_.except_from);
  const auto targets =
      ends_of(groups_, to, Resolution::Side::Destination, must_be_open, assertion_.except_to);
  const bool has_exceptions = assertion_.except_from || assertion_.except_to;
  const EvenChoice choice(sources.size() * targets.size(), limit / kPortsOfPair);
  for (std::uint64_t i = 0; i < choice.size(); ++i) {
    const SingleEnd& src = sources[choice.at(i) / targets.size()];
    const SingleEnd& dst = targets[choice.at(i) % targets.size()];
    const bool is_excepted = has_exceptions && src.is_excepted && dst.is_excepted;
    if (is_excepted || src.end == dst.end) continue;
    ask(src.end, dst.end, result);
    if (result.outcome == Recheck::Disagrees) return;
  }
  if (!choice.is_all()) result.outcome = Recheck::Sampled;
  result.words +=
      (result.words.empty() ? "" : "; ") + pairs_words(sources.size(), targets.size(), choice);
}

/// The running pods of two states, by name.
struct TwoPods {
  std::optional<FlowEnd> before;
  std::optional<FlowEnd> after;
  bool is_touched = false;
};

using PodsByName = std::map<std::string, TwoPods>;

void add_pods(const Cluster& cluster, const Assertion& assertion,
              std::optional<FlowEnd> TwoPods::*state, PodsByName& pods) {
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    if (cluster.pods[i].is_completed()) continue;
    pods[to_string(FlowEnd{PodId{i}}, cluster)].*state = PodId{i};
  }
  const GroupResolver groups(cluster);
  for (const Group& group : assertion.touching) {
    for (const EndClass& one : groups.resolve(group, {}).classes) {
      for (const PodId id : one.pods) pods[to_string(FlowEnd{id}, cluster)].is_touched = true;
    }
  }
}

/// Both states' answers about single flows.
class TwoStates {
 public:
  TwoStates(const Cluster& before, const Cluster& after, const PortSet& ports)
      : before_(before, PendingPods::WillRun),
        after_(after, PendingPods::WillRun),
        samples_before_(before, ports),
        samples_after_(after, ports) {}

  /// The first port of which one state says certainly open and the other certainly closed.
  [[nodiscard]] std::optional<PortSample> change(const TwoPods& src, const TwoPods& dst,
                                                 std::uint64_t& flows) {
    std::set<std::pair<Protocol, std::uint16_t>> ports;
    const auto add = [&](PortSamples& samples, const auto& from, const auto& to) {
      if (!from || !to) return;
      for (const PortSample& each : samples.between(*from, *to, true)) {
        ports.emplace(each.protocol, each.port);
      }
    };
    add(samples_before_, src.before, dst.before);
    add(samples_after_, src.after, dst.after);
    for (const auto& [protocol, port] : ports) {
      flows += 2;
      const auto ask = [&](const Evaluator& evaluator, const auto& from, const auto& to) {
        if (!from || !to) return Access::Denied;
        return evaluator.evaluate({*from, *to, protocol, port}).access;
      };
      const Access was = ask(before_, src.before, dst.before);
      const Access is = ask(after_, src.after, dst.after);
      if (was != is) return PortSample{protocol, port};
    }
    return std::nullopt;
  }

 private:
  Evaluator before_;
  Evaluator after_;
  PortSamples samples_before_;
  PortSamples samples_after_;
};

}  // namespace

EvenChoice::EvenChoice(std::uint64_t count, std::uint64_t wanted) {
  wanted = std::max<std::uint64_t>(wanted, 1);
  step_ = std::max<std::uint64_t>((count + wanted - 1) / wanted, 1);
  // A step that has a factor in common with a row's length would meet few of its columns.
  while (step_ > 1 && std::gcd(step_, count) != 1) ++step_;
  chosen_ = (count + step_ - 1) / step_;
}

std::string pairs_words(std::size_t from, std::size_t to, const EvenChoice& choice) {
  if (choice.is_all()) return fmt::format("every pair of {} and {} ends", from, to);
  return fmt::format("{} of the pairs of {} and {} ends, evenly chosen", choice.size(), from, to);
}

std::string flow_words(std::string_view src, std::string_view dst, Protocol protocol,
                       std::uint16_t port) {
  if (protocol == Protocol::Icmp) return fmt::format("{} → {} ICMP", src, dst);
  return fmt::format("{} → {} {} {}", src, dst, to_string(protocol), port);
}

RecheckResult recheck_pairs(const Snapshot& snapshot, const Assertion& assertion,
                            std::uint64_t limit) {
  RecheckResult result;
  result.outcome = Recheck::Confirmed;
  PairRun pairs(snapshot.cluster, assertion);
  const auto run = [&](const Group& from, const Group& to, std::uint64_t share) {
    if (result.outcome != Recheck::Disagrees) pairs.run(from, to, share, result);
  };
  if (assertion.kind != AssertionKind::Isolate) {
    run(assertion.from, assertion.to, limit);
    return result;
  }
  const std::uint64_t tasks = assertion.between.size() * (assertion.between.size() - 1);
  for (const Group& from : assertion.between) {
    for (const Group& to : assertion.between) {
      if (&from != &to) run(from, to, limit / tasks);
    }
  }
  return result;
}

RecheckResult recheck_unchanged(const Snapshot& before, const Snapshot& after,
                                const Assertion& assertion, std::uint64_t limit) {
  PodsByName both;
  add_pods(before.cluster, assertion, &TwoPods::before, both);
  add_pods(after.cluster, assertion, &TwoPods::after, both);
  std::vector<std::pair<std::string, TwoPods>> pods;
  for (const auto& [name, pod] : both) {
    if (!pod.is_touched) pods.emplace_back(name, pod);
  }
  TwoStates states(before.cluster, after.cluster, assertion.ports);
  const EvenChoice choice(pods.size() * pods.size(), limit / kPortsOfPair / 2);
  RecheckResult result;
  for (std::uint64_t i = 0; i < choice.size(); ++i) {
    const auto& [src, from] = pods[choice.at(i) / pods.size()];
    const auto& [dst, to] = pods[choice.at(i) % pods.size()];
    if (src == dst) continue;
    const std::optional<PortSample> found = states.change(from, to, result.flows);
    if (!found) continue;
    result.outcome = Recheck::Disagrees;
    result.words = fmt::format("nothing should change, and evaluate() says that {} does",
                               flow_words(src, dst, found->protocol, found->port));
    result.ends = {src, dst};
    return result;
  }
  result.outcome = choice.is_all() ? Recheck::Confirmed : Recheck::Sampled;
  result.words = pairs_words(pods.size(), pods.size(), choice) +
                 " in both states; nodes and addresses outside are not asked";
  return result;
}

}  // namespace meshproof
