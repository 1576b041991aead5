#include "base/parallel.hpp"

#include <gtest/gtest.h>

namespace gridwall::base {
namespace {

TEST(parallel_for, does_each_item_once_whatever_the_number_of_workers) {
  for (const std::size_t worker_count : {1u, 2u, 7u}) {
    for (const std::size_t item_count : {0u, 1u, 63u, 64u, 1000u}) {
      std::vector<std::atomic<int>> times(item_count);
      std::size_t told_last = 0;
      parallel_for(
          item_count, 64, worker_count,
          [&](std::size_t worker, std::size_t begin, std::size_t end) {
            EXPECT_LT(worker, worker_count);
            for (std::size_t i = begin; i < end; ++i) ++times[i];
          },
          [&](std::size_t done) {
            EXPECT_GE(done, told_last);
            EXPECT_LE(done, item_count);
            told_last = done;
          });
      for (const auto& count : times) EXPECT_EQ(count, 1);
    }
  }
}

TEST(parallel_for, throws_to_the_caller_what_a_worker_threw) {
  for (const std::size_t bad : {0u, 500u, 999u}) {
    const auto work = [&](std::size_t, std::size_t begin, std::size_t end) {
      if (bad >= begin && bad < end) throw std::bad_alloc();
    };
    EXPECT_THROW(parallel_for(1000, 10, 3, work, [](std::size_t) {}), std::bad_alloc);
  }
}

TEST(parallel_for, keeps_small_work_on_the_callers_thread) {
  EXPECT_EQ(worker_count_for(10, 100), 1u);
  EXPECT_LE(worker_count_for(1'000'000, 1), std::thread::hardware_concurrency());
  EXPECT_GE(worker_count_for(0, 0), 1u);
}

}  // namespace
}  // namespace gridwall::base
