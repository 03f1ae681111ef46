#pragma once

#include <string>

#include "model/migration.h"
#include "model/source.h"
#include "reports/diff_report.h"

namespace meshproof {

/// The contract of `diff -o json` with the causes of `diff --dialect-to` (docs/FORMATS.md).
void write_migration_json(const Difference& difference, const Migration& migration,
                          const Sources& sources, const TextSink& sink);

/// For a person: what another network changes, cause by cause: what each network says, with an
/// example, and the connections, folded and at most a few of them unless `full`.
[[nodiscard]] std::string migration_table(const Difference& difference, const Migration& migration,
                                          const Sources& sources, std::size_t width, bool full);

}  // namespace meshproof
