#include "scenarios/written_coverage.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace meshproof {
namespace {

constexpr std::array kCollected{Collected::Listed, Collected::CutOff, Collected::Denied,
                                Collected::Never, Collected::Assumed};

/// Reads one ledger; the first thing that is wrong is told, since nobody writes it by hand.
class LedgerReader {
 public:
  explicit LedgerReader(Diagnostics& diagnostics) : diagnostics_(&diagnostics) {}

  WrittenCoverage read(const Tree& coverage) {
    for (const Tree& source : items_of(coverage, "sources")) {
      const std::string_view form = source.string_at({"form"});
      if (form != to_string(OriginForm::Manifests)) result_.knows_all = true;
      if (form == to_string(OriginForm::Snapshot)) add_snapshot(source);
    }
    // Several were taken at several times.
    if (snapshots_ != 1) result_.taken.reset();
    for (const Tree& row : items_of(coverage, "ledger")) add_row(row);
    return std::move(result_);
  }

 private:
  void add_snapshot(const Tree& source) {
    ++snapshots_;
    const auto text = [&](std::string_view key) { return std::string{source.string_at({key})}; };
    result_.taken = Origin{.form = OriginForm::Snapshot,
                           .server = text("server"),
                           .identity = text("identity"),
                           .time = text("time"),
                           .resource_version = text("resourceVersion")};
  }

  void refuse(const Tree& at, std::string_view wanted) {
    if (std::exchange(is_told_, true)) return;
    diagnostics_->push_back(
        {.place = at.place,
         .code = "wrong-type",
         .message = fmt::format("the coverage of a List is not as meshproof writes it: {}", wanted),
         .notes = {},
         .subject = {}});
  }

  const std::vector<Tree>& items_of(const Tree& coverage, std::string_view key) {
    static const std::vector<Tree> kNone;
    const Tree* value = coverage.find(key);
    if (value != nullptr && value->is(TreeKind::Sequence)) return value->items;
    refuse(value == nullptr ? coverage : *value, fmt::format("{} must be a list", key));
    return kNone;
  }

  std::size_t count_of(const Tree& value) {
    const auto count = value.as_integer();
    if (count && *count >= 0) return static_cast<std::size_t>(*count);
    refuse(value, "a count must be a number");
    return 0;
  }

  void add_row(const Tree& row) {
    const std::string_view word = row.string_at({"collected"});
    const auto* collected =
        std::ranges::find(kCollected, word, [](Collected each) { return to_string(each); });
    if (collected == kCollected.end()) {
      return refuse(row, "collected must be listed, cut-off, denied, never-collected or assumed");
    }
    const auto add = [&](std::string_view ns, const Tree& count) {
      result_.listings.push_back({{std::string{row.string_at({"kind"})}, std::string{ns}},
                                  {.collected = *collected,
                                   .objects = count_of(count),
                                   .reason = std::string{row.string_at({"reason"})}}});
    };
    const Tree* objects = row.find("objects");
    if (objects != nullptr && !objects->is_null()) add({}, *objects);
    const Tree* namespaces = row.find("namespaces");
    if (namespaces == nullptr || !namespaces->is(TreeKind::Mapping)) {
      return refuse(row, "namespaces must be a mapping");
    }
    for (const TreeField& field : namespaces->fields) add(field.key, field.value);
  }

  Diagnostics* diagnostics_;
  WrittenCoverage result_;
  std::size_t snapshots_ = 0;
  bool is_told_ = false;
};

}  // namespace

std::optional<WrittenCoverage> read_written_coverage(const Tree& list, Diagnostics& diagnostics) {
  const Tree* coverage = list.find("coverage");
  if (coverage == nullptr) return std::nullopt;
  return LedgerReader{diagnostics}.read(*coverage);
}

}  // namespace meshproof
