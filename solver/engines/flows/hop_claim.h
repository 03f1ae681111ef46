#pragma once

#include <string>
#include <utility>
#include <vector>

#include "solver/engines/flows/moment_claim.h"

namespace meshproof {

/// No moment has open what one of two states has open and the other has not. A solution is such a
/// flow, a hop of a path that neither state has (SEMANTICS W8). FlowVariables::own: as in
/// MomentClaim.
class HopClaim : public FlowClaim {
 public:
  struct Views {
    FlowView first;
    FlowView second;
    FlowView now;  ///< without any of the steps
  };

  /// `only_second`: the state that has it. `more`: what the other
  /// hop tells apart at the end that both share.
  HopClaim(Views views, std::vector<MomentStepWords> steps, bool only_second,
           ChangedSources::Sources sources, FlowWords more)
      : views_(std::move(views)),
        steps_(std::move(steps)),
        only_second_(only_second),
        sources_(std::move(sources)),
        more_(std::move(more)) {}

  [[nodiscard]] std::string question() const override {
    return only_second_ ? "a flow that a moment and the state after have, and not the one before"
                        : "a flow that a moment and the state before have, and not the one after";
  }
  void add_words(FlowWords& words) const override {
    words.namespaces.add(more_.namespaces);
    words.source.add(more_.source);
    words.blocks.insert(words.blocks.end(), more_.blocks.begin(), more_.blocks.end());
  }
  [[nodiscard]] bool has_source(NamespaceId ns) const override { return sources_.contains(ns); }
  [[nodiscard]] std::string sources_key() const override { return sources_.key; }
  [[nodiscard]] bool is_broken_by_reaching() const override { return sources_.is_stood_for; }
  [[nodiscard]] Formula broken(FlowTerms& terms) const override;

 private:
  Views views_;
  std::vector<MomentStepWords> steps_;
  bool only_second_;
  ChangedSources::Sources sources_;
  FlowWords more_;
};

}  // namespace meshproof
