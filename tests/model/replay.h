#pragma once

#include <string>
#include <vector>

#include "model/object.h"
#include "model/prediction.h"

namespace meshproof {

/// The state that the steps lead to: each step's object is put in the place of the old one, which
/// keeps its status and server-side fields where the step does not tell them.
[[nodiscard]] ObjectStore replay(ObjectStore objects, const std::vector<Step>& steps);

/// How two states differ, one line for each object; server-side metadata does not count, and ids of
/// networks only by which projects share one.
[[nodiscard]] std::vector<std::string> differences(const ObjectStore& expected,
                                                   const ObjectStore& actual);

}  // namespace meshproof
