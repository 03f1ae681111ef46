#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/source.h"

namespace meshproof {

/// What of a report can be shown for a control.
enum class ControlEvidence : std::uint8_t {
  Tenancy,     ///< the verdicts of builtin:tenancy
  Statements,  ///< those of the assertions
  Matrix,      ///< who reaches whom
  Rights,      ///< findings about rights of control planes
  Policies,    ///< findings about network policies
  Drift,       ///< what is not as the mesh should have written it
  Exceptions,  ///< the register
  Change,      ///< what a change does, and its moments
  Inventory,   ///< meshes and members
  Provenance,  ///< inputs with digests, coverage
};
/// `tenancy`, `statements`, ….
[[nodiscard]] std::string_view to_string(ControlEvidence evidence);
[[nodiscard]] std::optional<ControlEvidence> parse_control_evidence(std::string_view text);

/// One control of a framework, and what of a report supports it. Never more than that: whether a
/// control is met is for people to say.
struct Control {
  std::string id;     ///< `1.3.1`
  std::string about;  ///< what it asks for, in our words
  std::vector<ControlEvidence> supported_by;
  std::string note;  ///< what the evidence does not show; may be empty
  Place place;
};

/// docs/controls/*.yaml.
struct ControlCatalogue {
  std::string framework;  ///< `PCI DSS`
  std::string version;    ///< `4.0`
  std::vector<Control> controls;
};

}  // namespace meshproof
