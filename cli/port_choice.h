#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/port_set.h"

namespace meshproof {

class Session;

/// One port of one protocol.
struct PortChoice {
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
};

/// `8080`, `8080/TCP`, `53/udp`, `ICMP`; nothing for anything else.
[[nodiscard]] std::optional<PortChoice> parse_port_choice(std::string_view text);

/// The same; an error in the session for anything else.
[[nodiscard]] std::optional<PortChoice> parse_port(Session& session, std::string_view text);

}  // namespace meshproof
