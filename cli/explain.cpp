#include "cli/explain.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "solver/checks/port_samples.h"

namespace meshproof {
namespace {

constexpr std::uint16_t kLastPort = 65535;

std::string words_of(const Decision& decision) {
  std::string words = std::to_string(static_cast<int>(decision.access));
  for (const Reason& reason : decision.reasons) {
    words += '|' + std::string(to_string(reason.direction)) + reason.policy + reason.rule_id;
    words += ',' + std::to_string(reason.rule) + ',' + std::to_string(reason.peer);
  }
  return words;
}

/// What is said of one pair of ends.
struct Answer {
  PortSet open;
  std::vector<DecidedFlow> flows;

  /// What two pairs must share to be told as one.
  [[nodiscard]] std::vector<std::string> words() const {
    std::vector<std::string> result{to_string(open)};
    for (const DecidedFlow& flow : flows) result.push_back(words_of(flow.decision));
    return result;
  }
};

/// Decides pairs of ends.
class Decider {
 public:
  Decider(const Cluster& cluster, std::optional<PortChoice> port)
      : cluster_(cluster), port_(port), evaluator_(cluster), samples_(cluster, PortSet::all()) {}

  [[nodiscard]] Answer decide(const FlowEnd& src, const FlowEnd& dst) {
    if (port_) return {{}, {decide(src, dst, port_->protocol, port_->port)}};
    return decide_all(src, dst);
  }

 private:
  [[nodiscard]] DecidedFlow decide(const FlowEnd& src, const FlowEnd& dst, Protocol protocol,
                                   std::uint16_t port) const {
    return {to_string(src, cluster_), to_string(dst, cluster_), protocol, port,
            evaluator_.evaluate({src, dst, protocol, port})};
  }

  /// A port that the destination declares is what a reader wants to see decided.
  [[nodiscard]] bool is_declared(const FlowEnd& dst, const DecidedFlow& flow) const {
    const PodId* pod = std::get_if<PodId>(&dst);
    if (pod == nullptr) return false;
    const std::vector<ContainerPort>& ports = cluster_.at(*pod).ports;
    return std::any_of(ports.begin(), ports.end(), [&](const ContainerPort& port) {
      return port.protocol == flow.protocol && port.port == flow.port;
    });
  }

  /// Where the answer can change, and where the destination declares a port, by protocol.
  [[nodiscard]] std::map<Protocol, std::set<std::uint32_t>> starts_between(const FlowEnd& src,
                                                                           const FlowEnd& dst) {
    std::map<Protocol, std::set<std::uint32_t>> starts;
    for (const PortSample sample : samples_.between(src, dst, false)) {
      starts[sample.protocol].insert(sample.port);
    }
    const PodId* pod = std::get_if<PodId>(&dst);
    if (pod == nullptr) return starts;
    for (const ContainerPort& port : cluster_.at(*pod).ports) {
      if (port.port == 0) continue;
      starts[port.protocol].insert(port.port);
      if (port.port < kLastPort) starts[port.protocol].insert(port.port + 1U);
    }
    return starts;
  }

  /// Every range of ports; one flow is kept for each answer, with a declared port where there is
  /// one.
  [[nodiscard]] Answer decide_all(const FlowEnd& src, const FlowEnd& dst) {
    Answer answer;
    std::map<std::string, std::size_t> seen;
    for (const auto& [protocol, starts] : starts_between(src, dst)) {
      for (auto start = starts.begin(); start != starts.end(); ++start) {
        const auto from = static_cast<std::uint16_t>(*start);
        const auto next = std::next(start);
        const std::uint32_t last = next == starts.end() ? kLastPort : *next - 1;
        const auto to = protocol == Protocol::Icmp ? from : static_cast<std::uint16_t>(last);
        DecidedFlow flow = decide(src, dst, protocol, from);
        if (flow.decision.is_allowed()) answer.open.add(protocol, {from, to});
        const auto [at, is_new] = seen.try_emplace(words_of(flow.decision), answer.flows.size());
        if (is_new) {
          answer.flows.push_back(std::move(flow));
        } else if (is_declared(dst, flow)) {
          answer.flows[at->second] = std::move(flow);
        }
      }
    }
    return answer;
  }

  const Cluster& cluster_;
  std::optional<PortChoice> port_;
  Evaluator evaluator_;
  PortSamples samples_;
};

using AnswerId = std::size_t;
/// Of a pod and itself: kept apart from its row, or no two pods would have the same row.
constexpr AnswerId kItself = static_cast<AnswerId>(-1);

/// Sources that give the same answer for every destination but themselves.
struct Row {
  std::vector<std::string> sources;
  std::vector<AnswerId> answers;        ///< by destination
  std::map<AnswerId, Answer> examples;  ///< of one of these sources

  [[nodiscard]] bool fits(const Row& other) const {
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const bool is_free = answers[i] == kItself || other.answers[i] == kItself;
      if (!is_free && answers[i] != other.answers[i]) return false;
    }
    return true;
  }

  void take(Row other) {
    sources.insert(sources.end(), other.sources.begin(), other.sources.end());
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (answers[i] == kItself) answers[i] = other.answers[i];
    }
    examples.merge(std::move(other.examples));
  }
};

class Explanation {
 public:
  Explanation(const Cluster& cluster, std::vector<FlowEnd> to, std::optional<PortChoice> port)
      : cluster_(cluster), to_(std::move(to)), decider_(cluster, port) {}

  /// `apart`: a pod and itself are told in a group of their own.
  void add(const FlowEnd& src, bool apart) {
    const std::string name = to_string(src, cluster_);
    Row row{{name}, {}, {}};
    for (const FlowEnd& dst : to_) {
      Answer answer = decider_.decide(src, dst);
      const AnswerId id = index_.try_emplace(answer.words(), index_.size()).first->second;
      const bool is_itself = apart && src == dst && std::holds_alternative<PodId>(src);
      row.answers.push_back(is_itself ? kItself : id);
      if (!is_itself) {
        row.examples.try_emplace(id, std::move(answer));
        continue;
      }
      Row& itself = itself_[id];
      itself.sources.push_back(name);
      itself.examples.try_emplace(id, std::move(answer));
    }
    const auto same =
        std::find_if(rows_.begin(), rows_.end(), [&](const Row& other) { return other.fits(row); });
    if (same == rows_.end()) {
      rows_.push_back(std::move(row));
    } else {
      same->take(std::move(row));
    }
  }

  /// Each group is a product: all of its sources with all of its destinations, but for a pod and
  /// itself.
  [[nodiscard]] std::vector<ExplainedGroup> groups() const {
    std::vector<ExplainedGroup> result;
    for (const Row& row : rows_) {
      for (const auto& [id, answer] : row.examples) {
        std::vector<std::string> destinations;
        for (std::size_t i = 0; i < to_.size(); ++i) {
          if (row.answers[i] == id) destinations.push_back(to_string(to_[i], cluster_));
        }
        result.push_back({row.sources, std::move(destinations), answer.open, answer.flows});
      }
    }
    for (const auto& [id, itself] : itself_) {
      const Answer& answer = itself.examples.at(id);
      result.push_back({itself.sources, {"itself"}, answer.open, answer.flows});
    }
    return result;
  }

 private:
  const Cluster& cluster_;
  std::vector<FlowEnd> to_;
  Decider decider_;
  std::map<std::vector<std::string>, AnswerId> index_;
  std::vector<Row> rows_;
  std::map<AnswerId, Row> itself_;
};

/// The ends without repetitions, in the order given.
std::vector<FlowEnd> distinct(const std::vector<FlowEnd>& ends) {
  std::vector<FlowEnd> result;
  std::set<FlowEnd> seen;
  for (const FlowEnd& end : ends) {
    if (seen.insert(end).second) result.push_back(end);
  }
  return result;
}

}  // namespace

std::vector<ExplainedGroup> explain_pairs(const Cluster& cluster, const std::vector<FlowEnd>& from,
                                          const std::vector<FlowEnd>& to,
                                          std::optional<PortChoice> port) {
  const std::vector<FlowEnd> sources = distinct(from);
  const std::vector<FlowEnd> destinations = distinct(to);
  Explanation explanation(cluster, destinations, port);
  const bool apart = sources.size() > 1 && destinations.size() > 1;
  for (const FlowEnd& src : sources) explanation.add(src, apart);
  return explanation.groups();
}

}  // namespace meshproof
