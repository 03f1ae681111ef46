#pragma once

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/model/mesh_scene.h"

namespace meshproof {

/// One row of operator.md: what is in the cluster besides the mesh of mesh_manifests(), what
/// somebody does, and what must be there afterwards, for several versions of the operator.
struct OperatorRow {
  const char* row;  ///< section and row
  std::vector<const char*> versions;
  const char* more;  ///< manifests
  Change change;
  bool (*holds)(const Prediction& after);
};

/// mesh_manifests() with the control-plane version that an operator makes by itself.
[[nodiscard]] std::string manifests_for(const std::string& operator_version);

/// Plays every row with every version that it names; each must hold.
void check_rows(const std::vector<OperatorRow>& rows);

// What rows ask.

[[nodiscard]] bool has(const Prediction& after, std::string_view kind, std::string_view ns,
                       std::string_view name);
[[nodiscard]] std::size_t count(const Prediction& after, std::string_view kind,
                                std::string_view ns);
/// The value of a label; `none` without it.
[[nodiscard]] std::string label(const Prediction& after, std::string_view kind, std::string_view ns,
                                std::string_view name, std::string_view key);
/// The items of a list in the status of roll mesh/default, with a space between them.
[[nodiscard]] std::string listed(const Prediction& after, std::string_view field);
/// `True`, or `False: reason`, of a condition of an object.
[[nodiscard]] std::string condition(const Prediction& after, std::string_view kind,
                                    std::string_view ns, std::string_view name,
                                    std::string_view type);

}  // namespace meshproof
