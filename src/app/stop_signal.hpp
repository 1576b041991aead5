// StopSignal: Ctrl-C and SIGTERM become a flag that a command's loop reads, so that it ends in order and reports.
// Made once, on the main thread; a second signal ends the program at once.
#pragma once

namespace gridwall::app {

class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  [[nodiscard]] bool requested() const;
};

}  // namespace gridwall::app
