#include "reports/csv.h"
#include "reports/reach_report.h"

namespace meshproof {
namespace {

void add_row(TextStream& stream, std::string_view access, const EndpointName& src,
             const EndpointName& dst, std::string_view protocol, std::string_view from,
             std::string_view to, std::string_view reason) {
  stream.add(csv_line({access, src.ns, src.kind, src.name, src.cidr, dst.ns, dst.kind, dst.name,
                       dst.cidr, protocol, from, to, reason}));
}

void add_rows(TextStream& stream, std::string_view access, const EndpointName& src,
              const EndpointName& dst, const PortSet& ports, std::string_view reason) {
  if (ports.is_all()) return add_row(stream, access, src, dst, "all", {}, {}, reason);
  for (const Protocol protocol : kProtocols) {
    for (const PortRange& range : ports.ranges(protocol)) {
      add_row(stream, access, src, dst, to_string(protocol), std::to_string(range.from),
              std::to_string(range.to), reason);
    }
  }
}

}  // namespace

void write_reach_csv(const ReachReport& report, const TextSink& sink) {
  TextStream stream(sink);
  stream.add(
      csv_line({"access", "srcNamespace", "srcKind", "srcWorkload", "srcCidr", "dstNamespace",
                "dstKind", "dstWorkload", "dstCidr", "protocol", "fromPort", "toPort", "reason"}));
  for (const Connection& each : report.reachability.connections) {
    if (stream.is_broken()) return;
    add_rows(stream, "allowed", each.src, each.dst, each.ports, {});
  }
  for (const Reachability::Undecided& each : report.reachability.undecided) {
    if (stream.is_broken()) return;
    add_rows(stream, "unknown", each.src, each.dst, each.ports, each.reason);
  }
  add_rows(stream, "never", {}, {}, report.reachability.always_dropped, "dropped for everybody");
  stream.flush();
}

}  // namespace meshproof
