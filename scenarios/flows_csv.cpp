#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "scenarios/flow_tally.h"

namespace meshproof {
namespace {

constexpr std::array<std::string_view, 5> kColumns{"src", "dst", "protocol", "port", "count"};
constexpr std::size_t kRequired = 4;
constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);
constexpr std::uint32_t kLastPort = 65535;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// The fields of a line; nothing if a quote is left open.
std::optional<std::vector<std::string>> fields_of(std::string_view line) {
  std::vector<std::string> fields(1);
  bool is_quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool is_quote = line[i] == '"';
    const bool is_doubled = is_quoted && is_quote && i + 1 < line.size() && line[i + 1] == '"';
    if (is_doubled) {
      fields.back() += '"';
      ++i;
    } else if (is_quote) {
      is_quoted = !is_quoted;
    } else if (line[i] == ',' && !is_quoted) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  if (is_quoted) return std::nullopt;
  for (std::string& field : fields) field = std::string(trimmed(field));
  return fields;
}

/// Where each column stands in a line.
using Columns = std::array<std::size_t, kColumns.size()>;

std::optional<Columns> read_header(std::string_view line) {
  const auto fields = fields_of(line);
  if (!fields) return std::nullopt;
  Columns columns{};
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    const auto at = std::ranges::find(*fields, kColumns[i]);
    columns[i] = at == fields->end() ? kAbsent : static_cast<std::size_t>(at - fields->begin());
    if (columns[i] == kAbsent && i < kRequired) return std::nullopt;
  }
  return columns;
}

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  Number number = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (error != std::errc() || end != last) return std::nullopt;
  return number;
}

/// `namespace/pod`, `namespace/Kind/name` or an address.
std::optional<ObservedEnd> end_of(std::string_view text) {
  ObservedEnd end;
  if (auto address = IpAddress::parse(text)) {
    end.address = address;
    return end;
  }
  const std::size_t first = text.find('/');
  const std::size_t last = text.rfind('/');
  if (first == text.npos || first == 0 || last + 1 == text.size()) return std::nullopt;
  end.ns = text.substr(0, first);
  end.name = text.substr(last + 1);
  if (last != first) end.kind = text.substr(first + 1, last - first - 1);
  const bool is_whole = last == first || (!end.kind.empty() && end.kind.find('/') == end.kind.npos);
  return is_whole ? std::optional(std::move(end)) : std::nullopt;
}

/// What is wrong with a line; empty if its flow was counted.
std::string read_line(std::string_view line, const Columns& columns, Place place,
                      FlowTally& tally) {
  const auto fields = fields_of(line);
  if (!fields) return "a quote is not closed";
  const auto field = [&](std::size_t column) {
    return columns[column] < fields->size() ? std::string_view((*fields)[columns[column]])
                                            : std::string_view{};
  };
  ObservedFlow flow;
  const auto src = end_of(field(0));
  const auto dst = end_of(field(1));
  constexpr std::string_view kEnds = "must be namespace/pod, namespace/Kind/name or an address";
  if (!src) return fmt::format("src {}, not '{}'", kEnds, field(0));
  if (!dst) return fmt::format("dst {}, not '{}'", kEnds, field(1));
  std::string word(field(2));
  std::ranges::transform(word, word.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const auto number = number_of<std::int64_t>(word);
  const auto protocol = number ? protocol_of_number(*number) : parse_protocol(word);
  if (!protocol) return fmt::format("protocol must be TCP, UDP, SCTP or ICMP, not '{}'", field(2));
  const bool is_icmp = *protocol == Protocol::Icmp;
  const auto port = number_of<std::uint32_t>(field(3));
  if (!is_icmp && (!port || *port == 0 || *port > kLastPort)) {
    return fmt::format("port must be a number from 1 to 65535, not '{}'", field(3));
  }
  const auto count =
      columns[4] == kAbsent ? std::optional<std::uint64_t>(1) : number_of<std::uint64_t>(field(4));
  if (!count || *count == 0) return fmt::format("count must be 1 or more, not '{}'", field(4));
  tally.add({*src, *dst, *protocol, is_icmp ? std::uint16_t{0} : static_cast<std::uint16_t>(*port),
             *count, place});
  return {};
}

}  // namespace

void read_csv_flows(std::string_view text, FileId file, FlowTally& tally,
                    Diagnostics& diagnostics) {
  std::optional<Columns> columns;
  std::uint32_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const Place place{file, ++number, 1};
    if (line.empty()) continue;
    if (!columns) {
      columns = read_header(line);
      if (columns) continue;
      return tell_bad_flow(diagnostics, place,
                           "flows are JSON, or CSV whose first line names the columns src, dst, "
                           "protocol, port and perhaps count");
    }
    std::string wrong = read_line(line, *columns, place, tally);
    if (!wrong.empty()) tell_bad_flow(diagnostics, place, std::move(wrong));
  }
}

}  // namespace meshproof
