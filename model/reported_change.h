#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/source_line.h"

/// What a change does, as every format of a report shows it.
namespace meshproof {

/// A section of a plan as a terminal shows it.
struct TextSection {
  std::string title;
  std::string text;         ///< lines
  bool has_values = false;  ///< a report has the same as values
};

/// A flow that somebody uses and a change closes.
struct LostUse {
  std::string flow;      ///< `payments/api → shop/orders   TCP 8443`
  std::string evidence;  ///< `Route shop/web "shop.apps.bank"`
  SourceLine where;
};

/// One write of a change.
struct ReportedWrite {
  std::size_t number = 0;  ///< in its group; those with one number have no order; 0: at any time
  std::string verb;        ///< `create`, `update`, `delete`
  std::string object;      ///< `NetworkPolicy shop/istio-mesh-basic`
  std::string detail;      ///< what first of the object changes, or else why it is written
  SourceLine where;        ///< of a write of the user
};

/// What one writer writes, of the mesh: for one project, or the same for several.
struct WriteGroup {
  std::string title;  ///< `You change`, `The mesh writes for bookinfo`
  std::vector<ReportedWrite> writes;
  std::vector<std::string> alike;  ///< other projects with the same writes but for their names
};

/// A failure that the change meets, or could meet.
struct ReportedHazard {
  std::string code;   ///< `name-clash-policy`
  bool hits = false;  ///< the input has it
  std::string way;    ///< `bookinfo into istio-system`
  std::string cause;
  std::string left;  ///< what the project then has and lacks
  std::string cure;  ///< what makes the cause go, and how it heals then
};

/// What becomes of one rule while the writes take effect.
struct ReportedMoment {
  std::string rule;                    ///< `no-breach`
  std::string question;                ///< `what neither state has open opens`
  std::optional<bool> holds;           ///< nothing: not known
  std::string scope;                   ///< for which it holds, or why it is not known
  std::vector<std::string> story;      ///< of the worst moment, in sentences
  std::vector<std::string> in_effect;  ///< in that moment: `create NetworkPolicy shop/istio-…`
  std::vector<std::string> pending;    ///< not yet
};

/// What a change does.
struct ChangeSummary {
  std::vector<std::string> edits;  ///< `adding shop to mesh-a`
  std::size_t created = 0;         ///< objects that the mesh writes
  std::size_t updated = 0;
  std::size_t deleted = 0;
  std::vector<WriteGroup> writes;       ///< the user's, the mesh's, those of the SDN master
  std::vector<ReportedHazard> hazards;  ///< those that the input has first
  std::vector<ReportedMoment> moments;  ///< one for each rule; none without a write that matters
  std::vector<LostUse> lost_uses;
  std::uint64_t lost = 0;    ///< connections
  std::uint64_t gained = 0;  ///< the same
  std::uint64_t undecided = 0;
  std::string keep;                   ///< the command that keeps what is lost; may be empty
  std::string undo;                   ///< may be empty
  std::vector<TextSection> sections;  ///< everything, in the order of the plan
};

}  // namespace meshproof
