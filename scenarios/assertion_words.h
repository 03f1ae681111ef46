#pragma once

#include <vector>

#include "model/assertion.h"
#include "model/diagnostic.h"
#include "model/port_set.h"
#include "model/tree.h"

namespace meshproof {

// The fields of an assertion that hold words of the language (docs/ASSERTIONS.md). What cannot be
// read is told, and its default given.

/// `severity`: `critical`, `error` (the default), `warning`, `note`. Error `unknown-severity`.
[[nodiscard]] Severity read_severity(const Tree& assertion, Diagnostics& diagnostics);

/// `when`: `before`, `every-step`, `after` (the default), one or a list; sorted, each once. Error
/// `unknown-when`.
[[nodiscard]] std::vector<Moment> read_when(const Tree& assertion, Diagnostics& diagnostics);

/// `ports`: `any` (the default), or one or a list of `tcp`, `tcp/8443`, `udp/8000-8100`, `icmp`;
/// protocols in either case. Error `bad-port`.
[[nodiscard]] PortSet read_ports(const Tree& assertion, Diagnostics& diagnostics);

/// `capabilities`: of Linux without `CAP_`, or `ALL`. Error `unknown-capability`.
[[nodiscard]] std::vector<std::string> read_capabilities(const Tree& assertion,
                                                         Diagnostics& diagnostics);

/// `kinds`: those of docs/FORMATS.md by name, others as `GROUP/Kind`. Error `unknown-kind`.
[[nodiscard]] std::vector<std::string> read_object_kinds(const Tree& assertion,
                                                         Diagnostics& diagnostics);

}  // namespace meshproof
