#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/coverage.h"
#include "model/diagnostic.h"
#include "model/object.h"
#include "model/tree.h"
#include "scenarios/byte_tally.h"
#include "scenarios/document.h"
#include "scenarios/gathered_listings.h"
#include "scenarios/source_text.h"

namespace meshproof {

/// What files hold, with their lists unfolded.
struct Manifests {
  std::vector<Tree> objects;  ///< each a Mapping with apiVersion and kind, both nonempty Strings
  /// Objects of lists that were left unread, which need no check and no normal form.
  std::vector<Object> plain;
  std::size_t skipped = 0;  ///< documents without apiVersion and kind
  /// What lists and refusals tell about parts (model/coverage.h), in their order.
  std::vector<std::pair<Part, Listing>> listings;
  /// The kinds of typed lists, `group/Kind`, listed with no objects too.
  std::vector<std::string> listed;
  std::vector<PlainList> plain_lists;
  /// Of the lists of each path that was given, by its index; empty where none says it.
  std::map<std::size_t, std::set<std::string>> resource_versions;
  std::set<std::string> explained;     ///< what explain_syntax() has told of other files
  std::vector<GatheredFile> gathered;  ///< the files of must-gathers
  /// The indices of paths with a ledger that meshproof wrote and that knows all.
  std::set<std::size_t> snapshots;
  /// What such ledgers say of where they come from, by the same index.
  std::map<std::size_t, Origin> taken;
};

/// Adds what a text holds. All mistakes are told: those of the syntax, files that have to be
/// rendered first (unrendered.h), `not-an-object`,
/// `missing-kind`, `missing-api-version`, `list-without-items`, `wrong-type`; the warnings
/// `list-cut-off`, `request-failed` and `skipped-document` and the notes `no-objects` and
/// `helm-test-dropped`. In a directory that was walked documents that are nothing like an object
/// are counted, not told. With ItemReading::Left, objects of JSON lists stay in their text where
/// they can, and are Manifests::plain. `tally`, unless it is null, is told of the bytes as they are
/// read.
void add_manifests(const SourceText& source, Manifests& manifests, Diagnostics& diagnostics,
                   ItemReading reading = ItemReading::Whole, ByteTally* tally = nullptr);

/// True for a test hook of a chart, which is no part of the cluster.
[[nodiscard]] bool is_helm_test(const Tree& tree);

}  // namespace meshproof
