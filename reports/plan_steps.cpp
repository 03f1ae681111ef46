#include "reports/plan_steps.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/plan_writes.h"
#include "reports/text.h"

namespace meshproof {
namespace {

constexpr std::size_t kChangesShown = 3;

char sign_of(Verb verb) {
  switch (verb) {
    case Verb::Create:
      return '+';
    case Verb::Delete:
      return '-';
    case Verb::Update:
      break;
  }
  return '~';
}

std::string object_words(const ObjectKey& key) { return printable(to_string(key)); }

std::string write_words(const ListedWrite& write, bool full, std::string_view told = {}) {
  const Step& step = *write.step;
  std::string text = fmt::format("{} {}", sign_of(step.verb), object_words(step.key));
  if (!write.changes.empty()) {
    const std::size_t count = full ? write.changes.size() : kChangesShown;
    const std::vector<std::string> first(
        write.changes.begin(),
        write.changes.begin() + static_cast<std::ptrdiff_t>(std::min(count, write.changes.size())));
    text += fmt::format("   {}", fmt::join(first, ", "));
    if (first.size() < write.changes.size()) text += ", …";
  } else if (!step.reason.empty() && step.reason != told) {
    text += "   " + printable(step.reason);
  }
  return text;
}

std::string numbered_writes(const std::vector<ListedWrite>& writes, std::size_t width, bool full) {
  std::string text;
  for (std::size_t i = 0; i < writes.size(); ++i) {
    const std::size_t number = writes[i].number;
    const bool is_first = i == 0 || writes[i - 1].number != number;
    const bool is_last = i + 1 == writes.size() || writes[i + 1].number != number;
    const bool unordered = !is_first || !is_last;
    const std::string lead = is_first ? fmt::format("{:>3}  ", number) : "     ";
    const std::string_view open = !unordered ? "" : is_first ? "{" : " ";
    const std::string_view close = unordered && is_last ? " }" : "";
    // A group's reason is told once.
    const std::string_view told = is_first ? "" : std::string_view(writes[i - 1].step->reason);
    const std::string words = write_words(writes[i], full, told);
    text += wrapped(fmt::format("{}{}{}{}", lead, open, words, close), width, 8) + "\n";
  }
  return text;
}

std::string you_change(const std::vector<ListedWrite>& writes, const Sources& sources,
                       std::size_t width, bool full) {
  std::string text;
  for (const ListedWrite& write : writes) {
    std::string words = "  " + write_words(write, full);
    const Place place = write.step->object.place;
    if (place.is_known()) words += "   " + printable(sources.format(place, false));
    text += wrapped(words, width, 6) + "\n";
  }
  return text.empty() ? "" : "You change\n" + text;
}

std::string mesh_writes(const std::vector<WriteList>& lists, std::size_t width, bool full) {
  if (lists.empty()) return "The mesh then writes nothing\n";
  std::string text = "The mesh then writes (order inside { } is not fixed)\n";
  const bool titled = lists.size() > 1;
  for (const WriteList& list : lists) {
    if (titled) {
      text += list.project.empty() ? "  for no project of its own\n"
                                   : fmt::format("  for {}\n", printable(list.project));
    }
    text += numbered_writes(list.writes, width, full);
    if (list.alike.empty()) continue;
    std::vector<std::string> names;
    for (const std::string& name : list.alike) names.push_back(printable(name));
    text +=
        wrapped(fmt::format("     and the same for {}", fmt::join(names, ", ")), width, 8) + "\n";
  }
  return text;
}

std::string asides(const Plan& plan, std::size_t width) {
  std::vector<std::string> words;
  for (const AsideWrite& write : aside_writes(plan)) {
    words.push_back(fmt::format("{} {}", sign_of(write.verb), object_words(write.key)));
  }
  if (words.empty()) return {};
  return wrapped(fmt::format("  aside, at any time: {}", fmt::join(words, ", ")), width, 6) + "\n";
}

std::string sdn_writes(const std::vector<ListedWrite>& writes, std::size_t width, bool full) {
  std::string text;
  for (const ListedWrite& write : writes) {
    text += wrapped("  " + write_words(write, full), width, 6) + "\n";
  }
  return text.empty() ? "" : "The SDN master then writes\n" + text;
}

std::string counts(const Plan& plan) {
  const StepCounts count = count_steps(plan);
  return fmt::format("  {} to create, {} to change, {} to delete\n", count.created, count.changed,
                     count.deleted);
}

}  // namespace

std::string step_sections(const Plan& plan, const Sources& sources, std::size_t width, bool full) {
  const ListedWrites writes = list_writes(plan, full);
  return you_change(writes.user, sources, width, full) + mesh_writes(writes.mesh, width, full) +
         asides(plan, width) + sdn_writes(writes.sdn, width, full) + counts(plan);
}

}  // namespace meshproof
