#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace meshproof {

/// What stands in the place of a value that was left out.
inline constexpr std::string_view kRedacted = "redacted";

/// Leaves out of objects what may be confidential and decides nothing (docs/FORMATS.md, "Redacted
/// snapshots"). Verdicts, plans and findings of what is left are those of the whole.
class Redaction {
 public:
  /// A Service that exists: whoever names it in a variable or argument is known to use it.
  void add_service(std::string_view ns, std::string_view name);

  /// Changes the object in place; it has apiVersion and kind. O(size of the object).
  void apply(nlohmann::ordered_json& object) const;

 private:
  std::set<std::pair<std::string, std::string>, std::less<>> services_;
};

}  // namespace meshproof
