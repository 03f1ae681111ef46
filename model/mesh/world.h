#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/mesh/operator_version.h"
#include "model/mesh/platform.h"
#include "model/mesh/work_queue.h"
#include "model/object.h"
#include "model/prediction.h"

namespace meshproof {

/// What a Step says besides the object that was written.
struct WriteNote {
  std::string reason;
  std::string project = {};  ///< whose joining or leaving this belongs to
  int rank = 0;              ///< of ranks.h
  bool aside = false;
  Step::Writer writer = Step::Writer::Operator;
};

/// The cluster while a change is played on it: the objects, every write so far, and the work that
/// the writes give to the controllers. Writes behave as the API server's do: generations,
/// defaulting, finalizers and deletion timestamps, namespaces that go with their contents.
class World {
 public:
  World(ObjectStore objects, const OperatorVersion& version, Platform platform);

  [[nodiscard]] const ObjectStore& objects() const { return objects_; }
  [[nodiscard]] const OperatorVersion& version() const { return *version_; }
  [[nodiscard]] const Object* find(std::string_view kind, std::string_view ns,
                                   std::string_view name) const {
    return objects_.find(kind, ns, name);
  }

  /// The Namespace, also where only its Project, or an object inside it, shows that it exists.
  [[nodiscard]] std::optional<Object> find_namespace(const std::string& name) const;
  /// All of them, by name.
  [[nodiscard]] std::vector<Object> namespaces() const;

  /// False if there is an object of that key already.
  bool create(Tree object, const WriteNote& note);
  /// Replaces an object; nothing happens if it is unchanged. A terminating object that has lost its
  /// last finalizer goes.
  void update(Tree object, const WriteNote& note);
  void update_status(const Object& object, Tree status, const WriteNote& note);
  /// Deletes at once, or marks the object while it has finalizers. A Namespace empties first.
  void remove(const ObjectKey& key, const WriteNote& note);
  /// Ends the deletion of a Namespace that is empty.
  void end_namespace(const std::string& name);

  /// A project starts to join or to leave.
  void begin_sequence(const std::string& project);

  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }
  /// Whether writes are recorded as Steps (they are).
  void set_recording(bool recording) { recording_ = recording; }
  void set_phase(std::size_t phase) { phase_ = phase; }
  /// How many writes there have been: tells whether something moved.
  [[nodiscard]] std::size_t write_count() const { return write_count_; }

  [[nodiscard]] WorkQueue& queue() { return queue_; }
  [[nodiscard]] const WorkQueue& queue() const { return queue_; }
  [[nodiscard]] Platform& platform() { return platform_; }
  [[nodiscard]] const Platform& platform() const { return platform_; }

  /// How far the installation of a control plane has come: the next of its chart groups.
  [[nodiscard]] std::size_t& install_progress(const ObjectKey& key) { return installs_[key]; }
  void end_install(const ObjectKey& key) { installs_.erase(key); }

  /// The way it ended hung on when the SDN master acted.
  [[nodiscard]] bool raced() const { return raced_; }
  void set_raced() { raced_ = true; }

  /// A sentence that every report repeats; said once.
  void assume(const std::string& sentence);
  void warn(Diagnostic diagnostic) { diagnostics_.push_back(std::move(diagnostic)); }
  [[nodiscard]] const std::vector<std::string>& assumptions() const { return assumptions_; }
  [[nodiscard]] const Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  void begin_sequence_of(const ObjectKey& key);
  void store(Tree object);
  void notify(const Object* before, const Object* after);
  void record(Verb verb, const Object& written, Tree object, const WriteNote& note);
  void copy_labels_to_project(const Tree& ns);

  ObjectStore objects_;
  const OperatorVersion* version_;
  Platform platform_;
  WorkQueue queue_;
  std::set<std::string> referenced_namespaces_;
  std::vector<Step> steps_;
  std::size_t phase_ = 0;
  std::size_t write_count_ = 0;
  bool recording_ = true;
  bool raced_ = false;
  std::map<std::string, int> sequences_;
  std::map<ObjectKey, std::size_t> installs_;
  std::vector<std::string> assumptions_;
  Diagnostics diagnostics_;
};

}  // namespace meshproof
