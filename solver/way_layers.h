#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "solver/paths.h"
#include "solver/slice_ends.h"

/// The ends that somebody holds after one hop, two hops, …: ends that are alike are asked once.
/// Only the files of paths include this.
namespace meshproof {

/// What hops count: those that are open, or those too that may be.
enum class Hops : std::uint8_t { Certain, Possible };

/// The ends of a way, both included.
using Way = std::vector<const SliceEnd*>;

/// What is reached by one number of hops.
class WayLayer {
 public:
  explicit WayLayer(std::vector<const AlikeEnds*> lists);

  [[nodiscard]] const std::vector<const AlikeEnds*>& all() const { return all_; }
  /// Those whose nodes count always.
  [[nodiscard]] const std::vector<const AlikeEnds*>& by_node() const { return by_node_; }
  /// The others, by what is left of them where nodes do not count.
  [[nodiscard]] const std::map<std::size_t, std::vector<const AlikeEnds*>>& plain() const {
    return plain_;
  }

 private:
  std::vector<const AlikeEnds*> all_;
  std::vector<const AlikeEnds*> by_node_;
  std::map<std::size_t, std::vector<const AlikeEnds*>> plain_;
};

/// As far as the layer that reaches a target.
struct Layers {
  std::vector<WayLayer> layers;       ///< the sources, what they reach, …; without the targets
  std::optional<std::size_t> length;  ///< of the shortest ways, in hops
  std::size_t reached = 0;            ///< ends on the way
  bool is_exhausted = false;          ///< nothing more can be reached
  /// Some layer is what it is because of a hop that could not be decided.
  bool met_unknown = false;
};

struct LayeredWays {
  std::vector<Way> ways;  ///< by the names of their ends, those outside last
  std::size_t count = 0;  ///< how many there are; at most kMany are counted

  static constexpr std::size_t kMany = 1'000'000'000;
};

/// Searches layers of ends. Keeps all by reference; no end is in two of the three.
class WayLayers {
 public:
  WayLayers(SliceEnds& ends, const std::vector<AlikeEnds>& sources,
            const std::vector<AlikeEnds>& targets, const std::vector<AlikeEnds>& stones,
            const PathLimits& limits)
      : ends_(ends), sources_(sources), targets_(targets), stones_(stones), limits_(limits) {}

  /// O(pairs of lists of alike ends, nodes left out where they do not count), an answer each.
  [[nodiscard]] Layers search(Hops hops);

  /// The shortest ways through layers that have a length, `max_paths` at most. Likewise, of
  /// neighbouring layers.
  [[nodiscard]] LayeredWays ways(const Layers& layers, Hops hops);

 private:
  enum class Link : std::uint8_t { None, Unknown, Open };

  [[nodiscard]] Link link(const AlikeEnds& src, const AlikeEnds& dst, bool arrives);
  [[nodiscard]] Link link_from(const WayLayer& frontier, const AlikeEnds& dst, bool arrives,
                               std::map<std::size_t, Link>& known);
  [[nodiscard]] static bool counts(Link link, Hops hops) {
    return link == Link::Open || (link == Link::Unknown && hops == Hops::Possible);
  }

  friend class WaysBack;

  SliceEnds& ends_;
  const std::vector<AlikeEnds>& sources_;
  const std::vector<AlikeEnds>& targets_;
  const std::vector<AlikeEnds>& stones_;
  const PathLimits& limits_;
};

}  // namespace meshproof
