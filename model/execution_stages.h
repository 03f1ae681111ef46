#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/execution.h"
#include "model/object.h"
#include "model/safe_order.h"

namespace meshproof {

/// The stages of an order with each object before and after each write, played from `objects`.
/// Finalizers are left out: whoever has one writes it. Writes that change nothing else are left out
/// too. Namespaces in `not_configured` are not waited for in the roll's status. O(writes log
/// objects).
[[nodiscard]] std::vector<ExecutionStage> execution_stages(
    const std::vector<OrderStage>& stages, const ObjectStore& objects,
    const std::set<std::string>& not_configured);

/// Fills in what an execution rests on, of the state before: all objects of the basis_kinds(), and
/// those of these kinds of which `coverage` says that there are no others. `digest` is SHA-256.
void add_basis(Execution& execution, const ObjectStore& objects, const Coverage& coverage,
               const std::function<std::string(std::string_view)>& digest);

}  // namespace meshproof
