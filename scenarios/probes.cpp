#include "scenarios/probes.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "model/project/fields.h"
#include "scenarios/object_list.h"
#include "scenarios/strict_fields.h"

namespace meshproof {
namespace {

constexpr std::int64_t kLastPort = 65535;

std::optional<Protocol> read_protocol(const Tree& tree, Diagnostics& found) {
  const Tree* value = tree.find("protocol");
  if (value == nullptr || value->is_null()) return Protocol::Tcp;
  const auto protocol =
      value->is(TreeKind::String) ? parse_protocol(value->text) : std::optional<Protocol>{};
  if (!protocol) {
    add_error(found, value->place, "bad-protocol",
              fmt::format("protocol must be TCP, UDP, SCTP or ICMP, not {}", describe(*value)));
  }
  return protocol;
}

std::optional<std::uint16_t> read_port(const Tree& tree, Protocol protocol, Diagnostics& found) {
  const Tree* value = tree.find("port");
  const bool is_absent = value == nullptr || value->is_null();
  const bool is_icmp = protocol == Protocol::Icmp;
  if (is_absent && is_icmp) return std::uint16_t{0};
  const auto port = is_absent ? std::nullopt : value->as_integer();
  if (port && *port >= 0 && *port <= (is_icmp ? 0 : kLastPort)) {
    return static_cast<std::uint16_t>(*port);
  }
  if (is_absent) {
    add_error(found, tree.place, "missing-field", "port is missing");
  } else {
    add_error(found, value->place, "bad-port",
              fmt::format("port must be {}, not {}",
                          is_icmp ? "0 with ICMP" : "a number from 0 to 65535", describe(*value)));
  }
  return std::nullopt;
}

void read_probe(const Tree& tree, std::vector<Probe>& probes, Diagnostics& found) {
  if (!tree.is(TreeKind::Mapping)) {
    return add_error(found, tree.place, "wrong-type",
                     fmt::format("a probe must be a mapping, not {}", describe(tree)));
  }
  std::string src = required_string(tree, "src", found);
  std::string dst = required_string(tree, "dst", found);
  const auto protocol = read_protocol(tree, found);
  const auto port = protocol ? read_port(tree, *protocol, found) : std::nullopt;
  if (!protocol || !port || src.empty() || dst.empty()) return;
  probes.push_back({std::move(src), std::move(dst), *protocol, *port, tree.place});
}

}  // namespace

Result<std::vector<Probe>> read_probes(const std::string& path, Sources& sources) {
  Diagnostics found;
  std::vector<Probe> probes;
  const std::vector<Tree> documents = load_documents({path}, sources, found);
  for (const Tree& document : documents) {
    const Tree* list = document.is(TreeKind::Mapping) ? document.find("probes") : &document;
    if (list == nullptr || !list->is(TreeKind::Sequence)) {
      add_error(found, document.place, "not-probes",
                R"(probes are a list, or a mapping {"probes": [...]})");
      continue;
    }
    for (const Tree& item : list->items) read_probe(item, probes, found);
  }
  if (documents.empty() && !has_errors(found)) {
    Diagnostic nothing{.place = {},
                       .code = "not-probes",
                       .message = "there are no probes in this file",
                       .notes = {},
                       .subject = path};
    found.push_back(std::move(nothing));
  }
  Diagnostics warnings;
  Diagnostics errors = split_errors(std::move(found), warnings);
  if (!errors.empty()) return Result<std::vector<Probe>>{tl::unexpect, std::move(errors)};
  return probes;
}

}  // namespace meshproof
