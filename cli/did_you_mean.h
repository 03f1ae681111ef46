#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace meshproof {

/// `; did you mean 'plan'?`, or nothing where no candidate is near (model/spelling.h).
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       const std::vector<std::string>& candidates);

}  // namespace meshproof
