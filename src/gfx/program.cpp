#include "gfx/program.hpp"

#include <glad/gl.h>

#include "gfx/shader_source.hpp"

namespace gridwall::gfx {

namespace {

base::Result<GLuint> compile(GLenum stage, const ProgramFiles& files, const std::string& file) {
  TRY_ASSIGN(const ShaderSource source, load_shader_source(files.folder, file));
  const GLuint shader = glCreateShader(stage);
  const GLchar* text = source.text.c_str();
  glShaderSource(shader, 1, &text, nullptr);
  glCompileShader(shader);
  GLint compiled = GL_FALSE;
  glGetShaderiv(shader, GL_COMPILE_STATUS, &compiled);
  if (compiled == GL_TRUE) return shader;
  GLint length = 0;
  glGetShaderiv(shader, GL_INFO_LOG_LENGTH, &length);
  std::string log(static_cast<std::size_t>(std::max(length, 1)), '\0');
  glGetShaderInfoLog(shader, length, nullptr, log.data());
  glDeleteShader(shader);
  return base::Error{base::ErrorCode::Malformed,
                     fmt::format("The shader {} does not compile:\n{}", file, source.name_files(log))};
}

base::Result<GLuint> link(GLuint vertex, GLuint fragment, const ProgramFiles& files) {
  const GLuint program = glCreateProgram();
  glAttachShader(program, vertex);
  glAttachShader(program, fragment);
  glLinkProgram(program);
  glDetachShader(program, vertex);
  glDetachShader(program, fragment);
  GLint linked = GL_FALSE;
  glGetProgramiv(program, GL_LINK_STATUS, &linked);
  if (linked == GL_TRUE) return program;
  GLint length = 0;
  glGetProgramiv(program, GL_INFO_LOG_LENGTH, &length);
  std::string log(static_cast<std::size_t>(std::max(length, 1)), '\0');
  glGetProgramInfoLog(program, length, nullptr, log.data());
  glDeleteProgram(program);
  return base::Error{base::ErrorCode::Malformed, fmt::format("The shaders {} and {} do not fit together:\n{}",
                                                             files.vertex, files.fragment, log.c_str())};
}

base::Result<GLuint> build(const ProgramFiles& files) {
  TRY_ASSIGN(const GLuint vertex, compile(GL_VERTEX_SHADER, files, files.vertex));
  auto fragment = compile(GL_FRAGMENT_SHADER, files, files.fragment);
  if (!fragment.ok()) {
    glDeleteShader(vertex);
    return fragment.error();
  }
  auto program = link(vertex, fragment.value(), files);
  glDeleteShader(vertex);
  glDeleteShader(fragment.value());
  return program;
}

GLint resource_value(GLuint program, GLenum kind, const char* name, GLenum property) {
  const GLuint index = glGetProgramResourceIndex(program, kind, name);
  if (index == GL_INVALID_INDEX) return -1;
  GLint value = -1;
  glGetProgramResourceiv(program, kind, index, 1, &property, 1, nullptr, &value);
  return value;
}

}  // namespace

base::Result<Program> Program::create(Context& context, const ProgramFiles& files, const char* label) {
  TRY_ASSIGN(const GLuint id, build(files));
  glObjectLabel(GL_PROGRAM, id, -1, label);
  Program program;
  program.m_id = {context, id};
  program.m_files = files;
  program.m_label = label;
  return program;
}

base::Status Program::reload() {
  TRY_ASSIGN(const GLuint id, build(m_files));
  glObjectLabel(GL_PROGRAM, id, -1, m_label.c_str());
  m_id = {m_id.context(), id};
  return {};
}

void Program::set_uniform(std::int32_t location, float value) const {
  glProgramUniform1f(id(), location, value);
}

void Program::set_uniform(std::int32_t location, std::int32_t value) const {
  glProgramUniform1i(id(), location, value);
}

void Program::set_uniform(std::int32_t location, const std::array<float, 2>& value) const {
  glProgramUniform2fv(id(), location, 1, value.data());
}

void Program::set_uniform(std::int32_t location, const std::array<float, 4>& value) const {
  glProgramUniform4fv(id(), location, 1, value.data());
}

std::int32_t Program::uniform_block_offset(const char* member) const {
  return resource_value(id(), GL_UNIFORM, member, GL_OFFSET);
}

std::int32_t Program::uniform_block_size(const char* block) const {
  return resource_value(id(), GL_UNIFORM_BLOCK, block, GL_BUFFER_DATA_SIZE);
}

std::int32_t Program::storage_member_offset(const char* member) const {
  return resource_value(id(), GL_BUFFER_VARIABLE, member, GL_OFFSET);
}

std::int32_t Program::storage_array_stride(const char* member) const {
  return resource_value(id(), GL_BUFFER_VARIABLE, member, GL_TOP_LEVEL_ARRAY_STRIDE);
}

}  // namespace gridwall::gfx
