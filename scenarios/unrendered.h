#pragma once

#include <optional>

#include "model/diagnostic.h"
#include "model/tree.h"
#include "scenarios/source_text.h"

namespace meshproof {

// Files that become manifests only when a tool renders them. Each error names the command.

/// `kustomization`, for a file with the name of one; nothing for others.
[[nodiscard]] std::optional<Diagnostic> refuse_kustomization(const SourceText& source);

/// `kustomization` and `template-not-rendered`, for an object of kustomize and for a Template of
/// OpenShift that no API server holds; nothing for others.
[[nodiscard]] std::optional<Diagnostic> refuse_unrendered(const Tree& object,
                                                          const SourceText& source);

/// The one error that explains all syntax errors of a file: `template-not-rendered` for a chart's
/// template, `helm-notes` for a chart's notes among manifests; nothing for others. O(length).
[[nodiscard]] std::optional<Diagnostic> explain_syntax(const SourceText& source);

}  // namespace meshproof
