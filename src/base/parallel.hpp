// Work split over the machine's cores: the caller works too and gets told of progress; results are by index, so they do
// not depend on how many cores there are. Test: tests/unit/base/parallel_test.cpp.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace gridwall::base {

inline std::size_t worker_count_for(std::size_t item_count, std::size_t items_per_worker_min) {
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  return std::clamp<std::size_t>(item_count / std::max<std::size_t>(1, items_per_worker_min), 1, cores);
}

// Calls work(worker, begin, end) for disjoint stretches of [0, item_count), `chunk` items each, on `worker_count`
// threads (worker 0 is the caller), and after each of the caller's own chunks told(items done by all). Different
// workers run `work` at once. What one of them throws ends the others after their chunk and is thrown to the caller.
template <typename Work, typename Told>
void parallel_for(std::size_t item_count, std::size_t chunk, std::size_t worker_count, const Work& work,
                  const Told& told) {
  std::atomic<std::size_t> next{0}, done{0};
  std::exception_ptr thrown;
  std::mutex thrown_mutex;
  const auto run = [&](std::size_t worker) {
    while (true) {
      const std::size_t begin = next.fetch_add(chunk);
      if (begin >= item_count) return;
      const std::size_t end = std::min(begin + chunk, item_count);
      work(worker, begin, end);
      const std::size_t done_count = done.fetch_add(end - begin) + (end - begin);
      if (worker == 0) told(done_count);
    }
  };
  const auto guarded = [&](std::size_t worker) {
    try {
      run(worker);
    } catch (const std::exception&) {
      next = item_count;
      const std::scoped_lock lock(thrown_mutex);
      if (thrown == nullptr) thrown = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t worker = 1; worker < worker_count; ++worker) others.emplace_back(guarded, worker);
    guarded(0);
  }
  if (thrown != nullptr) std::rethrow_exception(thrown);
}

}  // namespace gridwall::base
