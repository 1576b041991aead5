// LineReader: lines of a file or of stdin, without ever waiting longer than asked, so that its user can look after a
// connection meanwhile. Lines longer than the limit are skipped and told. One thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace gridwall::app {

class LineReader {
 public:
  enum class Outcome { Line, TooLong, NothingYet, End };

  // "-" is stdin.
  static base::Result<LineReader> open(const std::string& file, std::size_t line_bytes_max);
  LineReader(LineReader&& other) noexcept;
  LineReader& operator=(LineReader&&) = delete;
  ~LineReader();

  // `line` without its end ("\n" or "\r\n"). Lines count from 1.
  Outcome next(std::string& line, base::Duration patience);
  [[nodiscard]] std::uint64_t line_number() const { return m_line_number; }

 private:
  LineReader(int descriptor, std::size_t line_bytes_max) : m_descriptor(descriptor), m_line_bytes_max(line_bytes_max) {}
  bool take_line(std::string& line, Outcome& outcome);
  bool fill(base::Duration patience);

  int m_descriptor;
  std::size_t m_line_bytes_max;
  std::string m_buffer;
  std::size_t m_begin = 0;      // of what was not given out yet
  bool m_skipping = false;      // inside a line that is too long
  bool m_at_end = false;
  std::uint64_t m_line_number = 0;
};

}  // namespace gridwall::app
