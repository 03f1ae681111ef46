#include <algorithm>

#include <fmt/format.h>

#include "reports/fold.h"
#include "reports/header.h"
#include "reports/reach_report.h"
#include "reports/text.h"

namespace meshproof {
namespace {

/// More folded lines than this are a matter for --full or another format.
constexpr std::size_t kLinesShown = 100;

std::string asked_words(const AskedSlice& asked) {
  std::string text;
  if (!asked.from.empty()) text += " · from " + printable(asked.from);
  if (!asked.to.empty()) text += " · to " + printable(asked.to);
  if (!asked.port.empty()) text += " · port " + printable(asked.port);
  return asked.by_pod ? text + " · by pod" : text;
}

std::string lines_of(const std::vector<FoldedConnections>& rows, std::size_t width, bool full) {
  const std::size_t shown = full ? rows.size() : std::min(rows.size(), kLinesShown);
  std::size_t source_width = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    source_width = std::max(source_width, display_width(describe(rows[i].sources)));
  }
  source_width = std::min(source_width, width / 3);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string line =
        fmt::format("  {} → {}   {}", padded(describe(rows[i].sources), source_width),
                    describe(rows[i].destinations), to_string(rows[i].ports));
    text += wrapped(line, width, 6) + "\n";
  }
  std::size_t folded = 0;
  for (std::size_t i = shown; i < rows.size(); ++i) folded += rows[i].count;
  if (folded > 0) text += fmt::format("  and {} more: --full\n", counted(folded, "connection"));
  return text;
}

}  // namespace

std::string reach_table(const ReachReport& report, std::size_t width, bool full) {
  const Reachability& found = report.reachability;
  std::string text =
      wrapped(fmt::format("meshproof reach · {}{} · {}", network_words(report.header.network),
                          asked_words(report.header.asked), coverage_words(report.header.coverage)),
              width, 2) +
      "\n\n";
  if (found.connections.empty()) {
    text += found.undecided.empty() ? "nothing of what was asked about is reachable\n"
                                    : "nothing of what was asked about is known to be reachable\n";
  } else {
    text += fmt::format("ALLOWED ({})\n", counted(found.connections.size(), "connection"));
    text += lines_of(full ? unfolded(found.connections) : fold(found.connections), width, full);
  }
  const std::string undecided = undecided_lines(found.undecided, width, full);
  if (!undecided.empty()) text += "\n" + undecided;
  if (!found.always_dropped.is_empty()) {
    text += "\n" +
            wrapped(fmt::format("never {}: this network drops it for everybody",
                                to_string(found.always_dropped)),
                    width, 2) +
            "\n";
  }
  const std::string assumptions = assumption_lines(report.header.assumptions, width);
  return assumptions.empty() ? text : text + "\n" + assumptions;
}

void write_reach_wide(const ReachReport& report, const TextSink& sink) {
  const Reachability& found = report.reachability;
  std::size_t src_width = 4;
  std::size_t dst_width = 2;
  const auto widen = [&](const EndpointName& src, const EndpointName& dst) {
    src_width = std::max(src_width, display_width(to_string(src)));
    dst_width = std::max(dst_width, display_width(to_string(dst)));
  };
  for (const Connection& each : found.connections) widen(each.src, each.dst);
  for (const Reachability::Undecided& each : found.undecided) widen(each.src, each.dst);
  TextStream stream(sink);
  const auto add = [&](const std::string& src, const std::string& dst, const std::string& ports) {
    stream.add(fmt::format("{}   {}   {}\n", padded(printable(src), src_width),
                           padded(printable(dst), dst_width), printable(ports)));
  };
  add("FROM", "TO", "PORTS");
  for (const Connection& each : found.connections) {
    if (stream.is_broken()) return;
    add(to_string(each.src), to_string(each.dst), to_string(each.ports));
  }
  for (const Reachability::Undecided& each : found.undecided) {
    if (stream.is_broken()) return;
    add(to_string(each.src), to_string(each.dst),
        fmt::format("unknown {}: {}", to_string(each.ports), each.reason));
  }
  if (!found.always_dropped.is_empty()) {
    add("anybody", "anybody", "never " + to_string(found.always_dropped));
  }
  stream.flush();
}

}  // namespace meshproof
