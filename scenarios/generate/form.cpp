#include "scenarios/generate/form.h"

#include <algorithm>

namespace meshproof {

void fill(std::string& out, std::string_view form, std::initializer_list<Blank> blanks) {
  for (;;) {
    const std::size_t dollar = form.find('$');
    out += form.substr(0, dollar);
    if (dollar == std::string_view::npos) return;
    form.remove_prefix(dollar);
    const auto letters_end =
        std::find_if(form.begin() + 1, form.end(), [](char c) { return c < 'a' || c > 'z'; });
    const auto length = static_cast<std::size_t>(letters_end - form.begin());
    const auto blank = std::find_if(blanks.begin(), blanks.end(), [&](const Blank& each) {
      return each.name == form.substr(1, length - 1);
    });
    out += blank == blanks.end() ? form.substr(0, length) : blank->value;
    form.remove_prefix(length);
  }
}

std::string filled(std::string_view form, std::initializer_list<Blank> blanks) {
  std::string out;
  fill(out, form, blanks);
  return out;
}

}  // namespace meshproof
