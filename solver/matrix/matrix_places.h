#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "model/namespace_matrix.h"
#include "solver/engines/all_pairs/pair_tables.h"
#include "solver/matrix/sender_rows.h"
#include "solver/reach_ends.h"

/// The ends of a namespace matrix, and what is asked for them. Only its files include this.
namespace meshproof {

/// Pods of a project that no other end tells apart (flow_classes.h), or an address outside.
struct MatrixUnit {
  PairEnd end;        ///< the first of the pods, or the address
  PodId second = {};  ///< of several pods
  FlowEnd flow;       ///< `end`
  Column column = 0;
  RowId ingress = {};  ///< of pods
  RowId egress = {};
  std::size_t sender = 0;  ///< which of MatrixPlaces::senders()
  /// Nothing limits what the pods send to other pods, whoever these are.
  bool is_free = false;

  [[nodiscard]] bool is_pod() const { return end.pod.is_valid(); }
};

/// What an end stands for.
struct MatrixPlace {
  NamespaceId ns;                 ///< of a project
  std::vector<MatrixUnit> units;  ///< those that nothing limits first; none without pods
  std::size_t senders = 0;        ///< equal for equal sets of MatrixUnit::sender

  [[nodiscard]] bool is_project() const { return ns.is_valid(); }
};

/// As what units are to those who receive from them, but for what their rules say of each.
struct MatrixSender {
  RowId egress;  ///< invalid: an address
  bool has_ipv4 = false;
  bool has_ipv6 = false;
  bool is_undecided = false;
  bool is_multicast = false;

  auto operator<=>(const MatrixSender&) const = default;
};

/// All ends in the order of the matrix: projects that send alike are neighbours, and among them
/// those that selectors select together (Columns). Keeps what it is given by reference.
class MatrixPlaces {
 public:
  MatrixPlaces(PairTables& tables, SenderRows& rows, const std::vector<OutsideBlock>& blocks);

  [[nodiscard]] const std::vector<MatrixPlace>& all() const { return places_; }
  [[nodiscard]] const std::vector<MatrixEnd>& ends() const { return ends_; }
  [[nodiscard]] const std::vector<MatrixSender>& senders() const { return senders_; }
  /// By MatrixPlace::senders.
  [[nodiscard]] const std::vector<std::vector<std::size_t>>& sender_sets() const {
    return sender_sets_;
  }
  /// Where a project stands, by its position among the columns' namespaces.
  [[nodiscard]] const std::vector<std::size_t>& by_position() const { return by_position_; }
  /// The blocks begin here.
  [[nodiscard]] std::size_t first_block() const { return first_block_; }

 private:
  void add_projects(const std::vector<OutsideBlock>& blocks);
  [[nodiscard]] MatrixPlace place_of(NamespaceId ns) const;
  void add(MatrixPlace place, MatrixEnd end);
  [[nodiscard]] std::size_t sender_of(const MatrixUnit& unit);
  [[nodiscard]] std::vector<std::uint32_t> usual_of(const MatrixPlace& place);

  PairTables& tables_;
  SenderRows& rows_;
  std::vector<std::uint32_t> flow_classes_;
  bool is_ipv6_dropped_ = false;          ///< and somebody speaks it
  std::vector<std::vector<PodId>> pods_;  ///< two of each column
  std::vector<MatrixPlace> places_;
  std::vector<MatrixEnd> ends_;
  std::vector<MatrixSender> senders_;
  std::map<MatrixSender, std::size_t> sender_numbers_;
  std::vector<std::vector<std::size_t>> sender_sets_;
  std::map<std::vector<std::size_t>, std::size_t> sender_set_numbers_;
  std::vector<std::size_t> by_position_;
  std::size_t first_block_ = 0;
};

}  // namespace meshproof
