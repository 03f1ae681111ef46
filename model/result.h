#pragma once

#include <tl/expected.hpp>

#include "model/diagnostic.h"

namespace meshproof {

/// A value, or every diagnostic that explains why there is none. The diagnostics of a failure hold
/// at least one of severity Error; warnings of a success travel beside the value, not in here.
template <typename T>
using Result = tl::expected<T, Diagnostics>;

}  // namespace meshproof
