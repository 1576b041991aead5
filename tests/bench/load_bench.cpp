// How fast layers become a division tree, beside GDAL reading every vertex of the same file and doing nothing else.
// 5,000, 50,000 and 500,000 cells of 49 vertices whose jagged borders are shared, in a GeoPackage in degrees
// (EPSG:4490). One JSON object a line and size: medians of five, each with the median of its ratio to the floor of the
// same run; bytes a vertex of the file: at the peak of loading, of the tree that stays (resident, loaded and mapped),
// and of its arrays alone.
#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "app/tree_cache.hpp"
#include "base/json_writer.hpp"
#include "bench/cell_file.hpp"
#include "geo/tree_builder.hpp"

namespace {

namespace fs = std::filesystem;
using gridwall::bench::read_every_vertex;
using gridwall::bench::write_cells;

constexpr int kRuns = 5;
constexpr std::uint32_t kPreviewPx = 1024;

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double status_kib(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return std::stod(line.substr(key.size() + 1));
  }
  return 0;
}

// Writing 5 there makes the kernel forget the peak so far.
void forget_peak() {
  ::malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

double tree_bytes(const gridwall::model::DivisionTree& tree) {
  return static_cast<double>(tree.vertices().size() * sizeof(gridwall::base::Vec2i) +
                             tree.triangle_indices().size() * sizeof(std::uint32_t) +
                             tree.rings().size() * sizeof(gridwall::model::Ring) +
                             tree.divisions().size() * sizeof(gridwall::model::Division));
}

template <typename T>
T take(gridwall::base::Result<T> result) {
  if (result.ok()) return std::move(*result);
  fmt::print(stderr, "load_bench: {}\n", result.error().message);
  std::exit(1);
}

// Times of one kind of start, and what they are in floors of the same run.
struct Series {
  std::vector<double> seconds, ratios;

  void add(double s, double floor_s) {
    seconds.push_back(s);
    ratios.push_back(s / floor_s);
  }
  void write(gridwall::base::JsonWriter& json, std::string_view name) const {
    json.field(fmt::format("{}_ms", name), std::round(median(seconds) * 1e4) / 10);
    json.field(fmt::format("{}_ratio", name), std::round(median(ratios) * 1e3) / 1e3);
  }
};

struct Bytes {
  double peak = 0, resident = 0, mapped_resident = 0, arrays = 0;
};

double grown_bytes(const std::string& key, double before_kib) {
  return (status_kib(key) - before_kib) * 1024;
}

void measure(const fs::path& folder, int cell_count) {
  const fs::path file = folder / fmt::format("cells-{}.gpkg", cell_count);
  write_cells(file, cell_count);
  std::vector<double> floor_s;
  Series preview_s, load_s, checked_s, cached_s;
  Bytes bytes;
  std::size_t vertex_count = 0;
  double area_error = 0;
  gridwall::geo::LayerRequest request;
  request.sources = {file.string()};
  request.family_check = gridwall::geo::FamilyCheck::None;
  const gridwall::app::TreeCache cache(folder, 0);
  take(cache.load(request)).work->join();
  for (int run = 0; run < kRuns; ++run) {
    floor_s.push_back(seconds_of([&] { vertex_count = read_every_vertex(file); }));
    auto preview = request;
    preview.preview_px = kPreviewPx;
    preview_s.add(seconds_of([&] { take(gridwall::geo::load_division_tree(preview)); }), floor_s.back());
    forget_peak();
    double before_kib = status_kib("VmRSS:");
    gridwall::geo::LoadedTree loaded;
    load_s.add(seconds_of([&] { loaded = take(gridwall::geo::load_division_tree(request)); }), floor_s.back());
    bytes.peak = std::max(bytes.peak, grown_bytes("VmHWM:", before_kib));
    bytes.arrays = tree_bytes(*loaded.tree);
    area_error = loaded.report.area_error_worst;
    ::malloc_trim(0);
    bytes.resident = std::max(bytes.resident, grown_bytes("VmRSS:", before_kib));
    loaded = {};
    forget_peak();
    before_kib = status_kib("VmRSS:");
    gridwall::app::CachedLoad cached;
    cached_s.add(seconds_of([&] { cached = take(cache.load(request)); }), floor_s.back());
    if (!cached.from_cache) fmt::print(stderr, "load_bench: not from the cache\n");
    cached.work->join();
    ::malloc_trim(0);
    bytes.mapped_resident = std::max(bytes.mapped_resident, grown_bytes("VmRSS:", before_kib));
    cached = {};
    auto checked = request;
    checked.family_check = gridwall::geo::FamilyCheck::Full;
    checked_s.add(seconds_of([&] { take(gridwall::geo::load_division_tree(checked)); }), floor_s.back());
  }
  const auto vertices = static_cast<double>(vertex_count);
  gridwall::base::JsonWriter json;
  json.begin_object().field("bench", "load").field("cells", cell_count).field("vertices", vertex_count);
  json.field("floor_ms", std::round(median(floor_s) * 1e4) / 10);
  preview_s.write(json, "preview");
  load_s.write(json, "load");
  checked_s.write(json, "checked");
  cached_s.write(json, "cached");
  json.field("peak_bytes_per_vertex", std::round(bytes.peak / vertices));
  json.field("resident_bytes_per_vertex", std::round(bytes.resident / vertices));
  json.field("mapped_resident_bytes_per_vertex", std::round(bytes.mapped_resident / vertices));
  json.field("array_bytes_per_vertex", std::round(bytes.arrays / vertices));
  json.field("area_error_worst", area_error).end_object();
  fmt::print("{}\n", json.text());
  (void)cache.clear();
  fs::remove(file);
}

}  // namespace

int main(int argument_count, char** arguments) {
  std::string pattern = (fs::temp_directory_path() / "gridwall-load-XXXXXX").string();
  const fs::path folder = ::mkdtemp(pattern.data());
  std::vector<int> counts{5'000, 50'000, 500'000};
  if (argument_count > 1) counts = {std::max(1, std::atoi(arguments[1]))};
  for (const int count : counts) {
    measure(folder, count);
    std::fflush(stdout);
  }
  fs::remove_all(folder);
  return 0;
}
