#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "solver/engines/flows/changed_sources.h"
#include "solver/engines/flows/flow_claim.h"

namespace meshproof {

/// Two states let the same flows reach a namespace. A solution is a flow that only one of them has;
/// FlowVariables::admitted: the second one.
class DifferenceClaim : public FlowClaim {
 public:
  enum class Sought : std::uint8_t { Gained, Lost, Either };
  /// `sources`: where a difference can be. Both views are of the encoder's cluster.
  DifferenceClaim(FlowView first, FlowView second, Sought sought, ChangedSources::Sources sources)
      : first_(std::move(first)),
        second_(std::move(second)),
        sought_(sought),
        sources_(std::move(sources)) {}

  [[nodiscard]] std::string question() const override { return "a flow that one state has"; }
  void add_words(FlowWords&) const override {}
  [[nodiscard]] bool has_source(NamespaceId ns) const override { return sources_.contains(ns); }
  [[nodiscard]] std::string sources_key() const override { return sources_.key; }
  [[nodiscard]] bool is_broken_by_reaching() const override { return sources_.is_stood_for; }
  [[nodiscard]] Formula broken(FlowTerms& terms) const override;

 private:
  FlowView first_;
  FlowView second_;
  Sought sought_;
  ChangedSources::Sources sources_;
};

/// Two sets of policies of one namespace admit the same in one direction, from (Ingress) or to
/// (Egress) whatever there may be. For Egress the destination is only an end: what its own policies
/// let in is not asked.
class AdmissionClaim : public FlowClaim {
 public:
  AdmissionClaim(FlowView first, FlowView second, NamespaceId ns, Direction direction)
      : first_(std::move(first)), second_(std::move(second)), ns_(ns), direction_(direction) {}

  [[nodiscard]] std::string question() const override {
    return "a flow that one of two sets of policies admits";
  }
  void add_words(FlowWords&) const override {}
  [[nodiscard]] bool has_source(NamespaceId ns) const override {
    return direction_ == Direction::Ingress || ns == ns_;
  }
  [[nodiscard]] std::string sources_key() const override {
    return direction_ == Direction::Ingress ? "all" : "of " + std::to_string(ns_.value);
  }
  /// Egress of the sources of an ingress is not looked at.
  [[nodiscard]] bool is_broken_by_reaching() const override {
    return direction_ == Direction::Ingress;
  }
  [[nodiscard]] Formula broken(FlowTerms& terms) const override;

 private:
  FlowView first_;
  FlowView second_;
  NamespaceId ns_;
  Direction direction_;
};

}  // namespace meshproof
