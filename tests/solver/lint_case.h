#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/project.h"

/// What the rules of the catalogue say of manifests, in one line each.
namespace meshproof {

/// `MP0401 NetworkPolicy shop/web: ingress[0] …`, in the order of the report.
[[nodiscard]] std::vector<std::string> lint_lines(const std::string& manifests,
                                                  const std::string& rules,
                                                  const NetworkOptions& network = {});

/// Whether exactly one thing is found, and its line has this text.
void check_one(const std::vector<std::string>& lines, std::string_view part);

}  // namespace meshproof
