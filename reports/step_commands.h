#pragma once

#include <string>
#include <string_view>

#include "model/object.h"
#include "model/prediction.h"
#include "model/tree.h"

namespace meshproof {

/// The oc command that makes a write of a step, with its line end; empty where the write changes
/// nothing that a client can write. `before` is the object as it was, null for none. Every word
/// from the input is quoted.
[[nodiscard]] std::string step_command(const Step& step, const Tree* before);

/// `servicemeshmemberroll/default -n istio-system`: kind and name in one word, so that no name can
/// be taken for an option.
[[nodiscard]] std::string command_words(const ObjectKey& key);

/// A line that a shell passes over.
[[nodiscard]] std::string script_comment(std::string_view text);

}  // namespace meshproof
