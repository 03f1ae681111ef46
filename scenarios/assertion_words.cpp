#include "scenarios/assertion_words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "model/object.h"
#include "model/project/fields.h"
#include "scenarios/strict_fields.h"

namespace meshproof {
namespace {

struct SeverityRow {
  std::string_view word;
  Severity severity;
};

constexpr std::array kSeverities = std::to_array<SeverityRow>({
    {"critical", Severity::Error},
    {"error", Severity::Error},
    {"warning", Severity::Warning},
    {"note", Severity::Note},
});

constexpr std::array kMoments{Moment::Before, Moment::EveryStep, Moment::After};

constexpr std::array<std::string_view, 5> kPortWords{"any", "icmp", "sctp", "tcp", "udp"};

/// capabilities(7).
constexpr auto kCapabilities = std::to_array<std::string_view>({
    "ALL",
    "AUDIT_CONTROL",
    "AUDIT_READ",
    "AUDIT_WRITE",
    "BLOCK_SUSPEND",
    "BPF",
    "CHECKPOINT_RESTORE",
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "IPC_LOCK",
    "IPC_OWNER",
    "KILL",
    "LEASE",
    "LINUX_IMMUTABLE",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "MKNOD",
    "NET_ADMIN",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_RAW",
    "PERFMON",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYSLOG",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_CHROOT",
    "SYS_MODULE",
    "SYS_NICE",
    "SYS_PACCT",
    "SYS_PTRACE",
    "SYS_RAWIO",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "WAKE_ALARM",
});

std::optional<PortRange> parse_range(std::string_view text) {
  const auto number = [](std::string_view digits) -> std::optional<std::uint16_t> {
    std::uint16_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, value);
    if (parsed.ec != std::errc{} || parsed.ptr != end || value == 0) return std::nullopt;
    return value;
  };
  const auto dash = text.find('-');
  const auto from = number(text.substr(0, dash));
  const auto to = dash == std::string_view::npos ? from : number(text.substr(dash + 1));
  if (!from || !to || *from > *to) return std::nullopt;
  return PortRange{*from, *to};
}

std::optional<PortSet> parse_ports(std::string_view text) {
  if (text == "any") return PortSet::all();
  const auto slash = text.find('/');
  std::string name{text.substr(0, slash)};
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const auto protocol = parse_protocol(name);
  if (!protocol) return std::nullopt;
  if (*protocol == Protocol::Icmp) {
    if (slash != std::string_view::npos) return std::nullopt;
    return PortSet::of(*protocol, {0, 0});
  }
  if (slash == std::string_view::npos) return PortSet::of(*protocol, {1, 65535});
  const auto range = parse_range(text.substr(slash + 1));
  if (!range) return std::nullopt;
  return PortSet::of(*protocol, *range);
}

}  // namespace

Severity read_severity(const Tree& assertion, Diagnostics& diagnostics) {
  const auto word = string_field(assertion, "severity", diagnostics);
  if (!word) return Severity::Error;
  const auto row = std::ranges::find(kSeverities, *word, &SeverityRow::word);
  if (row != kSeverities.end()) return row->severity;
  std::vector<std::string_view> words;
  for (const SeverityRow& each : kSeverities) words.push_back(each.word);
  add_error(diagnostics, assertion.find("severity")->place, "unknown-severity",
            fmt::format("severity is critical, error, warning or note, not \"{}\"{}", *word,
                        suggestion(*word, words)));
  return Severity::Error;
}

std::vector<Moment> read_when(const Tree& assertion, Diagnostics& diagnostics) {
  std::vector<std::string_view> words;
  for (const Moment moment : kMoments) words.push_back(to_string(moment));
  std::vector<Moment> when;
  for (const Tree* word : one_or_more_strings(assertion, "when", diagnostics)) {
    const auto found = std::ranges::find(words, std::string_view{word->text});
    if (found != words.end()) {
      when.push_back(kMoments[static_cast<std::size_t>(found - words.begin())]);
      continue;
    }
    add_error(diagnostics, word->place, "unknown-when",
              fmt::format("when is before, every-step or after, not \"{}\"{}", word->text,
                          suggestion(word->text, words)));
  }
  std::ranges::sort(when);
  const auto repeated = std::ranges::unique(when);
  when.erase(repeated.begin(), repeated.end());
  if (when.empty()) when.push_back(Moment::After);
  return when;
}

PortSet read_ports(const Tree& assertion, Diagnostics& diagnostics) {
  if (is_absent(assertion, "ports")) return PortSet::all();
  PortSet ports = PortSet::none();
  const auto texts = one_or_more_strings(assertion, "ports", diagnostics);
  for (const Tree* text : texts) {
    if (const auto set = parse_ports(text->text); set) {
      ports = ports.unite(*set);
      continue;
    }
    const std::string_view word = std::string_view{text->text}.substr(0, text->text.find('/'));
    const bool is_word = std::ranges::find(kPortWords, word) != kPortWords.end();
    add_error(diagnostics, text->place, "bad-port",
              fmt::format("\"{}\" is no port: write any, tcp, tcp/8443, udp/8000-8100 or icmp{}",
                          text->text, is_word ? std::string{} : suggestion(word, kPortWords)));
  }
  const Tree& field = *assertion.find("ports");
  if (texts.empty() && field.is(TreeKind::Sequence) && field.items.empty()) {
    add_error(diagnostics, field.place, "bad-port",
              "no port at all says nothing: write any, or leave ports out");
  }
  return ports;
}

std::vector<std::string> read_capabilities(const Tree& assertion, Diagnostics& diagnostics) {
  std::vector<std::string> capabilities;
  for (const Tree* word : one_or_more_strings(assertion, "capabilities", diagnostics)) {
    capabilities.push_back(word->text);
    if (std::ranges::find(kCapabilities, word->text) != kCapabilities.end()) continue;
    add_error(diagnostics, word->place, "unknown-capability",
              fmt::format("there is no capability \"{}\"{}", word->text,
                          suggestion(word->text, kCapabilities)));
  }
  return capabilities;
}

std::vector<std::string> read_object_kinds(const Tree& assertion, Diagnostics& diagnostics) {
  const std::vector<std::string_view> known = known_kinds();
  std::vector<std::string> kinds;
  for (const Tree* word : one_or_more_strings(assertion, "kinds", diagnostics)) {
    kinds.push_back(word->text);
    const std::size_t slash = word->text.find('/');
    const bool has_group = slash != std::string::npos && slash > 0 &&
                           slash + 1 < word->text.size() &&
                           word->text.find('/', slash + 1) == std::string::npos;
    if (has_group || std::ranges::find(known, word->text) != known.end()) continue;
    const std::string meant = suggestion(word->text, known);
    add_error(diagnostics, word->place, "unknown-kind",
              fmt::format("\"{}\" is no kind that has a bare name{}", word->text,
                          meant.empty() ? "; write GROUP/Kind" : meant));
  }
  return kinds;
}

}  // namespace meshproof
