// Compressor and Decompressor: zstd with its working memory kept from call to call. What a frame will unpack to is
// looked at before any memory is taken for it, so bytes from outside cost no more than the caller's limit.
// One thread each. Test: tests/unit/base/compressor_test.cpp, tests/fuzz/journal_fuzz.cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace gridwall::base {

class Compressor {
 public:
  // zstd levels: 1 is quick, 19 is small.
  explicit Compressor(int level = 1);
  ~Compressor();
  Compressor(Compressor&&) noexcept;
  Compressor& operator=(Compressor&&) noexcept;

  // One frame that names its content's size; replaces `frame`, whose memory is used again.
  void compress(std::string_view bytes, std::string& frame);
  std::string compress(std::string_view bytes);

 private:
  struct Context;
  std::unique_ptr<Context> m_context;
};

class Decompressor {
 public:
  Decompressor();
  ~Decompressor();
  Decompressor(Decompressor&&) noexcept;
  Decompressor& operator=(Decompressor&&) noexcept;

  // `frame` is one whole frame that names its content's size, at most `bytes_max`; replaces `bytes`. Error: Malformed,
  // and `bytes` is empty.
  Status decompress(std::string_view frame, std::size_t bytes_max, std::string& bytes);

 private:
  struct Context;
  std::unique_ptr<Context> m_context;
};

}  // namespace gridwall::base
