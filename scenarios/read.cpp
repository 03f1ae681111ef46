#include "scenarios/read.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "scenarios/files.h"
#include "scenarios/gathered_listings.h"
#include "scenarios/manifests.h"
#include "scenarios/merge_objects.h"
#include "scenarios/object_list.h"
#include "scenarios/progress_teller.h"
#include "scenarios/source_text.h"

namespace meshproof {
namespace {

std::vector<Origin> origins_of(const std::vector<std::string>& paths) {
  std::vector<Origin> origins;
  for (const std::string& path : paths) origins.push_back({.name = path});
  return origins;
}

Input build_input(Manifests manifests, std::vector<Origin> origins, std::size_t files,
                  const ReadOptions& options, const Sources& sources, Diagnostics& diagnostics) {
  Input input;
  std::vector<Object> objects = std::move(manifests.plain);
  for (Tree& object : check_objects(manifests, options, sources, diagnostics)) {
    objects.push_back(make_object(std::move(object)));
  }
  input.objects = merge_objects(std::move(objects), diagnostics);
  input.coverage.files = files;
  input.coverage.objects = input.objects.size();
  input.coverage.skipped_documents = manifests.skipped;
  input.coverage.origins = std::move(origins);
  input.coverage.cluster = cluster_identity(input.objects);
  for (auto& [part, listing] : manifests.listings) {
    input.coverage.add(std::move(part), std::move(listing));
  }
  for (const auto& [origin, versions] : manifests.resource_versions) {
    // Several lists were read at several times.
    if (versions.size() == 1)
      input.coverage.origins.at(origin).resource_version = *versions.begin();
  }
  for (const std::size_t origin : manifests.snapshots) {
    input.coverage.origins.at(origin).form = OriginForm::Snapshot;
  }
  for (auto& [origin, taken] : manifests.taken) {
    std::swap(taken.name, input.coverage.origins.at(origin).name);
    input.coverage.origins.at(origin) = std::move(taken);
  }
  add_gathered(manifests.gathered, input.objects, input.coverage);
  if (input.coverage.has_ledger()) add_assumed_lists(manifests.plain_lists, input.coverage);
  for (const auto& kind : manifests.listed) input.coverage.kinds[kind];
  for (const Object& object : input.objects) {
    ++input.coverage.kinds[group_and_kind(object.key.group, object.key.kind)];
  }
  return input;
}

/// Nothing for standard input, and for what cannot be read.
std::uint64_t bytes_of(const InputFile& file) {
  std::error_code unknown;
  const std::uintmax_t bytes = std::filesystem::file_size(file.path, unknown);
  return unknown ? 0 : bytes;
}

}  // namespace

Input read_inputs(const std::vector<std::string>& paths, const ReadOptions& options,
                  Sources& sources, Diagnostics& diagnostics) {
  Manifests manifests;
  std::size_t files = 0;
  const std::vector<InputFile> found = find_files(paths, diagnostics);
  ProgressTeller teller{options.progress};
  for (const InputFile& file : found) teller.expect(bytes_of(file));
  for (const InputFile& file : found) {
    teller.begin(bytes_of(file));
    const std::vector<SourceText> sources_of_file =
        load_files(file, sources, diagnostics, {}, teller.loading());
    std::uint64_t text_bytes = 0;
    for (const SourceText& source : sources_of_file) text_bytes += source.text->size();
    teller.loaded(text_bytes);
    for (const SourceText& source : sources_of_file) {
      ++files;
      add_manifests(source, manifests, diagnostics, ItemReading::Left,
                    teller.reading(source.text->size()));
    }
    teller.end();
  }
  return build_input(std::move(manifests), origins_of(paths), files, options, sources, diagnostics);
}

Input read_text(std::string name, std::string text, const ReadOptions& options, Sources& sources,
                Diagnostics& diagnostics) {
  Manifests manifests;
  ProgressTeller teller{options.progress};
  const std::size_t bytes = text.size();
  teller.expect(bytes);
  teller.begin(bytes);
  const auto source = load_text(name, std::move(text), sources, diagnostics);
  teller.loaded(bytes);
  if (source)
    add_manifests(*source, manifests, diagnostics, ItemReading::Left, teller.reading(bytes));
  teller.end();
  return build_input(std::move(manifests), origins_of({std::move(name)}), 1, options, sources,
                     diagnostics);
}

}  // namespace meshproof
