#pragma once

#include "model/prediction.h"

namespace meshproof {

/// Gives the outcomes what a reader of the edit asks next: why a namespace that was taken off the
/// roll is a member all the same, and that one which waits is being deleted. Drops those of
/// patterns (`*`), which are no namespaces.
void complete_outcomes(Prediction& prediction);

}  // namespace meshproof
