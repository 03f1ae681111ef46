#include "cli/port_choice.h"

#include <algorithm>
#include <charconv>
#include <string>

#include <fmt/format.h>

#include "cli/session.h"

namespace meshproof {

std::optional<PortChoice> parse_port_choice(std::string_view text) {
  std::string name(text.find('/') == text.npos ? "TCP" : text.substr(text.find('/') + 1));
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  if (text == "ICMP" || text == "icmp") return PortChoice{Protocol::Icmp, 0};
  const std::string_view digits = text.substr(0, text.find('/'));
  PortChoice choice;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), choice.port);
  const auto protocol = parse_protocol(name);
  const bool is_number = error == std::errc() && end == digits.data() + digits.size();
  const bool fits = protocol && (choice.port != 0) == (*protocol != Protocol::Icmp);
  if (is_number && fits) return PortChoice{*protocol, choice.port};
  return std::nullopt;
}

std::optional<PortChoice> parse_port(Session& session, std::string_view text) {
  if (const auto choice = parse_port_choice(text)) return choice;
  session.add_error("bad-port",
                    fmt::format("'{}' is no port; write NUMBER, NUMBER/TCP, NUMBER/UDP, "
                                "NUMBER/SCTP or ICMP",
                                text),
                    "command line");
  return std::nullopt;
}

}  // namespace meshproof
