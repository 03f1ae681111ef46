#pragma once

#include <string>

#include "model/mesh/operator_version.h"
#include "model/mesh/world.h"
#include "model/object.h"
#include "model/prediction.h"
#include "model/result.h"

namespace meshproof {

/// The operator's version, and how it is known.
struct FoundOperator {
  const OperatorVersion* version = nullptr;
  std::string release;     ///< `2.5.1`
  std::string source;      ///< what shows it: `status of ServiceMeshControlPlane mesh-a/basic`
  std::string assumption;  ///< a sentence if the version had to be taken for another one, or is not
                           ///< shown by anything
};

/// The given version (of an option or a change) if there is one, else what a control plane's
/// status, the CNI plugin's binding or the generation label of a control plane's objects shows,
/// else the one by whose rules most members are as predicted, the newest of several. Error
/// `unknown-operator-version`.
[[nodiscard]] Result<FoundOperator> find_operator(const ObjectStore& objects,
                                                  const std::string& given);

/// The state as that operator sees it, without a record of writes.
[[nodiscard]] World operator_view(const ObjectStore& objects, const FoundOperator& found,
                                  const PredictOptions& options);

}  // namespace meshproof
