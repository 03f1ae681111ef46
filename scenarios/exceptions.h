#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/assertion.h"
#include "model/diagnostic.h"
#include "model/tree.h"
#include "scenarios/group.h"

namespace meshproof {

/// The assertions that were read, by id; without a kind where that is not known.
using AssertionIds = std::map<std::string, std::optional<AssertionKind>, std::less<>>;

/// Reads the registers of exceptions (`exceptions:`) of all documents (docs/ASSERTIONS.md).
class ExceptionRegister {
 public:
  explicit ExceptionRegister(Diagnostics& found) : found_(&found) {}

  /// Those of one document whose groups are these. Errors `missing-field`, `unknown-field`,
  /// `bad-date` and `duplicate-id`.
  void add_document(const Tree& document, const Groups& groups);

  /// Once all documents are read: those that are in force on the day `today` (`YYYY-MM-DD`), in
  /// the order of the files; each of the others is the warning `expired-exception`. Errors
  /// `unknown-statement`, for those of assertions that are not there, and `bad-exception`, for ends
  /// that the statement cannot leave out. O(exceptions × (log assertions + built-in statements)).
  [[nodiscard]] std::vector<Exception> take(const AssertionIds& assertions,
                                            std::span<const std::string_view> builtins,
                                            std::string_view today);

 private:
  void add_exception(const Tree& tree, const Groups& groups);
  struct Read {
    Exception exception;
    Place assertion_place;
  };

  void check_statement(const Read& read, const AssertionIds& assertions,
                       std::span<const std::string_view> builtins);
  void check_ends(const Exception& exception, std::optional<AssertionKind> kind);

  Diagnostics* found_;
  std::vector<Read> read_;
  std::map<std::string, Place> ids_;
};

}  // namespace meshproof
