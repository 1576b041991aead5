#include "gfx/png.hpp"

#include <png.h>

#include <cstring>
#include <system_error>

namespace gridwall::gfx {

namespace {

constexpr std::uint32_t kSideMaxPx = 16384;

std::vector<std::uint8_t> without_alpha(const Image& image) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(image.rgba.size() / 4 * 3);
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    rgb.insert(rgb.end(), {image.rgba[i], image.rgba[i + 1], image.rgba[i + 2]});
  }
  return rgb;
}

bool opaque(const Image& image) {
  for (std::size_t i = 3; i < image.rgba.size(); i += 4) {
    if (image.rgba[i] != 255) return false;
  }
  return true;
}

}  // namespace

base::Status write_png(const std::filesystem::path& path, const Image& image, PngEffort effort) {
  png_image out;
  std::memset(&out, 0, sizeof out);
  out.version = PNG_IMAGE_VERSION;
  out.width = static_cast<png_uint_32>(image.size_px.x);
  out.height = static_cast<png_uint_32>(image.size_px.y);
  const bool is_opaque = opaque(image);
  out.format = is_opaque ? PNG_FORMAT_RGB : PNG_FORMAT_RGBA;
  if (effort == PngEffort::Fast) out.flags |= PNG_IMAGE_FLAG_FAST;
  const std::vector<std::uint8_t> rgb = is_opaque ? without_alpha(image) : std::vector<std::uint8_t>();
  const std::uint8_t* pixels = is_opaque ? rgb.data() : image.rgba.data();

  std::filesystem::path beside = path;
  beside += ".part";
  if (png_image_write_to_file(&out, beside.c_str(), 0, pixels, 0, nullptr) == 0) {
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    return base::Error{base::ErrorCode::Unreadable,
                       fmt::format("Cannot write the picture {}: {}; check that the folder exists and is writable.",
                                   path.string(), out.message)};
  }
  std::error_code failure;
  std::filesystem::rename(beside, path, failure);
  if (failure) {
    return base::Error{base::ErrorCode::Unreadable,
                       fmt::format("Cannot rename the finished picture to {}: {}.", path.string(), failure.message())};
  }
  return {};
}

base::Result<Image> read_png(const std::filesystem::path& path) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(path, failure)) {
    return base::Error{base::ErrorCode::NotFound,
                       fmt::format("Cannot read the picture {}: there is no such file.", path.string())};
  }
  png_image in;
  std::memset(&in, 0, sizeof in);
  in.version = PNG_IMAGE_VERSION;
  const auto unreadable = [&](std::string_view reason) {
    png_image_free(&in);
    return base::Error{base::ErrorCode::Unreadable,
                       fmt::format("Cannot read the picture {}: {}; expected a PNG file.", path.string(), reason)};
  };
  if (png_image_begin_read_from_file(&in, path.c_str()) == 0) return unreadable(in.message);
  if (in.width > kSideMaxPx || in.height > kSideMaxPx) return unreadable("more than 16384 pixels a side");
  in.format = PNG_FORMAT_RGBA;
  Image image{{static_cast<std::int32_t>(in.width), static_cast<std::int32_t>(in.height)}, {}};
  image.rgba.resize(PNG_IMAGE_SIZE(in));
  if (png_image_finish_read(&in, nullptr, image.rgba.data(), 0, nullptr) == 0) return unreadable(in.message);
  return image;
}

}  // namespace gridwall::gfx
