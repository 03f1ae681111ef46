#include <algorithm>
#include <array>
#include <utility>

#include "model/project/fields.h"
#include "model/project/policy_parts.h"

namespace meshproof {
namespace {

constexpr std::array<std::string_view, 3> kPortFields{"endPort", "port", "protocol"};
constexpr std::size_t kLongestPortName = 15;

bool is_lower_alnum(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
}

/// IANA service names, as the API server checks them.
bool is_port_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestPortName) return false;
  const auto is_known = [](char letter) { return is_lower_alnum(letter) || letter == '-'; };
  const auto is_letter = [](char letter) { return letter >= 'a' && letter <= 'z'; };
  return std::ranges::all_of(name, is_known) && std::ranges::any_of(name, is_letter) &&
         name.front() != '-' && name.back() != '-' && name.find("--") == std::string_view::npos;
}

/// Reads `port` into the range or the name. False when it is wrong.
bool read_port(const Tree& tree, PolicyPort& port, Projection& projection) {
  if (is_absent(tree, "port")) return true;
  const Tree& value = *tree.find("port");
  if (!value.is(TreeKind::String)) {
    const auto number = read_port_number(value, "port", projection);
    if (number) port.range = PortRange{*number, *number};
    return number.has_value();
  }
  if (is_port_name(value.text)) {
    port.name = value.text;
    return true;
  }
  const bool is_quoted_number =
      !value.text.empty() &&
      std::ranges::all_of(value.text, [](char digit) { return digit >= '0' && digit <= '9'; });
  add_error(projection.diagnostics, value.place, "bad-port",
            "`port` is " + describe(value) +
                (is_quoted_number ? "; a port number is written without quotes"
                                  : "; a port name has at most 15 of a-z, 0-9 and inner single -, "
                                    "at least one of them a letter"));
  return false;
}

/// Widens the range to `endPort`. False when it is wrong.
bool read_end_port(const Tree& tree, PolicyPort& port, Projection& projection) {
  if (is_absent(tree, "endPort")) return true;
  const Tree& value = *tree.find("endPort");
  if (!port.range) {
    add_error(projection.diagnostics, value.place, "bad-end-port",
              "`endPort` needs a `port` that is a number");
    return false;
  }
  const auto last = read_port_number(value, "endPort", projection);
  if (!last) return false;
  if (*last < port.range->from) {
    add_error(projection.diagnostics, value.place, "bad-end-port",
              "`endPort` is " + std::to_string(*last) + "; it must not be below `port`, which is " +
                  std::to_string(port.range->from));
    return false;
  }
  port.range->to = *last;
  return true;
}

}  // namespace

std::optional<PolicyPort> read_policy_port(const Tree& tree, Projection& projection) {
  warn_of_pruned_fields(tree, kPortFields, projection.diagnostics);
  PolicyPort port;
  port.place = tree.place;
  const auto protocol = read_protocol(tree, projection);
  const bool port_understood = read_port(tree, port, projection);
  if (!port_understood || !read_end_port(tree, port, projection) || !protocol) return std::nullopt;
  port.protocol = *protocol;
  return port;
}

}  // namespace meshproof
