#include "tests/solver/matrix_agreement.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "model/namespace_matrix.h"
#include "solver/all_pairs.h"
#include "solver/checks/port_samples.h"
#include "solver/engines/all_pairs/pair_tables.h"
#include "solver/evaluate.h"
#include "solver/namespace_matrix.h"
#include "solver/reach_ends.h"

namespace meshproof {
namespace {

/// A pod of an end, or the address that stands for it.
struct Speaker {
  PairEnd pair;
  FlowEnd flow;
};

/// All that the pods of two ends have to do with each other, one pair after another.
struct Expected {
  std::vector<std::pair<Speaker, Speaker>> pairs;
  PortSet some;
  PortSet every;
  PortSet unknown;
};

using Decider = std::tuple<std::string, std::string, int, int, Place>;

Decider decider_of(const Reason& reason) {
  return {reason.rule_id, reason.policy, reason.rule, reason.peer, reason.place};
}

/// The first reason of one direction, notes of what else may refuse (U2) aside.
const Reason* first_of_way(const std::vector<Reason>& reasons, Direction direction) {
  const auto found = std::ranges::find_if(reasons, [&](const Reason& each) {
    return each.direction == direction && each.rule_id != "U2";
  });
  return found == reasons.end() ? nullptr : &*found;
}

bool says(const std::vector<Reason>& cause, const Reason* reason) {
  if (reason == nullptr) return cause.front().rule_id.empty() || cause.front().rule_id == "U2";
  return decider_of(cause.front()) == decider_of(*reason);
}

class Comparison {
 public:
  explicit Comparison(const Cluster& cluster)
      : cluster_(cluster),
        evaluator_(cluster, PendingPods::WillRun),
        samples_(cluster, PortSet::all()),
        matrix_(namespace_matrix(cluster)),
        blocks_(outside_blocks(cluster, {})),
        pairs_(cluster, samples_of(blocks_)) {}

  [[nodiscard]] MatrixAgreement run() {
    check_shape();
    for (std::size_t src = 0; src < matrix_.ends.size(); ++src) {
      for (std::size_t dst = 0; dst < matrix_.ends.size(); ++dst) {
        if (result_.difference.empty()) compare(src, dst);
      }
    }
    return result_;
  }

 private:
  static std::vector<IpAddress> samples_of(const std::vector<OutsideBlock>& blocks) {
    std::vector<IpAddress> samples;
    for (const OutsideBlock& block : blocks) samples.push_back(block.sample);
    return samples;
  }

  void expect(bool holds, const std::string& what) {
    if (!holds && result_.difference.empty()) result_.difference = what;
  }

  void check_shape() {
    std::set<std::string> names;
    for (const MatrixEnd& end : matrix_.ends) names.insert((end.is_outside ? "/" : "") + end.name);
    expect(names.size() == matrix_.ends.size(), "an end stands twice");
    expect(names.size() == cluster_.namespaces.size() + blocks_.size(), "an end is missing");
    for (const auto* of : {&matrix_.cells_of, &matrix_.ingress_of, &matrix_.egress_of}) {
      expect(of->size() == matrix_.ends.size(), "not one row for each end");
      for (const std::uint32_t row : *of) expect(row < matrix_.rows.size(), "no such row");
    }
    for (const MatrixRow& row : matrix_.rows) {
      expect(row.empty() == matrix_.ends.empty(), "an empty row");
      expect(row.empty() || row.front().begin == 0, "a row does not begin at 0");
      for (std::size_t i = 1; i < row.size(); ++i) {
        expect(row[i - 1].begin < row[i].begin && row[i - 1].value != row[i].value,
               "runs are not apart");
      }
    }
    expect(std::set(matrix_.rows.begin(), matrix_.rows.end()).size() == matrix_.rows.size(),
           "a row stands twice");
    expect(std::set(matrix_.cells.begin(), matrix_.cells.end()).size() == matrix_.cells.size(),
           "a cell stands twice");
    for (const auto& cause : matrix_.causes) {
      expect(!cause.empty() && cause.size() <= 5, "a cause is empty or long");
      for (const Reason& reason : cause) expect(!reason.text.empty(), "a reason has no text");
    }
  }

  [[nodiscard]] std::vector<Speaker> speakers(const MatrixEnd& end) const {
    std::vector<Speaker> result;
    for (std::size_t i = 0; i < blocks_.size() && end.is_outside; ++i) {
      if (blocks_[i].cidr.to_string() != end.name) continue;
      result.push_back({PairEnd::of_outside(i), blocks_[i].sample});
    }
    for (std::uint32_t i = 0; i < cluster_.pods.size() && !end.is_outside; ++i) {
      const Pod& pod = cluster_.pods[i];
      const bool counts = !pod.host_network && !pod.is_completed();
      if (!counts || cluster_.at(pod.ns).name != end.name) continue;
      result.push_back({PairEnd::of(PodId{i}), PodId{i}});
    }
    return result;
  }

  [[nodiscard]] Expected expected(const MatrixEnd& from, const MatrixEnd& to) const {
    Expected result;
    if (from.is_outside && to.is_outside) return result;
    for (const Speaker& src : speakers(from)) {
      for (const Speaker& dst : speakers(to)) {
        if (src.flow == dst.flow) continue;
        const PairPorts ports = pairs_.between(src.pair, dst.pair);
        result.every = result.pairs.empty() ? ports.open : result.every.intersect(ports.open);
        result.some = result.some.unite(ports.open);
        result.unknown = result.unknown.unite(ports.unknown);
        result.pairs.emplace_back(src, dst);
      }
    }
    result.unknown = as_shown(result.unknown.subtract(result.some), cluster_.network);
    result.some = as_shown(result.some, cluster_.network);
    result.every = as_shown(result.every, cluster_.network);
    return result;
  }

  /// Whether some flow of the pairs is as it should be.
  template <typename IsIt>
  [[nodiscard]] bool any_flow(const Expected& expected, const IsIt& is_it) {
    for (const auto& [src, dst] : expected.pairs) {
      std::vector<PortSample> ports = samples_.between(src.flow, dst.flow, true);
      ports.push_back({Protocol::Tcp, 80});
      for (const PortSample& port : ports) {
        if (is_it(Flow{src.flow, dst.flow, port.protocol, port.port})) return true;
      }
    }
    return false;
  }

  void compare(std::size_t src, std::size_t dst) {
    const MatrixEnd& from = matrix_.ends[src];
    const MatrixEnd& to = matrix_.ends[dst];
    const std::string pair = from.name + " to " + to.name + ": ";
    const MatrixCell& cell =
        matrix_.cells.at(value_at(matrix_.rows.at(matrix_.cells_of[dst]), src));
    const Expected truth = expected(from, to);
    expect(from.is_outside || from.pods == speakers(from).size(), pair + "other pods");
    const auto differ = [&](const PortSet& is, const PortSet& should, const std::string& what) {
      expect(is == should, pair + what + " is " + to_string(is) + ", not " + to_string(should));
    };
    differ(cell.some, truth.some, "some");
    differ(cell.every, truth.every, "every");
    differ(cell.unknown, truth.unknown, "unknown");
    ++result_.cells;
    if (!cell.some.is_empty()) ++result_.open;
    if (cell.every != cell.some) ++result_.partly;
    if (!cell.unknown.is_empty()) ++result_.unknown;
    const auto& in = matrix_.causes.at(value_at(matrix_.rows.at(matrix_.ingress_of[dst]), src));
    const auto& out = matrix_.causes.at(value_at(matrix_.rows.at(matrix_.egress_of[src]), dst));
    if (truth.pairs.empty()) {
      expect(in.front().rule_id.empty() && out.front().rule_id.empty(), pair + "there is no pair");
      return;
    }
    check_cause(truth, Direction::Ingress, in, pair + "ingress");
    check_cause(truth, Direction::Egress, out, pair + "egress");
    if (truth.some.is_empty()) check_closed(truth, in, out, pair);
    if (!cell.unknown.is_empty()) check_unknown(truth, cell, pair);
  }

  /// The cause decides the direction of a flow of the pair; of an open one where there is one, as
  /// evaluate() has it.
  void check_cause(const Expected& truth, Direction direction, const std::vector<Reason>& cause,
                   const std::string& what) {
    const bool is_right = any_flow(truth, [&](const Flow& flow) {
      const Decision way = evaluator_.evaluate_one_way(flow, direction);
      if (!says(cause, first_of_way(way.reasons, direction))) return false;
      if (truth.some.is_empty()) return true;
      const Decision whole = evaluator_.evaluate(flow);
      return whole.is_allowed() && says(cause, first_of_way(whole.reasons, direction));
    });
    expect(is_right, what + " is not because " + cause.front().text);
  }

  /// One of the two causes is why a flow is not open.
  void check_closed(const Expected& truth, const std::vector<Reason>& in,
                    const std::vector<Reason>& out, const std::string& pair) {
    const bool is_right = any_flow(truth, [&](const Flow& flow) {
      const Decision whole = evaluator_.evaluate(flow);
      return std::ranges::any_of(
          whole.reasons, [&](const Reason& each) { return says(in, &each) || says(out, &each); });
    });
    expect(is_right,
           pair + "closed neither because " + in.front().text + " nor because " + out.front().text);
  }

  void check_unknown(const Expected& truth, const MatrixCell& cell, const std::string& pair) {
    const auto& because = matrix_.causes.at(cell.unknown_because);
    const bool is_right = any_flow(truth, [&](const Flow& flow) {
      if (!cell.unknown.contains(flow.protocol, flow.port)) return false;
      const Decision whole = evaluator_.evaluate(flow);
      if (whole.access != Access::Unknown) return false;
      const auto is_it = [&](const Reason& each) { return says(because, &each); };
      if (std::ranges::any_of(whole.reasons, is_it)) return true;
      // Both projects may have objects of kinds that are not modelled; evaluate() names the first.
      if (because.front().rule_id != "U1") return false;
      return std::ranges::any_of(
          evaluator_.evaluate_one_way(flow, because.front().direction).reasons, is_it);
    });
    expect(is_right, pair + "not unknown because " + because.front().text);
  }

  const Cluster& cluster_;
  const Evaluator evaluator_;
  PortSamples samples_;
  const NamespaceMatrix matrix_;
  const std::vector<OutsideBlock> blocks_;
  const AllPairs pairs_;
  MatrixAgreement result_;
};

}  // namespace

MatrixAgreement compare_matrix(const Cluster& cluster) { return Comparison(cluster).run(); }

}  // namespace meshproof
