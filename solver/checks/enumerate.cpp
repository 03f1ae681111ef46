#include "solver/checks/enumerate.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "solver/checks/lacking.h"
#include "solver/checks/port_samples.h"

namespace meshproof {

namespace {

/// What an enumeration looks for between two groups.
struct Task {
  const Group& from;
  const Group& to;
  const std::vector<ExceptedFlows>& excepted;
  Access violating = Access::Allowed;
};

/// What has been found so far, over all tasks of one assertion.
struct Tally {
  std::optional<Violated> violated;
  std::string unknown;
  std::string scope;
  std::string empty;  ///< why the assertion says nothing
};

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + ' ' + std::string(count == 1 ? one : many);
}

std::string describe(const Ends& ends) {
  std::string text;
  if (ends.pods() > 0) text = counted(ends.pods(), "pod", "pods");
  if (ends.addresses() > 0) {
    text += text.empty() ? "" : " and ";
    text += counted(ends.addresses(), "sample address", "sample addresses");
  }
  return text.empty() ? "nothing" : text;
}

/// Pairs of different ends of the two classes.
std::size_t count_pairs(const EndClass& src, const EndClass& dst) {
  std::vector<PodId> common;
  std::ranges::set_intersection(src.pods, dst.pods, std::back_inserter(common));
  const bool same_address =
      src.addresses.size() == 1 && src.addresses == dst.addresses && !dst.service.is_valid();
  return src.size() * dst.size() - common.size() - (same_address ? 1 : 0);
}

/// One assertion's run through the pairs.
class Walk {
 public:
  Walk(const Cluster& cluster, const GroupResolver& groups, const Evaluator& evaluator,
       const PortSet& ports)
      : cluster_(cluster), groups_(groups), evaluator_(evaluator), samples_(cluster, ports) {}

  void run(const Task& task, Tally& tally);

 private:
  void judge(const EndClass& src, const EndClass& dst, Access violating, Tally& tally);
  void show_by_declared(Access violating, Flow& flow, Decision& decision) const;
  [[nodiscard]] std::string without_address(const Flow& flow, bool src_is_certain) const;
  [[nodiscard]] bool is_excepted(const Task& task, const EndClass& src, const EndClass& dst) const;

  const Cluster& cluster_;
  const GroupResolver& groups_;
  const Evaluator& evaluator_;
  PortSamples samples_;
};

bool Walk::is_excepted(const Task& task, const EndClass& src, const EndClass& dst) const {
  return std::ranges::any_of(task.excepted, [&](const ExceptedFlows& flows) {
    return (!flows.from || groups_.contains(*flows.from, src)) &&
           (!flows.to || groups_.contains(*flows.to, dst));
  });
}

void Walk::run(const Task& task, Tally& tally) {
  Resolution resolution;
  for (const ExceptedFlows& flows : task.excepted) {
    if (flows.from) resolution.apart.push_back(&*flows.from);
    if (flows.to) resolution.apart.push_back(&*flows.to);
  }
  resolution.must_be_open = task.violating == Access::Denied;
  resolution.by_node = groups_.has_hosts(task.to);
  const Ends from = groups_.resolve(task.from, resolution);
  resolution.side = Resolution::Side::Destination;
  resolution.by_node = groups_.has_hosts(task.from);
  const Ends to = groups_.resolve(task.to, resolution);
  for (const auto& [ends, group] : {std::pair{&from, &task.from}, std::pair{&to, &task.to}}) {
    if (!ends->is_empty()) continue;
    const std::string sentence = "group " + group->name + " selects nothing";
    if (!group->allow_empty && tally.empty.empty()) tally.empty = sentence;
  }
  if (!tally.scope.empty()) tally.scope += "; ";
  tally.scope += describe(from) + " × " + describe(to);
  for (const EndClass& src : from.classes) {
    for (const EndClass& dst : to.classes) {
      if (!is_excepted(task, src, dst)) judge(src, dst, task.violating, tally);
    }
  }
}

/// Why it is not known whether an open flow is one of those that must be closed.
std::string Walk::without_address(const Flow& flow, bool src_is_certain) const {
  const std::string src = to_string(flow.src, cluster_);
  const std::string dst = to_string(flow.dst, cluster_);
  if (src_is_certain && std::holds_alternative<ServiceId>(flow.dst)) {
    return src + " reaches " + dst + ", which leads to a cidr of the assertion and elsewhere";
  }
  return src + " reaches " + dst + ", and the address of " + (src_is_certain ? dst : src) +
         " is not known, so a cidr of the assertion may or may not hold it; `except: cluster` "
         "would "
         "leave pods out";
}

/// Another port of the flow with the same access, if the destination declares one.
void Walk::show_by_declared(Access violating, Flow& flow, Decision& decision) const {
  for (const PortSample sample : samples_.declared(flow.dst, violating == Access::Denied)) {
    const Flow shown{flow.src, flow.dst, sample.protocol, sample.port};
    Decision other = evaluator_.evaluate(shown);
    if (other.access != violating) continue;
    flow = shown;
    decision = std::move(other);
    return;
  }
}

void Walk::judge(const EndClass& src, const EndClass& dst, Access violating, Tally& tally) {
  const std::size_t pairs = count_pairs(src, dst);
  if (pairs == 0) return;
  Flow flow{src.first(), dst.first(), Protocol::Tcp, 0};
  if (flow.src == flow.dst) flow.dst = dst.second();
  if (flow.src == flow.dst) flow.src = src.second();
  const bool dropped_for_all = violating == Access::Denied;
  for (const PortSample sample : samples_.between(flow.src, flow.dst, dropped_for_all)) {
    flow.protocol = sample.protocol;
    flow.port = sample.port;
    Decision decision = evaluator_.evaluate(flow);
    if (decision.access == Access::Unknown && tally.unknown.empty()) {
      tally.unknown = to_string(flow.src, cluster_) + " to " + to_string(flow.dst, cluster_) +
                      ": " + decision.reasons.front().text;
    }
    if (decision.access != violating) continue;
    if (!src.certain || !dst.certain) {
      if (tally.unknown.empty()) tally.unknown = without_address(flow, src.certain);
      return;
    }
    if (tally.violated) {
      tally.violated->count += pairs;
    } else {
      show_by_declared(violating, flow, decision);
      tally.violated = Violated{to_string(flow.src, cluster_),
                                to_string(flow.dst, cluster_),
                                flow.protocol,
                                flow.port,
                                std::move(decision.reasons),
                                {},
                                pairs,
                                violating == Access::Allowed,
                                {}};
    }
    return;
  }
}

Finding conclude(Tally tally) {
  if (tally.violated) return std::move(*tally.violated);
  if (!tally.empty.empty()) return Vacuous{std::move(tally.empty)};
  if (!tally.unknown.empty()) return Undecided{std::move(tally.unknown)};
  const bool has_samples = tally.scope.find("sample address") != std::string::npos;
  if (has_samples) {
    tally.scope += " (one for each range of addresses that the rules can tell apart)";
  }
  return Holds{Universe::Enumerated, std::move(tally.scope)};
}

std::vector<Task> tasks_of(const Assertion& assertion, const std::vector<ExceptedFlows>& excepted) {
  if (assertion.kind != AssertionKind::Isolate) {
    const bool denies = assertion.kind == AssertionKind::Deny;
    return {{assertion.from, assertion.to, excepted, denies ? Access::Allowed : Access::Denied}};
  }
  std::vector<Task> tasks;
  for (const Group& from : assertion.between) {
    for (const Group& to : assertion.between) {
      if (&from != &to) tasks.push_back({from, to, excepted, Access::Allowed});
    }
  }
  return tasks;
}

}  // namespace

Enumeration::Enumeration(const Snapshot& snapshot)
    : snapshot_(snapshot),
      cluster_(snapshot.cluster),
      groups_(snapshot.cluster),
      evaluator_(snapshot.cluster, PendingPods::WillRun) {}

Finding Enumeration::decide(const Assertion& assertion) const {
  const std::vector<ExceptedFlows> excepted = excepted_flows(assertion);
  const std::vector<Task> tasks = tasks_of(assertion, excepted);
  if (tasks.empty()) return Vacuous{"there are no two groups to isolate from each other"};
  Tally tally;
  Walk walk(cluster_, groups_, evaluator_, assertion.ports);
  for (const Task& task : tasks) walk.run(task, tally);
  return limited(conclude(std::move(tally)), lacking_for(assertion, snapshot_, groups_));
}

}  // namespace meshproof
