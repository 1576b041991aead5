#include "base/compressor.hpp"

#include <zstd.h>

#include <new>

namespace gridwall::base {

namespace {

// A frame of 16 MiB of zeros has some hundred bytes; more than this is made to hurt.
constexpr std::size_t kRatioMax = 1u << 16;

Error malformed(std::string detail) {
  return {ErrorCode::Malformed, "compressed bytes: " + std::move(detail)};
}

}  // namespace

struct Compressor::Context {
  explicit Context(int level) : zstd(ZSTD_createCCtx()) {
    if (zstd == nullptr) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, level);
  }
  ~Context() { ZSTD_freeCCtx(zstd); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ZSTD_CCtx* zstd;
};

Compressor::Compressor(int level) : m_context(std::make_unique<Context>(level)) {}
Compressor::~Compressor() = default;
Compressor::Compressor(Compressor&&) noexcept = default;
Compressor& Compressor::operator=(Compressor&&) noexcept = default;

void Compressor::compress(std::string_view bytes, std::string& frame) {
  frame.resize(ZSTD_compressBound(bytes.size()));
  const std::size_t size = ZSTD_compress2(m_context->zstd, frame.data(), frame.size(), bytes.data(), bytes.size());
  ASSERT(ZSTD_isError(size) == 0, "zstd: {}", ZSTD_getErrorName(size));  // the room is always enough
  frame.resize(size);
}

std::string Compressor::compress(std::string_view bytes) {
  std::string frame;
  compress(bytes, frame);
  return frame;
}

struct Decompressor::Context {
  Context() : zstd(ZSTD_createDCtx()) {
    if (zstd == nullptr) throw std::bad_alloc();
  }
  ~Context() { ZSTD_freeDCtx(zstd); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ZSTD_DCtx* zstd;
};

Decompressor::Decompressor() : m_context(std::make_unique<Context>()) {}
Decompressor::~Decompressor() = default;
Decompressor::Decompressor(Decompressor&&) noexcept = default;
Decompressor& Decompressor::operator=(Decompressor&&) noexcept = default;

Status Decompressor::decompress(std::string_view frame, std::size_t bytes_max, std::string& bytes) {
  bytes.clear();
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN) {
    return malformed("no zstd frame that names its size");
  }
  if (size > bytes_max) return malformed(fmt::format("{} bytes inside, at most {} are taken", size, bytes_max));
  if (size > frame.size() * kRatioMax) return malformed("they claim to unpack to more than such bytes can hold");
  bytes.resize(size);
  const std::size_t got = ZSTD_decompressDCtx(m_context->zstd, bytes.data(), bytes.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) != 0 || got != size) {
    bytes.clear();
    return malformed(ZSTD_isError(got) != 0 ? ZSTD_getErrorName(got) : "fewer bytes inside than the frame names");
  }
  return {};
}

}  // namespace gridwall::base
