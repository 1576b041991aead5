#include "app/line_reader.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace gridwall::app {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::size_t kReadBytes = 1 << 16;

}  // namespace

Result<LineReader> LineReader::open(const std::string& file, std::size_t line_bytes_max) {
  if (file == "-") return LineReader(STDIN_FILENO, line_bytes_max);
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat about {};
  if (descriptor < 0 || ::fstat(descriptor, &about) != 0 || S_ISDIR(about.st_mode)) {
    const std::string reason = descriptor < 0 ? std::strerror(errno) : "it is a directory";
    if (descriptor >= 0) ::close(descriptor);
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: cannot be read ({}); expected a file with one event a line, or - for stdin", file,
                             reason)};
  }
  return LineReader(descriptor, line_bytes_max);
}

LineReader::LineReader(LineReader&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_line_bytes_max(other.m_line_bytes_max),
      m_buffer(std::move(other.m_buffer)),
      m_begin(other.m_begin),
      m_skipping(other.m_skipping),
      m_at_end(other.m_at_end),
      m_line_number(other.m_line_number) {}

LineReader::~LineReader() {
  if (m_descriptor > STDIN_FILENO) ::close(m_descriptor);
}

bool LineReader::fill(base::Duration patience) {
  pollfd item{m_descriptor, POLLIN, 0};
  const auto patience_ms = std::chrono::ceil<std::chrono::milliseconds>(patience).count();
  if (::poll(&item, 1, static_cast<int>(patience_ms)) <= 0) return false;
  m_buffer.erase(0, m_begin);
  m_begin = 0;
  const std::size_t size = m_buffer.size();
  m_buffer.resize(size + kReadBytes);
  const ssize_t count = ::read(m_descriptor, m_buffer.data() + size, kReadBytes);
  m_buffer.resize(size + static_cast<std::size_t>(count > 0 ? count : 0));
  if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) m_at_end = true;
  return count > 0 || m_at_end;
}

// True: an outcome other than NothingYet is there.
bool LineReader::take_line(std::string& line, Outcome& outcome) {
  const std::size_t end = m_buffer.find('\n', m_begin);
  const std::size_t rest = m_buffer.size() - m_begin;
  if (end == std::string::npos && !m_at_end) {
    if (rest <= m_line_bytes_max + 1) return false;
    m_skipping = true;
    m_begin = m_buffer.size();
    return false;
  }
  if (end == std::string::npos && rest == 0 && !m_skipping) {
    outcome = Outcome::End;
    return true;
  }
  const std::size_t stop = end == std::string::npos ? m_buffer.size() : end;
  line.assign(m_buffer, m_begin, stop - m_begin);
  m_begin = end == std::string::npos ? m_buffer.size() : end + 1;
  if (line.ends_with('\r')) line.pop_back();
  ++m_line_number;
  outcome = std::exchange(m_skipping, false) || line.size() > m_line_bytes_max ? Outcome::TooLong : Outcome::Line;
  return true;
}

LineReader::Outcome LineReader::next(std::string& line, base::Duration patience) {
  Outcome outcome = Outcome::NothingYet;
  while (!take_line(line, outcome)) {
    if (!fill(patience)) return Outcome::NothingYet;
  }
  return outcome;
}

}  // namespace gridwall::app
