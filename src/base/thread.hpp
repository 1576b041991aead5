// Thread: a named std::jthread that is asked to stop and joined in its destructor. Owners declare threads last,
// so that they end before what they use.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <thread>

namespace gridwall::base {

class Thread {
 public:
  Thread() = default;
  // The name is shown by debuggers and `top -H`; Linux keeps 15 characters of it.
  Thread(std::string name, std::function<void(std::stop_token)> body);

  void request_stop() { m_thread.request_stop(); }
  void join() {
    if (m_thread.joinable()) m_thread.join();
  }

 private:
  std::jthread m_thread;
};

}  // namespace gridwall::base
