// How fast layers become a division tree, beside GDAL reading every vertex of the same file and doing nothing else.
// 5,000, 50,000 and 500,000 cells of 49 vertices whose jagged borders are shared, in a GeoPackage in degrees
// (EPSG:4490). Medians of five; memory per vertex of the file at the peak of loading, and of the tree that stays.
#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "bench/cell_file.hpp"
#include "geo/tree_builder.hpp"

namespace {

namespace fs = std::filesystem;
using gridwall::bench::read_every_vertex;
using gridwall::bench::write_cells;

constexpr int kRuns = 5;
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

void measure(const fs::path& folder, int cell_count) {
  const fs::path file = folder / fmt::format("cells-{}.gpkg", cell_count);
  write_cells(file, cell_count);
  std::vector<double> floor_s, load_s, checked_s;
  std::size_t vertex_count = 0;
  double peak_bytes = 0, kept_bytes = 0, area_error = 0;
  for (int run = 0; run < kRuns; ++run) {
    floor_s.push_back(seconds_of([&] { vertex_count = read_every_vertex(file); }));
    gridwall::geo::LayerRequest request;
    request.sources = {file.string()};
    const auto load = [&] {
      const auto loaded = gridwall::geo::load_division_tree(request);
      if (!loaded.ok()) {
        fmt::print(stderr, "load_bench: {}\n", loaded.error().message);
        std::exit(1);
      }
      kept_bytes = tree_bytes(*loaded->tree);
      area_error = loaded->report.area_error_worst;
    };
    request.family_check = gridwall::geo::FamilyCheck::None;
    forget_peak();
    const double before_kib = status_kib("VmRSS:");
    load_s.push_back(seconds_of(load));
    peak_bytes = std::max(peak_bytes, (status_kib("VmHWM:") - before_kib) * 1024);
    request.family_check = gridwall::geo::FamilyCheck::Full;
    checked_s.push_back(seconds_of(load));
  }
  const auto vertices = static_cast<double>(vertex_count);
  fmt::print(
      "{:>7} cells {:>9} vertices   GDAL reading {:7.1f} ms   tree {:8.1f} ms, {:5.2f}x, {:5.2f} M vertices/s; gaps "
      "and "
      "overlaps checked too {:8.1f} ms   peak {:3.0f} B, tree {:3.0f} B a vertex   worst area error {:.1e}\n",
      cell_count, vertex_count, median(floor_s) * 1000, median(load_s) * 1000, median(load_s) / median(floor_s),
      vertices / median(load_s) / 1e6, median(checked_s) * 1000, peak_bytes / vertices, kept_bytes / vertices,
      area_error);
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
