#include "solver/moments/pivot_proof.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "solver/checks/flow_proof.h"
#include "solver/checks/reproduction.h"
#include "solver/engines/flows/hop_claim.h"
#include "solver/engines/solved_problems.h"

namespace meshproof {

namespace {

constexpr std::size_t kMostPairs = 20'000;

/// Labels of one end that two flows share say the same, as far as both tell them apart.
void require_same(const LabelVariables& one, const LabelVariables& other, Problem& problem) {
  for (const LabelDomain& domain : one.domains.all()) {
    const std::size_t at = other.domains.find(domain.key);
    if (at == other.domains.all().size()) continue;
    const LabelDomain& known = other.domains.all()[at];
    const Variable mine = one.variables[one.domains.find(domain.key)];
    const Variable theirs = other.variables[at];
    const auto follows = [&](Variable from, std::uint32_t value, Variable to, std::uint32_t then) {
      problem.require(
          problem.any_of({problem.negate(problem.is(from, value)), problem.is(to, then)}));
    };
    follows(mine, 0, theirs, 0);
    follows(theirs, 0, mine, 0);
    for (const Symbol value : domain.values) {
      follows(mine, domain.index_of(value), theirs, known.index_of(value));
    }
    for (const Symbol value : known.values) {
      follows(theirs, known.index_of(value), mine, domain.index_of(value));
    }
  }
}

/// Both hops in one problem.
struct PathProblem {
  Problem problem;
  FlowVariables in;
  FlowVariables out;
};

class PivotProof {
 public:
  PivotProof(const MomentFrame& frame, const MomentProofOptions& options)
      : frame_(frame),
        options_(options),
        encoder_(frame.united().cluster, frame.states().versions),
        solved_(options.limits, options.evidence) {}

  ProvedMoments prove() {
    result_.undecided = frame_.obstacle(encoder_, options_.most_projects);
    if (!result_.undecided.empty()) return std::move(result_);
    find_reached();
    FlowView now = frame_.states().first;
    for (const StageSteps& steps : frame_.steps()) {
      for (const Reached& middle : reached_) {
        if (result_.is_proved()) prove_over(middle, now, steps);
      }
      steps.apply(now);
    }
    return std::move(result_);
  }

 private:
  /// A project that flows reach otherwise in one of the states.
  struct Reached {
    NamespaceId project;
    AskedSources asked;
  };

  void find_reached() {
    const auto count = static_cast<std::uint32_t>(frame_.after().cluster.namespaces.size());
    for (std::uint32_t i = 0; i <= count; ++i) {
      const NamespaceId project = i == count ? NamespaceId{} : NamespaceId{i};
      if (auto asked = frame_.to(project)) reached_.push_back({project, std::move(*asked)});
    }
  }

  /// `middle`: the project of the pod over which the path goes.
  void prove_over(const Reached& middle, const FlowView& now, const StageSteps& all) {
    for (const Reached& last : reached_) {
      if (!result_.is_proved()) return;
      // One to come, which does not change, is not in this set.
      const bool changes = frame_.states().versions.changing.contains(middle.project);
      if (last.asked.from_changing_only && !changes) continue;
      if (++pairs_ > kMostPairs) {
        result_.undecided = "paths over more than " + std::to_string(kMostPairs) +
                            " pairs of projects are judged for the pods of the input only";
        return;
      }
      prove_path(middle, last.project, now, all);
    }
  }

  void prove_path(const Reached& middle, NamespaceId last, const FlowView& now,
                  const StageSteps& all) {
    std::set<NamespaceId> concerned = middle.asked.concerned;
    if (last.is_valid()) concerned.insert(last);
    const StageSteps steps = all.only(concerned);
    for (const bool gains_first : {false, true}) {
      if (!result_.is_proved()) return;
      PathProblem path;
      if (!encode(path, middle, last, now, steps, gains_first)) return;
      decide(std::move(path), steps, gains_first);
    }
  }

  [[nodiscard]] bool encode(PathProblem& path, const Reached& over, NamespaceId last,
                            const FlowView& now, const StageSteps& steps, bool gains_first) {
    const NamespaceId middle = over.project;
    const HopClaim::Views views{frame_.states().first, frame_.states().second, now};
    path.in = encoder_.encode(HopClaim(views, steps.words, gains_first, over.asked.sources, {}),
                              middle, path.problem);
    ChangedSources::Sources own;
    own.key = "only " + std::to_string(middle.value);
    // A namespace that there is not: the middle is one to come.
    own.namespaces = {middle};
    // So that what the second hop says of the middle decides the first one, too.
    FlowWords words;
    words.source = path.in.destination_pod.domains;
    words.namespaces = path.in.destination_namespace.domains;
    for (const AddressAtom& atom : path.in.addresses) {
      words.blocks.push_back(Cidr::of(atom.first, atom.first.width()));
    }
    path.out = encoder_.encode(HopClaim(views, steps.words, !gains_first, own, std::move(words)),
                               last, path.problem);
    for (const FlowVariables* flow : {&path.in, &path.out}) {
      for (const AddressAtom& atom : flow->addresses) {
        if (atom.first.is_v4() == path.in.addresses.front().first.is_v4()) continue;
        result_.undecided =
            "paths over pods with addresses of two families are judged for the "
            "pods of the input only";
        return false;
      }
    }
    join(path, middle, steps);
    return true;
  }

  /// One pod in the middle, and views that can be at once.
  void join(PathProblem& path, NamespaceId middle, const StageSteps& steps) {
    Problem& problem = path.problem;
    require_same(path.in.destination_pod, path.out.source_pod, problem);
    if (middle.is_valid()) {
      problem.require(problem.is(path.out.source, 0));
    } else {
      problem.require(problem.is(path.out.source, path.out.future()));
      require_same(path.in.destination_namespace, path.out.future_namespace, problem);
    }
    for (std::uint32_t i = 0; i < path.out.addresses.size(); ++i) {
      const auto after = std::ranges::upper_bound(path.in.addresses, path.out.addresses[i].first,
                                                  {}, &AddressAtom::first);
      const auto around = static_cast<std::uint32_t>(after - path.in.addresses.begin());
      const Formula is_it =
          around == 0 ? Problem::falsehood() : problem.is(path.in.destination_address, around - 1);
      problem.require(
          problem.any_of({problem.negate(problem.is(path.out.source_address, i)), is_it}));
    }
    for (std::size_t i = 0; i < steps.words.size(); ++i) {
      for (const std::size_t needed : steps.words[i].needs) {
        for (const auto& [seen, waited] : {std::pair{&path.in, &path.out}, {&path.out, &path.in}}) {
          problem.require(problem.any_of(
              {problem.negate(problem.is(seen->own[i], 1)), problem.is(waited->own[needed], 1)}));
        }
      }
    }
  }

  void decide(PathProblem path, const StageSteps& steps, bool gains_first) {
    const SmtAnswer& found = solved_.solve(path.problem, [&] { return story(path); });
    if (std::holds_alternative<Unsatisfiable>(found)) return;
    if (const auto* gave_up = std::get_if<GaveUp>(&found)) {
      result_.undecided = gave_up->reason;
      return;
    }
    const SmtAnswer smallest = solve(path.problem, options_.limits);
    const auto* solution = std::get_if<Problem::Assignment>(&smallest);
    if (solution == nullptr) {
      result_.undecided = "a path was not confirmed";
      return;
    }
    confirm(path, *solution, steps, gains_first);
  }

  [[nodiscard]] ProblemStory story(const PathProblem& path) const {
    const Cluster& cluster = frame_.united().cluster;
    const auto name_of = [&](NamespaceId ns) {
      return ns.is_valid() ? cluster.at(ns).name : std::string("a project to come");
    };
    const std::string about = name_of(path.in.destination);
    ProblemNames names = names_of({path.problem, path.in}, cluster);
    const ProblemNames second = names_of({path.problem, path.out}, cluster);
    names.variables.resize(std::max(names.variables.size(), second.variables.size()));
    names.values.resize(std::max(names.values.size(), second.values.size()));
    for (std::size_t i = 0; i < second.variables.size(); ++i) {
      if (!names.variables[i].empty() || second.variables[i].empty()) continue;
      names.variables[i] = "second hop: " + second.variables[i];
      names.values[i] = second.values[i];
    }
    return {"builtin:moments", about,
            "builtin:moments: a path over a pod of " + about + " to one of " +
                name_of(path.out.destination) +
                ", of a hop that only one state has and one that only the other has.\nunsat: "
                "there is none, whatever pods and projects there will be (docs/PROOFS.md)",
            std::move(names)};
  }

  /// The pod in the middle as both hops need it.
  [[nodiscard]] std::pair<Counterexample, Counterexample> hops_of(
      const PathProblem& path, const Problem::Assignment& solution) const {
    Counterexample in = encoder_.decode(path.in, solution);
    Counterexample out = encoder_.decode(path.out, solution);
    in.destination_labels = out.source_labels;
    in.destination_address = out.source_address;
    if (in.source_address == in.destination_address) {
      in.source_address =
          path.in.addresses.at(solution.at(path.in.source_address.index)).second_pod;
    }
    if (in.makes_destination_namespace) {
      in.destination_namespace_labels = out.source_namespace_labels;
      // The other ends may be in projects of these names.
      if (out.source_namespace != in.source_namespace) {
        in.destination_namespace = out.source_namespace;
      } else if (in.destination_namespace != out.destination_namespace) {
        out.source_namespace = in.destination_namespace;
      }
    }
    return {std::move(in), std::move(out)};
  }

  void confirm(const PathProblem& path, const Problem::Assignment& solution,
               const StageSteps& steps, bool gains_first) {
    const auto [in, out] = hops_of(path, solution);
    std::string text;
    for (const Counterexample* hop : {&in, &out}) {
      const bool is_gained = (hop == &in) == gains_first;
      std::vector<std::size_t> in_effect;
      for (std::size_t i = 0; i < hop->own.size(); ++i) {
        if (hop->own[i] == 1) in_effect.push_back(steps.steps[i]);
      }
      Replay moment = frame_.replayed(frame_.moment(steps.stage, in_effect), *hop);
      const std::array shown{std::pair{frame_.replayed(frame_.before(), *hop), !is_gained},
                             std::pair{frame_.replayed(frame_.after(), *hop), is_gained},
                             std::pair{moment, true}};
      for (const auto& [state, is_open] : shown) {
        if (state.decision.access == (is_open ? Access::Allowed : Access::Denied)) continue;
        result_.undecided = not_confirmed(*hop, state);
        return;
      }
      text += (text.empty() ? "" : ", and ") + moment.src + " reaches " + moment.dst + " (" +
              std::string(to_string(hop->protocol)) + ' ' + std::to_string(hop->port) +
              ") when of this is in effect: " + frame_.words_of(steps.stage, in_effect);
      std::ranges::move(moment.manifests, std::back_inserter(result_.manifests));
    }
    result_.broken = std::move(text);
  }

  const MomentFrame& frame_;
  const MomentProofOptions& options_;
  FlowEncoder encoder_;
  SolvedProblems solved_;
  std::vector<Reached> reached_;
  std::size_t pairs_ = 0;
  ProvedMoments result_;
};

}  // namespace

ProvedMoments prove_no_pivot(const MomentFrame& frame, const MomentProofOptions& options) {
  return PivotProof(frame, options).prove();
}

}  // namespace meshproof
