#include "base/thread.hpp"

#include <pthread.h>

#include <utility>

namespace gridwall::base {

Thread::Thread(std::string name, std::function<void(std::stop_token)> body)
    : m_thread([name = std::move(name), body = std::move(body)](std::stop_token stop) {
        pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
        body(std::move(stop));
      }) {}

}  // namespace gridwall::base
