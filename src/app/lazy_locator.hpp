// LazyLocator: a model::Locator that is made when somebody first points at the map, beside the frames where that takes
// long. A picture is on the wall before anybody points at it, and the pictures of a file never need one. Main thread.
// Test: tests/unit/app/lazy_locator_test.cpp.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "base/thread.hpp"
#include "model/locator.hpp"

namespace gridwall::app {

class LazyLocator {
 public:
  explicit LazyLocator(std::shared_ptr<const model::DivisionTree> tree) : m_tree(std::move(tree)) {}

  // For what is asked again soon, such as what lies below the pointer: null while a large one is being made.
  const model::Locator* if_ready();
  // For what is asked once, such as a click: waits.
  const model::Locator& get();

 private:
  std::shared_ptr<const model::DivisionTree> m_tree;
  std::optional<model::Locator> m_locator;  // the thread's until m_is_ready
  std::atomic<bool> m_is_ready = false;
  bool m_is_begun = false;
  base::Thread m_thread;
};

}  // namespace gridwall::app
