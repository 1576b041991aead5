#include "app/stop_signal.hpp"

#include <csignal>

namespace gridwall::app {

namespace {

volatile std::sig_atomic_t g_stop_requested = 0;

extern "C" void note_stop(int signal_number) {
  g_stop_requested = 1;
  std::signal(signal_number, SIG_DFL);
}

}  // namespace

StopSignal::StopSignal() {
  g_stop_requested = 0;
  std::signal(SIGINT, note_stop);
  std::signal(SIGTERM, note_stop);
  // A reader of our output that went away is an error of the write, not the end of the program.
  std::signal(SIGPIPE, SIG_IGN);
}

StopSignal::~StopSignal() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

bool StopSignal::requested() const { return g_stop_requested != 0; }

}  // namespace gridwall::app
