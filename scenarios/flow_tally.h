#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "model/diagnostic.h"
#include "model/observed_flow.h"

/// What both forms of --flows have in common. Only scenarios/flows*.cpp include this.
namespace meshproof {

/// Counts flows that are alike as one.
class FlowTally {
 public:
  void add(ObservedFlow flow);
  void add_time(std::optional<std::int64_t> first_ms, std::optional<std::int64_t> last_ms);
  /// In order of source, destination, protocol and port.
  [[nodiscard]] ObservedFlows take();

 private:
  using Key = std::tuple<ObservedEnd, ObservedEnd, Protocol, std::uint16_t>;

  std::map<Key, ObservedFlow> flows_;
  ObservedFlows result_;
};

void tell_bad_flow(Diagnostics& diagnostics, Place place, std::string message);

/// TCP, UDP, SCTP, ICMP by their number (6, 17, 132, 1 and 58); empty for others.
[[nodiscard]] std::optional<Protocol> protocol_of_number(std::int64_t number);

/// The flows of a CSV text with the columns src, dst, protocol, port and perhaps count.
void read_csv_flows(std::string_view text, FileId file, FlowTally& tally, Diagnostics& diagnostics);

}  // namespace meshproof
