#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "model/coverage.h"
#include "model/diagnostic.h"
#include "model/drift.h"
#include "model/flow.h"
#include "model/network.h"
#include "model/reachability.h"
#include "model/recheck.h"
#include "model/source.h"
#include "model/tree.h"
#include "model/verdict.h"

namespace meshproof {

/// The pieces that several contracts share (docs/FORMATS.md). Keys keep this order in the output.
using Json = nlohmann::ordered_json;

/// An object that begins with the version of all contracts.
[[nodiscard]] Json contract();
/// Two spaces of indentation and a line end; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string dump(const Json& json);

[[nodiscard]] Json to_json(const Tree& tree);
/// `{"file","line","column"}`, or null for an unknown place.
[[nodiscard]] Json to_json(const Place& place, const Sources& sources);
[[nodiscard]] Json to_json(const Coverage& coverage);
[[nodiscard]] Json to_json(const Network& network);
[[nodiscard]] Json to_json(const Reason& reason, const Sources& sources);
[[nodiscard]] Json to_json(const std::vector<Reason>& reasons, const Sources& sources);
/// The word `all`, or a list of ranges.
[[nodiscard]] Json to_json(const PortSet& ports);
[[nodiscard]] Json to_json(const EndpointName& end);
/// With `evidence` where there is any.
[[nodiscard]] Json to_json(const Connection& connection, const Sources& sources);
[[nodiscard]] Json to_json(const std::vector<Reachability::Undecided>& undecided);
/// The flow that breaks a statement, or shows what a rule found.
[[nodiscard]] Json to_json(const Violated& violated, const Sources& sources);
[[nodiscard]] Json to_json(const Verdict& verdict, const Sources& sources);

/// `[{"id", "outcome", "flows", "words"}]`
[[nodiscard]] Json to_json(const std::vector<RecheckedVerdict>& rechecked);

/// `{"members", "asPredicted", "departing"}`
[[nodiscard]] Json to_json(const SelfCheck& check);

/// The text; null for an empty one.
[[nodiscard]] Json text_or_null(std::string_view text);

/// true, false or null.
[[nodiscard]] Json allowed(Access access);

}  // namespace meshproof
