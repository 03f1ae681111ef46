#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "model/namespace_matrix.h"
#include "solver/engines/all_pairs/hash_consed.h"
#include "solver/matrix/column_marks.h"
#include "solver/matrix/matrix_causes.h"
#include "solver/matrix/matrix_places.h"
#include "solver/matrix/meeting.h"
#include "solver/matrix/named_peers.h"
#include "solver/matrix/receiving.h"
#include "solver/matrix/sender_rows.h"
#include "solver/reach_ends.h"

namespace meshproof {

/// Fills a namespace matrix, destination by destination.
class MatrixBuilder {
 public:
  /// Keeps the cluster by reference.
  MatrixBuilder(const Cluster& cluster, const std::vector<OutsideBlock>& blocks);

  [[nodiscard]] NamespaceMatrix run();

 private:
  enum class Kind : std::uint8_t { Pod, OwnPod, Address, Group };

  /// A flow as one of its ends knows it: the unit there, what the other end is to its rules, and
  /// what sort of end it is, and the port.
  using FlowKey = std::tuple<std::size_t, std::uint32_t, Kind, Protocol, std::uint16_t>;

  static constexpr std::uint32_t kNoCause = 0xffffffff;

  /// What an end has been asked about its own rules so far.
  struct Asked {
    MatrixCauses::Known known;
    std::map<FlowKey, MatrixCauses::Cause> causes;
  };

  /// An end as a source.
  struct Sending {
    ColumnMarks marks;
    Asked asked = {};
    MatrixRow row = {};    ///< of causes, so far
    bool is_free = false;  ///< nothing limits what its pods send to others, whoever these are
    std::vector<std::optional<std::uint32_t>> free_causes = {};  ///< by unit, if that is free
  };

  /// Of a source, by itself: most destinations need no more of it.
  struct Sent {
    std::uint32_t last = kNoCause;  ///< value of its row
    std::uint32_t free = kNoCause;  ///< the cause for all projects, once it is known
  };

  /// What sources of one profile have in common.
  struct Answer {
    Meeting meeting;
    std::uint32_t ingress = 0;          ///< cause
    std::optional<std::uint32_t> cell;  ///< empty: hangs on each source's own rules
    Receiving::Sort flow_sort;          ///< of the unit that the meeting's flow is from
    Receiving::Sort undecided_sort;     ///< the same
  };

  /// Causes that no rule decides, by direction.
  struct Plain {
    std::uint32_t no_pod_here = 0;
    std::uint32_t no_pod_there = 0;
    std::uint32_t only_pod = 0;
    std::uint32_t outside = 0;
    std::uint32_t silence = 0;
  };

  /// A destination, while its rows are made.
  struct Destination {
    std::size_t place = 0;
    Receiving receiving;
    ColumnMarks marks;
    Asked asked = {};
    std::vector<std::optional<Answer>> answers = {};  ///< by profile
    MatrixRow cells = {};
    MatrixRow ingress = {};
  };

  void find_senders();
  void find_plain_causes();
  void receive_nothing(std::size_t place);
  void receive(std::size_t place);
  void receive_from(std::size_t source, Destination& destination);
  void receive_from_itself(Destination& destination);
  [[nodiscard]] const Answer& answer_of(std::size_t source, Destination& destination);
  void send(std::size_t source, const Answer& answer, Destination& destination);
  void add_egress(std::size_t source, std::size_t place, std::uint32_t cause);
  void put(Destination& destination, std::size_t source, std::uint32_t cell, std::uint32_t ingress,
           std::uint32_t egress);

  [[nodiscard]] MatrixCauses::Cause ingress_cause(const MatrixPick& pick, std::size_t source,
                                                  Destination& destination);
  /// Why the destination's rules leave a flow undecided; empty if it is the source's that do.
  [[nodiscard]] std::optional<std::uint32_t> ingress_doubt(const MatrixPick& pick,
                                                           std::size_t source,
                                                           Destination& destination);
  [[nodiscard]] MatrixCauses::Cause egress_cause(const MatrixPick& pick, std::size_t source,
                                                 const Destination& destination);
  /// The unit of this source that is of the sort.
  [[nodiscard]] static std::size_t unit_of(const MatrixPlace& source, Receiving::Sort sort,
                                           Destination& destination);
  [[nodiscard]] Kind kind_of(const MatrixUnit& unit, bool is_own) const;
  /// Where no rule of one direction at an end says anything.
  [[nodiscard]] std::uint32_t silence_of(const MatrixPlace& own, Direction direction) const;
  [[nodiscard]] std::uint32_t cell_of(const Meeting& meeting, std::uint32_t because);
  [[nodiscard]] PortsId shown(PortsId ports);
  [[nodiscard]] std::uint32_t row_of(const MatrixRow& row);

  const Cluster& cluster_;
  PairTables tables_;
  SenderRows rows_;
  NamedPeers peers_;
  MatrixPlaces places_;
  Meetings meetings_;
  MatrixCauses causes_;
  std::array<Plain, 2> plain_;  ///< by direction
  std::vector<Sending> sendings_;
  std::vector<Sent> sent_;  ///< by source
  NamespaceMatrix matrix_;
  HashConsedLists<MatrixRun> known_rows_;
  std::map<std::array<std::uint32_t, 4>, std::uint32_t> known_cells_;
  std::map<PortsId, PortsId> shown_;
};

}  // namespace meshproof
