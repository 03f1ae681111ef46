#pragma once

#include <string>

#include "model/assertion.h"

namespace meshproof {

/// The assertion in words: `outsiders must not reach prod-mesh on TCP 8443`.
[[nodiscard]] std::string to_sentence(const Assertion& assertion);

}  // namespace meshproof
