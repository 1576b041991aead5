#include "app/lazy_locator.hpp"

namespace gridwall::app {

namespace {

// Fewer are done within a frame.
constexpr std::size_t kDivisionsBesideMin = 20'000;

}  // namespace

const model::Locator* LazyLocator::if_ready() {
  if (!m_is_begun) {
    m_is_begun = true;
    if (m_tree->divisions().size() < kDivisionsBesideMin) {
      m_locator.emplace(m_tree);
      m_is_ready = true;
    } else {
      m_thread = base::Thread("locator", [this](std::stop_token) {
        m_locator.emplace(m_tree);
        m_is_ready = true;
      });
    }
  }
  return m_is_ready ? &*m_locator : nullptr;
}

const model::Locator& LazyLocator::get() {
  if (if_ready() == nullptr) m_thread.join();
  return *m_locator;
}

}  // namespace gridwall::app
