#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "model/flow.h"
#include "solver/evaluate.h"

namespace meshproof {

/// Why one direction of something is open or closed; each list of reasons once.
class MatrixCauses {
 public:
  /// Keeps the cluster by reference.
  explicit MatrixCauses(const Cluster& cluster) : evaluator_(cluster, PendingPods::WillRun) {}

  struct Cause {
    std::uint32_t number = 0;
    Access access = Access::Denied;
  };
  /// What decides, whoever the reasons name: policy, rule, peer and port of each.
  using Deciders = std::vector<std::tuple<std::string, std::string, int, int, int>>;
  /// The causes of one direction at one end so far.
  using Known = std::map<std::pair<Access, Deciders>, std::uint32_t>;

  /// What the rules of one direction say of a flow. Flows of one end that the same rules decide
  /// have one cause, which names the first of them; `silence` where no rule says anything.
  /// O(rules).
  [[nodiscard]] Cause of(const Flow& flow, Direction direction, Known& known,
                         std::uint32_t silence);

  /// One that no rule decides.
  [[nodiscard]] std::uint32_t plain(Direction direction, std::string_view text);

  [[nodiscard]] std::vector<std::vector<Reason>> take() { return std::move(causes_); }

 private:
  [[nodiscard]] std::uint32_t intern(std::vector<Reason> reasons);

  Evaluator evaluator_;
  std::vector<std::vector<Reason>> causes_;
  std::unordered_map<std::string, std::uint32_t> numbers_;  ///< by all that the reasons say
};

}  // namespace meshproof
