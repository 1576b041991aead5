#include "app/tree_cache.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <new>
#include <optional>

#include "app/source_stamp.hpp"
#include "base/hash.hpp"
#include "base/log.hpp"
#include "base/varint.hpp"
#include "model/tree_image.hpp"

namespace gridwall::app {

namespace fs = std::filesystem;
using base::Result;

namespace {

constexpr std::string_view kBeginning = "tree-", kEnding = ".gwi";
constexpr std::size_t kFilesMax = 8;  // the longest unused go

// What an image says of itself.
struct Label {
  std::string made_of;  // request, stamps of the sources, program
  std::uint64_t content_hash = 0;
  LoadSummary summary;
};

void put_text(std::string& out, std::string_view text) {
  base::put_varint(out, text.size());
  out += text;
}

std::string encode(const Label& label) {
  std::string out;
  put_text(out, label.made_of);
  base::put_fixed(out, label.content_hash);
  const LoadSummary& summary = label.summary;
  for (const std::uint64_t count :
       {summary.duplicate_count, summary.cycle_count, summary.orphan_count, summary.repair_count}) {
    base::put_varint(out, count);
  }
  base::put_varint(out, summary.warnings.size());
  for (const std::string& warning : summary.warnings) put_text(out, warning);
  return out;
}

std::optional<Label> decode(std::string_view bytes) {
  base::NumberReader reader(bytes);
  const auto text = [&] { return std::string(reader.bytes(reader.varint())); };
  Label label;
  label.made_of = text();
  label.content_hash = reader.fixed<std::uint64_t>();
  LoadSummary& summary = label.summary;
  for (std::uint64_t* count :
       {&summary.duplicate_count, &summary.cycle_count, &summary.orphan_count, &summary.repair_count}) {
    *count = reader.varint();
  }
  const std::uint64_t count = reader.varint();
  for (std::uint64_t i = 0; i < count && !reader.bad(); ++i) summary.warnings.push_back(text());
  if (reader.bad() || !reader.rest().empty()) return std::nullopt;
  return label;
}

// Everything but the sources' bytes that decides what a tree becomes, as text.
std::string text_of(const geo::LayerRequest& request) {
  const model::SourceReading& reading = request.reading;
  const model::SourceMapping& mapping = request.mapping;
  std::string text =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n", fmt::join(request.sources, "\t"),
                  fmt::join(reading.layers, "\t"), reading.where, reading.encoding, reading.crs,
                  static_cast<int>(reading.axes), mapping.code_field, mapping.name_field, mapping.parent_field,
                  mapping.level_field, mapping.kind_field, mapping.area_field, mapping.area_unit_m2,
                  fmt::join(mapping.code_lengths, ","), static_cast<int>(mapping.parent_by));
  text += fmt::format("{}\n{}\n", request.world_crs, static_cast<int>(request.family_check));
  for (const model::LevelSpec& level : request.levels) {
    text += fmt::format("{}\t{}\t{}\t{}\n", level.name_zh, level.name_en, level.kind, level.count);
  }
  return text;
}

// A program that was built anew may load otherwise.
std::string program_stamp() {
  return stamp_of({"/proc/self/exe"}).value_or("") + geo::loading_libraries() + "\n";
}

// A file in memory for as long as somebody looks into it. It is never written where it lies, only replaced.
class MappedImage {
 public:
  static std::shared_ptr<const MappedImage> open(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return nullptr;
    struct stat found {};
    void* at = MAP_FAILED;
    if (::fstat(descriptor, &found) == 0 && found.st_size > 0) {
      at =
          ::mmap(nullptr, static_cast<std::size_t>(found.st_size), PROT_READ, MAP_SHARED | MAP_POPULATE, descriptor, 0);
      ::futimens(descriptor, nullptr);  // used just now; where that is not allowed it is only older
    }
    ::close(descriptor);
    if (at == MAP_FAILED) return nullptr;
    return std::shared_ptr<const MappedImage>(new MappedImage(at, static_cast<std::size_t>(found.st_size)));
  }
  ~MappedImage() { ::munmap(m_at, m_size); }
  MappedImage(const MappedImage&) = delete;
  MappedImage& operator=(const MappedImage&) = delete;

  [[nodiscard]] std::string_view bytes() const { return {static_cast<const char*>(m_at), m_size}; }

 private:
  MappedImage(void* at, std::size_t size) : m_at(at), m_size(size) {}
  void* m_at;
  std::size_t m_size;
};

bool is_image(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.starts_with(kBeginning) && name.find(kEnding) != std::string::npos;
}

std::vector<fs::path> images_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code code;
  for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
    if (is_image(at->path())) files.push_back(at->path());
  }
  return files;
}

// The longest unused beyond the bound, and what killed programs left.
void tidy_up(const fs::path& folder) {
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  std::error_code code;
  for (const fs::path& file : images_in(folder)) {
    const auto changed = fs::last_write_time(file, code);
    if (code) continue;
    const bool is_part = file.extension() == ".part";
    constexpr auto kPartAgeMax = std::chrono::hours(1);
    if (is_part && fs::file_time_type::clock::now() - changed > kPartAgeMax) fs::remove(file, code);
    if (!is_part) files.emplace_back(changed, file);
  }
  std::sort(files.rbegin(), files.rend());
  for (std::size_t i = kFilesMax; i < files.size(); ++i) fs::remove(files[i].second, code);
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool write_aside_and_rename(const fs::path& file, const model::TreeImage& image) {
  static std::atomic<unsigned> counter{0};
  fs::path beside = file;
  beside += fmt::format(".{}-{}.part", ::getpid(), counter.fetch_add(1));
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return false;
  bool good = true;
  for (const std::string_view piece : image.pieces()) good = good && write_all(descriptor, piece);
  good = ::close(descriptor) == 0 && good;
  std::error_code code;
  if (good) fs::rename(beside, file, code);
  if (!good || code) fs::remove(beside, code);
  return good && !code;
}

// This thread gives way to those that draw.
void step_back() {
  constexpr int kNiceness = 10;
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNiceness);
}

struct CacheEntry {
  fs::path file;
  std::vector<fs::path> sources;
  Label label;
};

void keep(const CacheEntry& entry, const std::string& stamp, const model::DivisionTree& tree) {
  Label label = entry.label;
  const auto hash = content_hash_of(entry.sources, {});
  // What changed while it was read is neither the one nor the other.
  if (!hash || stamp_of(entry.sources) != stamp) return;
  label.content_hash = *hash;
  const model::TreeImage image(tree, encode(label));
  if (image.pieces().empty()) return;
  if (!write_aside_and_rename(entry.file, image)) {
    base::log_warning("app", "cache: {} cannot be written; the next start reads the layers again", entry.file.string());
  }
  tidy_up(entry.file.parent_path());
}

// On its own thread, which no exception may leave.
void keep_if_there_is_room(const CacheEntry& entry, const std::string& stamp, const model::DivisionTree& tree) {
  step_back();
  try {
    keep(entry, stamp, tree);
  } catch (const std::bad_alloc&) {
    base::log_warning("app", "cache: not enough memory to keep the layers; the next start reads them again");
  }
}

void compare(const CacheEntry& entry, const std::stop_token& stop) {
  step_back();
  const auto hash = content_hash_of(entry.sources, stop);
  if (!hash || *hash == entry.label.content_hash) return;
  std::error_code code;
  fs::remove(entry.file, code);
  base::log_warning("app",
                    "cache: {} has other bytes than those shown, though its size and time are the same; start again "
                    "to see them",
                    entry.sources[0].string());
}

// nullopt: there is no such file, or it is told why it is not used.
std::optional<CachedLoad> open_entry(CacheEntry& entry) {
  const auto image = MappedImage::open(entry.file);
  if (image == nullptr) return std::nullopt;
  const auto bytes = model::TreeImage::label_of(image->bytes());
  const auto label = bytes.ok() ? decode(*bytes) : std::nullopt;
  if (label && label->made_of != entry.label.made_of) {
    base::log_info("app", "cache: the layers, their options or the program changed; they are read again");
    return std::nullopt;
  }
  auto tree =
      label ? model::TreeImage::open(image->bytes(), image)
            : Result<model::DivisionTree>(bytes.ok() ? base::Error{base::ErrorCode::Malformed, "tree image: its label"}
                                                     : bytes.error());
  if (!tree.ok()) {
    base::log_warning("app", "cache: {} is not used and made anew: {}", entry.file.string(), tree.error().message);
    return std::nullopt;
  }
  entry.label = *label;
  CachedLoad out;
  out.tree = std::make_shared<const model::DivisionTree>(std::move(*tree));
  out.summary = label->summary;
  out.from_cache = true;
  return out;
}

LoadSummary summary_of(const geo::LayerReport& report) {
  return {report.warnings, report.duplicates.size(), report.cycles.size(), report.orphans.size(),
          report.repairs.size()};
}

// Where its tree is or would be kept; nullopt: nowhere. `stamp`: what its sources are now.
std::optional<CacheEntry> entry_of(const geo::LayerRequest& request, const fs::path& folder,
                                   std::uintmax_t source_bytes_min, std::string& stamp) {
  auto files = files_of_sources(request.sources);
  if (!files || request.frame != nullptr || bytes_of(*files).value_or(0) < source_bytes_min) return std::nullopt;
  const auto stamped = stamp_of(*files);
  if (!stamped) return std::nullopt;
  stamp = *stamped;
  const std::string asked = text_of(request);
  CacheEntry entry;
  entry.sources = std::move(*files);
  entry.file = folder / fmt::format("{}{:016x}{}", kBeginning, base::hash_bytes(asked), kEnding);
  entry.label.made_of = asked + program_stamp() + stamp;
  return entry;
}

}  // namespace

bool TreeCache::keeps(const geo::LayerRequest& request) const {
  std::string stamp;
  const auto entry = entry_of(request, m_folder, m_source_bytes_min, stamp);
  std::error_code code;
  return entry && fs::exists(entry->file, code);
}

Result<CachedLoad> TreeCache::load(const geo::LayerRequest& request, const geo::ProgressCallback& progress) const {
  std::string stamp;
  auto entry = entry_of(request, m_folder, m_source_bytes_min, stamp);
  if (entry) {
    if (auto found = open_entry(*entry)) {
      found->work = std::make_shared<base::Thread>(
          "tree-cache", [entry = *entry](const std::stop_token& stop) { compare(entry, stop); });
      return std::move(*found);
    }
  }
  TRY_ASSIGN(geo::LoadedTree loaded, geo::load_division_tree(request, progress));
  CachedLoad out;
  out.tree = std::move(loaded.tree);
  out.summary = summary_of(loaded.report);
  if (entry) {
    entry->label.summary = out.summary;
    out.work =
        std::make_shared<base::Thread>("tree-cache", [entry = *entry, stamp, tree = out.tree](const std::stop_token&) {
          keep_if_there_is_room(entry, stamp, *tree);
        });
  }
  return out;
}

std::size_t TreeCache::clear() const {
  std::size_t count = 0;
  std::error_code code;
  for (const fs::path& file : images_in(m_folder)) count += fs::remove(file, code) ? 1 : 0;
  return count;
}

}  // namespace gridwall::app
