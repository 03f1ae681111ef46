#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/object.h"
#include "model/tree.h"

namespace meshproof {

/// Which object an edit means: an empty group stands for default_group(kind).
struct ObjectReference {
  std::string group;
  std::string kind;
  std::string ns;
  std::string name;
  bool has_group = false;

  [[nodiscard]] ObjectKey key() const;
};

/// Replaces spec, labels and annotations; keeps status, finalizers and uid; a changed spec raises
/// metadata.generation. Creates the object if it is missing.
struct ApplyObject {
  Tree object;
};

/// What `kubectl apply` does with a plain manifest: labels, annotations and fields that others own
/// stay; nothing is removed by being absent.
struct MergeObject {
  Tree object;
};

struct PatchObject {
  ObjectReference target;
  Tree merge;  ///< RFC 7386
};

struct DeleteObject {
  ObjectReference target;
};

/// An event outside the API (`SDN master stopped`).
struct ChangeNote {
  std::string text;
};

using Edit = std::variant<ApplyObject, MergeObject, PatchObject, DeleteObject, ChangeNote>;

struct ChangeStep {
  Edit edit;
  Place place;
};

/// Edits made at once; the operator comes to rest before the next phase.
struct ChangePhase {
  std::vector<ChangeStep> steps;
};

/// What somebody wants to do to the cluster (design.md, `--change FILE`; docs/FORMATS.md).
struct Change {
  std::vector<ChangePhase> phases;
  std::string operator_version;  ///< `2.5`; empty if the change does not say
  Place operator_version_place = {};

  [[nodiscard]] bool is_empty() const;
};

}  // namespace meshproof
