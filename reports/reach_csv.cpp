#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "reports/csv.h"
#include "reports/reach_report.h"

namespace meshproof {
namespace {

/// Rows, with the text of each end made once: there are far fewer of them than rows.
class CsvRows {
 public:
  explicit CsvRows(TextStream& stream) : stream_(stream) {}

  void add(std::string_view access, const EndpointName& src, const EndpointName& dst,
           const PortSet& ports, std::string_view reason) {
    const std::string ends = fmt::format("{},{},{}", access, fields(src), fields(dst));
    if (ports.is_all()) return add_row(ends, "all,,", reason);
    for (const Protocol protocol : kProtocols) {
      for (const PortRange& range : ports.ranges(protocol)) {
        add_row(ends, fmt::format("{},{},{}", to_string(protocol), range.from, range.to), reason);
      }
    }
  }

 private:
  void add_row(std::string_view ends, std::string_view ports, std::string_view reason) {
    stream_.add(ends);
    stream_.add(",");
    stream_.add(ports);
    stream_.add(",");
    stream_.add(csv_line({reason}));
  }
  const std::string& fields(const EndpointName& end) {
    const auto [at, is_new] = ends_.try_emplace(end);
    if (is_new) {
      at->second = csv_line({end.ns, end.kind, end.name, end.cidr});
      at->second.pop_back();
    }
    return at->second;
  }

  TextStream& stream_;
  std::map<EndpointName, std::string> ends_;
};

}  // namespace

void write_reach_csv(const ReachPairs& pairs, const TextSink& sink) {
  TextStream stream(sink);
  CsvRows rows(stream);
  stream.add(
      csv_line({"access", "srcNamespace", "srcKind", "srcWorkload", "srcCidr", "dstNamespace",
                "dstKind", "dstWorkload", "dstCidr", "protocol", "fromPort", "toPort", "reason"}));
  std::vector<Reachability::Undecided> undecided;
  const PortSet always = pairs(
      [&](const Connection& each) {
        rows.add("allowed", each.src, each.dst, each.ports, {});
        return !stream.is_broken();
      },
      [&](const Reachability::Undecided& each) {
        undecided.push_back(each);
        return true;
      });
  for (const Reachability::Undecided& each : undecided) {
    rows.add("unknown", each.src, each.dst, each.ports, each.reason);
  }
  rows.add("never", {}, {}, always, "dropped for everybody");
  stream.flush();
}

}  // namespace meshproof
