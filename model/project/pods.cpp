#include <string>
#include <utility>

#include "model/project/fields.h"
#include "model/project/projection.h"

namespace meshproof {
namespace {

void read_container_ports(const Tree& container, Pod& pod, Projection& projection) {
  for (const auto* item : object_items(container, "ports", projection.diagnostics)) {
    ContainerPort port;
    port.name = string_field(*item, "name", projection.diagnostics).value_or("");
    const auto protocol = read_protocol(*item, projection);
    const Tree* number = item->find("containerPort");
    if (is_absent(*item, "containerPort")) {
      add_error(projection.diagnostics, item->place, "missing-field",
                "the container port has no `containerPort`");
      continue;
    }
    const auto value = read_port_number(*number, "containerPort", projection);
    if (!protocol || !value) continue;
    port.protocol = *protocol;
    port.port = *value;
    pod.ports.push_back(std::move(port));
  }
}

}  // namespace

std::optional<std::uint16_t> read_port_number(const Tree& value, std::string_view key,
                                              Projection& projection) {
  const auto number = value.as_integer();
  if (number && *number >= 1 && *number <= 65535) return static_cast<std::uint16_t>(*number);
  add_error(
      projection.diagnostics, value.place, "bad-port",
      '`' + std::string{key} + "` is " + describe(value) + "; it must be a number from 1 to 65535");
  return std::nullopt;
}

std::optional<Protocol> read_protocol(const Tree& port, Projection& projection) {
  if (is_absent(port, "protocol")) return Protocol::Tcp;
  const auto text = string_field(port, "protocol", projection.diagnostics);
  if (!text) return std::nullopt;
  const auto protocol = parse_protocol(*text);
  if (protocol && *protocol != Protocol::Icmp) return protocol;
  add_error(projection.diagnostics, port.find("protocol")->place, "bad-protocol",
            "protocol `" + std::string{*text} + "` is unknown; it is one of TCP, UDP, SCTP");
  return std::nullopt;
}

Pod read_pod_template(const Tree& tree, Projection& projection) {
  Diagnostics& diagnostics = projection.diagnostics;
  Pod pod;
  pod.place = tree.place;
  const Tree* metadata = field(tree, "metadata", TreeKind::Mapping, diagnostics);
  pod.labels = read_labels(metadata, projection);
  const Tree* spec = field(tree, "spec", TreeKind::Mapping, diagnostics);
  if (spec == nullptr) return pod;
  pod.host_network = boolean_field(*spec, "hostNetwork", diagnostics);
  for (const auto* container : object_items(*spec, "containers", diagnostics)) {
    read_container_ports(*container, pod, projection);
  }
  // Only init containers that go on running (sidecars) can serve a port.
  for (const auto* container : object_items(*spec, "initContainers", diagnostics)) {
    if (container->string_at({"restartPolicy"}) != "Always") continue;
    read_container_ports(*container, pod, projection);
  }
  return pod;
}

}  // namespace meshproof
