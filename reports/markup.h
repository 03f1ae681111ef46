#pragma once

#include <string>
#include <string_view>

namespace meshproof {

/// Text for HTML and XML, in content and in quoted attributes: nothing in it is read as markup.
/// Characters that neither may hold, and those that reverse or hide text, come as printable()
/// shows them.
[[nodiscard]] std::string markup(std::string_view text);

}  // namespace meshproof
