// Program: a vertex and a fragment shader from files, linked. `reload` compiles aside and swaps on success; on failure
// the old program stays. Uniforms have explicit locations. Test: tests/gl/gfx/program_gl_test.cpp.
#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "gfx/object_id.hpp"

namespace gridwall::gfx {

struct ProgramFiles {
  std::filesystem::path folder;  // includes are looked for below it
  std::string vertex, fragment;
};

class Program {
 public:
  Program() = default;
  // Error: Malformed with the compiler's messages, each by file and line.
  static base::Result<Program> create(Context& context, const ProgramFiles& files, const char* label);

  // On failure the old program stays.
  base::Status reload();

  void set_uniform(std::int32_t location, float value) const;
  void set_uniform(std::int32_t location, std::int32_t value) const;
  void set_uniform(std::int32_t location, const std::array<float, 2>& value) const;
  void set_uniform(std::int32_t location, const std::array<float, 4>& value) const;

  // For tests: bytes from the start of its block to `member` ("u_time_s", "u_markers[0].shape"); -1: no such name.
  [[nodiscard]] std::int32_t uniform_block_offset(const char* member) const;
  [[nodiscard]] std::int32_t uniform_block_size(const char* block) const;
  [[nodiscard]] std::int32_t storage_member_offset(const char* member) const;
  [[nodiscard]] std::int32_t storage_array_stride(const char* member) const;

  [[nodiscard]] std::uint32_t id() const { return m_id.value(); }

 private:
  ObjectId<ObjectKind::Program> m_id;
  ProgramFiles m_files;
  std::string m_label;
};

}  // namespace gridwall::gfx
