#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace meshproof {

/// What goes into the blank `$name` of a form.
struct Blank {
  std::string_view name;
  std::string_view value;
};

/// Appends the form with its blanks filled in. A blank is a `$` and lower-case letters; one that
/// is not given stays, so that a form can be filled in steps. Values are not looked at.
/// O(length of the form × blanks).
void fill(std::string& out, std::string_view form, std::initializer_list<Blank> blanks);

[[nodiscard]] std::string filled(std::string_view form, std::initializer_list<Blank> blanks);

}  // namespace meshproof
