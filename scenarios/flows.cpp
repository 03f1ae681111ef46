#include "scenarios/flows.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "scenarios/files.h"
#include "scenarios/flow_tally.h"
#include "scenarios/json_reader.h"
#include "scenarios/source_text.h"

namespace meshproof {
namespace {

constexpr std::int64_t kLastPort = 65535;

/// The names of one end's fields.
struct EndFields {
  std::string_view ns;
  std::string_view name;
  std::string_view kind;
  std::string_view owner_name;
  std::string_view owner_kind;
  std::string_view address;
};
constexpr EndFields kSource{"SrcK8S_Namespace", "SrcK8S_Name",      "SrcK8S_Type",
                            "SrcK8S_OwnerName", "SrcK8S_OwnerType", "SrcAddr"};
constexpr EndFields kDestination{"DstK8S_Namespace", "DstK8S_Name",      "DstK8S_Type",
                                 "DstK8S_OwnerName", "DstK8S_OwnerType", "DstAddr"};

ObservedEnd end_of(const Tree& flow, const EndFields& fields) {
  const auto text = [&](std::string_view key) { return std::string(flow.string_at({key})); };
  ObservedEnd end{text(fields.ns),         text(fields.kind),       text(fields.name),
                  text(fields.owner_kind), text(fields.owner_name), {}};
  // Aggregated flows name the owner only.
  if (end.name.empty() && !end.owner_name.empty()) {
    end.name = end.owner_name;
    end.kind = end.owner_kind;
  }
  // A name says more than an address, which another pod may have by now.
  if (end.name.empty()) end.address = IpAddress::parse(flow.string_at({fields.address}));
  if (end.name.empty()) end.ns = end.kind = {};
  return end;
}

bool is_told(const ObservedEnd& end) { return !end.name.empty() || end.address.has_value(); }

/// What is wrong with it; empty if the flow was counted.
std::string read_flow(const Tree& tree, FlowTally& tally) {
  if (!tree.is(TreeKind::Mapping)) return "a flow is a mapping";
  ObservedFlow flow;
  flow.src = end_of(tree, kSource);
  flow.dst = end_of(tree, kDestination);
  flow.place = tree.place;
  if (!is_told(flow.src)) return "a flow needs SrcK8S_Name or SrcAddr";
  if (!is_told(flow.dst)) return "a flow needs DstK8S_Name or DstAddr";
  const auto number = tree.integer_at({"Proto"});
  const auto protocol = number ? protocol_of_number(*number) : std::nullopt;
  if (!number) return "Proto must be a protocol's number, as 6 for TCP";
  if (!protocol) return {};  // nothing that policies speak of
  const auto port = tree.integer_at({"DstPort"}).value_or(0);
  const bool has_port = *protocol == Protocol::Icmp || (port > 0 && port <= kLastPort);
  if (!has_port) return "DstPort must be a number from 1 to 65535";
  flow.protocol = *protocol;
  flow.port = *protocol == Protocol::Icmp ? std::uint16_t{0} : static_cast<std::uint16_t>(port);
  const auto count = tree.integer_at({"count"}).value_or(1);
  if (count < 1) return "count must be 1 or more";
  flow.count = static_cast<std::uint64_t>(count);
  tally.add(std::move(flow));
  tally.add_time(tree.integer_at({"TimeFlowStartMs"}), tree.integer_at({"TimeFlowEndMs"}));
  return {};
}

void read_json_flows(std::string_view text, FileId file, FlowTally& tally,
                     Diagnostics& diagnostics) {
  JsonReader reader(text, file, diagnostics);
  while (reader.find_next()) {
    Tree value;
    if (!reader.read(value)) return;
    const bool is_list = value.is(TreeKind::Sequence);
    const auto read_one = [&](const Tree& flow) {
      std::string wrong = read_flow(flow, tally);
      if (!wrong.empty()) tell_bad_flow(diagnostics, flow.place, std::move(wrong));
    };
    if (!is_list) read_one(value);
    if (is_list) std::ranges::for_each(value.items, read_one);
  }
}

bool begins_as_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != text.npos && (text[first] == '{' || text[first] == '[');
}

}  // namespace

void FlowTally::add(ObservedFlow flow) {
  const Key key{flow.src, flow.dst, flow.protocol, flow.port};
  const auto [at, is_new] = flows_.try_emplace(key, flow);
  if (!is_new) at->second.count += flow.count;
}

void FlowTally::add_time(std::optional<std::int64_t> first_ms,
                         std::optional<std::int64_t> last_ms) {
  if (first_ms) result_.first_ms = std::min(result_.first_ms.value_or(*first_ms), *first_ms);
  if (last_ms) result_.last_ms = std::max(result_.last_ms.value_or(*last_ms), *last_ms);
}

ObservedFlows FlowTally::take() {
  for (auto& [key, flow] : flows_) result_.flows.push_back(std::move(flow));
  flows_.clear();
  return std::move(result_);
}

void tell_bad_flow(Diagnostics& diagnostics, Place place, std::string message) {
  diagnostics.push_back({place, Severity::Error, "bad-flow", std::move(message), {}, {}});
}

std::optional<Protocol> protocol_of_number(std::int64_t number) {
  switch (number) {
    case 6:
      return Protocol::Tcp;
    case 17:
      return Protocol::Udp;
    case 132:
      return Protocol::Sctp;
    case 1:
    case 58:
      return Protocol::Icmp;
    default:
      return std::nullopt;
  }
}

Result<ObservedFlows> read_flows(const std::vector<std::string>& paths, Sources& sources) {
  Diagnostics found;
  FlowTally tally;
  for (const std::string& path : paths) {
    const auto source = load_file({path}, sources, found);
    if (!source) continue;
    const std::string_view text = *source->text;
    if (text.find_first_not_of(" \t\r\n") == text.npos) {
      found.push_back(
          {{}, Severity::Error, "no-flows", "there are no flows in this file", {}, path});
    } else if (begins_as_json(text)) {
      read_json_flows(text, source->file, tally, found);
    } else {
      read_csv_flows(text, source->file, tally, found);
    }
  }
  sort_diagnostics(found);
  if (has_errors(found)) return Result<ObservedFlows>{tl::unexpect, std::move(found)};
  return tally.take();
}

}  // namespace meshproof
