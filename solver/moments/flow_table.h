#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "solver/all_pairs.h"
#include "solver/moments/scene.h"
#include "solver/moments/slice_state.h"
#include "solver/moments/views.h"

/// Who reaches whom between two projects, whatever of their steps is in effect. Only the files of
/// solver/moments include this.
namespace meshproof {

using PairPortsId = std::uint32_t;

/// What is open between two ends, each distinct answer once.
class PairPortsBook {
 public:
  [[nodiscard]] PairPortsId intern(PairPorts ports);
  [[nodiscard]] const PairPorts& at(PairPortsId id) const { return *ports_[id]; }

 private:
  std::map<std::pair<PortSet, PortSet>, PairPortsId> ids_;
  std::vector<std::unique_ptr<const PairPorts>> ports_;
};

/// An end of a table: of its first or second project, or an address outside.
struct TableEnd {
  enum class Of : std::uint8_t { First, Second, Outside };
  Of of = Of::First;
  std::size_t end = 0;  ///< of the project, or of Scene::outside()

  bool operator==(const TableEnd&) const = default;
};

struct TablePair {
  TableEnd from;
  TableEnd to;  ///< equal to `from`: the second pod of the end
};

/// The pairs of ends of two projects, or of one project and with the addresses outside. What is
/// open is worked out when it is first asked for, by the all-pairs engine on a slice that has
/// nothing but these projects. Keeps what it is given by reference.
class FlowTable {
 public:
  FlowTable(const Scene& scene, PairPortsBook& book, const SceneProject& one,
            const ProjectViews& views);
  FlowTable(const Scene& scene, PairPortsBook& book, const SceneProject& one,
            const ProjectViews& views, const SceneProject& other, const ProjectViews& other_views);

  [[nodiscard]] const std::vector<TablePair>& pairs() const { return pairs_; }
  [[nodiscard]] bool is_of_two() const { return other_views_ != nullptr; }
  /// What each pair has with these configs of the projects; of one project the second is 0.
  /// O(objects + pairs) when first asked.
  [[nodiscard]] const std::vector<PairPortsId>& at(std::size_t config, std::size_t other_config);

 private:
  void add_pairs(TableEnd::Of from, TableEnd::Of to, const SceneProject& one,
                 const SceneProject& other);
  [[nodiscard]] PairEnd pair_end(const TableEnd& end, bool is_second) const;

  const Scene& scene_;
  PairPortsBook& book_;
  const ProjectViews& views_;
  const ProjectViews* other_views_ = nullptr;
  SliceState slice_;
  std::vector<TablePair> pairs_;
  std::map<std::pair<std::size_t, std::size_t>, std::vector<PairPortsId>> answers_;
};

}  // namespace meshproof
