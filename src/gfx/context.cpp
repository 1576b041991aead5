#include "gfx/context.hpp"

#include <glad/gl.h>

#include "base/log.hpp"
#include "gfx/buffer.hpp"
#include "gfx/framebuffer.hpp"
#include "gfx/program.hpp"
#include "gfx/texture.hpp"
#include "gfx/vertex_array.hpp"

namespace gridwall::gfx {

namespace {

void GLAPIENTRY on_debug_message(GLenum source, GLenum, GLuint id, GLenum severity, GLsizei length, const GLchar* text,
                                 const void* user) {
  // What the shader compiler says is in the error of Program::create.
  if (severity == GL_DEBUG_SEVERITY_NOTIFICATION || source == GL_DEBUG_SOURCE_SHADER_COMPILER) return;
  // The context is ours; GL hands the pointer back as const.
  auto& context = *static_cast<Context*>(const_cast<void*>(user));
  const std::string_view message(text,
                                 length < 0 ? std::char_traits<char>::length(text) : static_cast<std::size_t>(length));
  const bool medium_or_worse = severity != GL_DEBUG_SEVERITY_LOW;
  context.count_debug_message(medium_or_worse);
  if (severity == GL_DEBUG_SEVERITY_HIGH) {
    base::log_error("gfx", "gl_message id={} text={}", id, message);
  } else if (medium_or_worse) {
    base::log_warning("gfx", "gl_message id={} text={}", id, message);
  } else {
    base::log_debug("gfx", "gl_message id={} text={}", id, message);
  }
}

void install_debug_callback(Context& context) {
  GLint flags = 0;
  glGetIntegerv(GL_CONTEXT_FLAGS, &flags);
  if ((flags & GL_CONTEXT_FLAG_DEBUG_BIT) == 0) return;
  glEnable(GL_DEBUG_OUTPUT);
  glEnable(GL_DEBUG_OUTPUT_SYNCHRONOUS);
  glDebugMessageCallback(on_debug_message, &context);
}

GLenum to_gl(Primitive primitive) {
  switch (primitive) {
    case Primitive::Triangles:
      return GL_TRIANGLES;
    case Primitive::TriangleStrip:
      return GL_TRIANGLE_STRIP;
    case Primitive::Lines:
      return GL_LINES;
  }
  return GL_TRIANGLES;
}

std::uint64_t triangles_of(Primitive primitive, std::uint32_t vertex_count) {
  if (primitive == Primitive::Triangles) return vertex_count / 3;
  if (primitive == Primitive::TriangleStrip) return vertex_count < 3 ? 0 : vertex_count - 2;
  return 0;
}

void set_blend(Blend blend) {
  if (blend == Blend::Off) {
    glDisable(GL_BLEND);
    return;
  }
  glEnable(GL_BLEND);
  glBlendEquation(blend == Blend::Max ? GL_MAX : GL_FUNC_ADD);
  glBlendFunc(GL_ONE, blend == Blend::Max ? GL_ONE : GL_ONE_MINUS_SRC_ALPHA);
}

}  // namespace

base::Result<std::unique_ptr<Context>> Context::create(GetGlProc get_proc) {
  const int version = gladLoadGL(get_proc);
  if (version == 0) {
    return base::Error{base::ErrorCode::Unavailable,
                       "Cannot load OpenGL: no context is current on this thread; create a window or a headless "
                       "context first."};
  }
  const char* renderer = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
  if (GLAD_VERSION_MAJOR(version) * 10 + GLAD_VERSION_MINOR(version) < 45) {
    return base::Error{base::ErrorCode::Unsupported,
                       fmt::format("OpenGL 4.5 is needed, but {} offers {}.{}; update the graphics driver.",
                                   renderer == nullptr ? "the driver" : renderer, GLAD_VERSION_MAJOR(version),
                                   GLAD_VERSION_MINOR(version))};
  }
  auto context = std::unique_ptr<Context>(new Context());
  context->m_renderer_name = renderer == nullptr ? "" : renderer;
  install_debug_callback(*context);
  base::log_debug("gfx", "context renderer=\"{}\"", context->m_renderer_name);
  context->forget_state();
  return context;
}

Context::~Context() {
  delete_dropped();
  if (m_live.objects() != 0) {
    base::log_error("gfx", "objects_left buffers={} textures={} vertex_arrays={} programs={} framebuffers={}",
                    m_live.buffers, m_live.textures, m_live.vertex_arrays, m_live.programs, m_live.framebuffers);
  }
  glDebugMessageCallback(nullptr, nullptr);
}

void Context::check_thread() const {
  ASSERT(std::this_thread::get_id() == m_thread, "GL belongs to the thread that made the context");
}

void Context::begin_frame() {
  check_thread();
  delete_dropped();
  m_frame = {};
}

void Context::forget_state() {
  m_program_id.reset();
  m_vertex_array_id.reset();
  m_blend.reset();
  m_viewport.reset();
  glDisable(GL_DEPTH_TEST);
  glDisable(GL_CULL_FACE);
  glDisable(GL_STENCIL_TEST);
  glDisable(GL_SCISSOR_TEST);
  glDisable(GL_FRAMEBUFFER_SRGB);
  glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
  glPolygonMode(GL_FRONT_AND_BACK, GL_FILL);
  for (std::uint32_t unit = 0; unit < 8; ++unit) glBindSampler(unit, 0);  // ImGui's backend may leave one bound
  glBindFramebuffer(GL_FRAMEBUFFER, m_framebuffer == nullptr ? 0 : m_framebuffer->id());
}

void Context::set_pipeline(const PipelineState& state) {
  ASSERT(state.program != nullptr && state.vertex_array != nullptr, "a pipeline needs a program and a vertex array");
  const std::uint32_t program_id = state.program->id();
  const std::uint32_t vertex_array_id = state.vertex_array->id();
  bool changed = false;
  if (m_program_id != program_id) {
    glUseProgram(program_id);
    m_program_id = program_id;
    changed = true;
  }
  if (m_vertex_array_id != vertex_array_id) {
    glBindVertexArray(vertex_array_id);
    m_vertex_array_id = vertex_array_id;
    changed = true;
  }
  if (m_blend != state.blend) {
    set_blend(state.blend);
    m_blend = state.blend;
    changed = true;
  }
  if (changed) ++m_frame.state_changes;
}

void Context::set_viewport(PixelRect rect) {
  if (m_viewport == rect) return;
  glViewport(rect.x, rect.y, rect.width, rect.height);
  m_viewport = rect;
}

void Context::set_scissor(std::optional<PixelRect> rect) {
  if (!rect.has_value()) {
    glDisable(GL_SCISSOR_TEST);
    return;
  }
  glEnable(GL_SCISSOR_TEST);
  glScissor(rect->x, rect->y, rect->width, rect->height);
}

void Context::set_framebuffer(const Framebuffer* framebuffer) {
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer == nullptr ? 0 : framebuffer->id());
  m_framebuffer = framebuffer;
}

void Context::clear(std::array<float, 4> color) {
  glClearColor(color[0], color[1], color[2], color[3]);
  glClear(GL_COLOR_BUFFER_BIT);
}

bool Context::is_software() const {
  const auto names = {"llvmpipe", "softpipe", "SwiftShader"};
  return std::ranges::any_of(names, [&](const char* name) { return m_renderer_name.find(name) != std::string::npos; });
}

void Context::bind_uniform_buffer(std::uint32_t binding, const Buffer& buffer) {
  glBindBufferBase(GL_UNIFORM_BUFFER, binding, buffer.id());
}

void Context::bind_storage_buffer(std::uint32_t binding, const Buffer& buffer) {
  glBindBufferBase(GL_SHADER_STORAGE_BUFFER, binding, buffer.id());
}

void Context::bind_texture(std::uint32_t unit, const Texture& texture) {
  glBindTextureUnit(unit, texture.id());
}

void Context::draw_arrays(Primitive primitive, DrawRange vertices) {
  if (vertices.count == 0) return;
  glDrawArrays(to_gl(primitive), static_cast<GLint>(vertices.first), static_cast<GLsizei>(vertices.count));
  ++m_frame.draws;
  m_frame.triangles += triangles_of(primitive, vertices.count);
}

void Context::draw_arrays(Primitive primitive, std::span<const DrawRange> vertex_ranges) {
  if (vertex_ranges.empty()) return;
  if (vertex_ranges.size() == 1) return draw_arrays(primitive, vertex_ranges.front());
  m_firsts.clear();
  m_counts.clear();
  for (const DrawRange& range : vertex_ranges) {
    m_firsts.push_back(static_cast<std::int32_t>(range.first));
    m_counts.push_back(static_cast<std::int32_t>(range.count));
    m_frame.triangles += triangles_of(primitive, range.count);
  }
  glMultiDrawArrays(to_gl(primitive), m_firsts.data(), m_counts.data(), static_cast<GLsizei>(m_counts.size()));
  ++m_frame.draws;
}

void Context::draw_elements(std::span<const DrawRange> index_ranges) {
  if (index_ranges.empty()) return;
  m_offsets.clear();
  m_counts.clear();
  for (const DrawRange& range : index_ranges) {
    m_offsets.push_back(reinterpret_cast<const void*>(std::uintptr_t{range.first} * sizeof(std::uint32_t)));
    m_counts.push_back(static_cast<std::int32_t>(range.count));
    m_frame.triangles += range.count / 3;
  }
  if (m_counts.size() == 1) {
    glDrawElements(GL_TRIANGLES, m_counts.front(), GL_UNSIGNED_INT, m_offsets.front());
  } else {
    glMultiDrawElements(GL_TRIANGLES, m_counts.data(), GL_UNSIGNED_INT, m_offsets.data(),
                        static_cast<GLsizei>(m_counts.size()));
  }
  ++m_frame.draws;
}

void Context::finish() {
  glFinish();
}

std::uint64_t& Context::live_count(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::Buffer:
      return m_live.buffers;
    case ObjectKind::Texture:
      return m_live.textures;
    case ObjectKind::VertexArray:
      return m_live.vertex_arrays;
    case ObjectKind::Program:
      return m_live.programs;
    case ObjectKind::Framebuffer:
      break;
  }
  return m_live.framebuffers;
}

void Context::count_created(ObjectKind kind, std::uint64_t bytes) {
  check_thread();
  ++live_count(kind);
  if (kind == ObjectKind::Buffer) m_live.buffer_bytes += bytes;
  if (kind == ObjectKind::Texture) m_live.texture_bytes += bytes;
}

void Context::drop(ObjectKind kind, std::uint32_t id, std::uint64_t bytes) {
  check_thread();
  --live_count(kind);
  if (kind == ObjectKind::Buffer) m_live.buffer_bytes -= bytes;
  if (kind == ObjectKind::Texture) m_live.texture_bytes -= bytes;
  m_dropped.push_back({kind, id});
}

void Context::delete_dropped() {
  for (const Dropped& dropped : m_dropped) {
    switch (dropped.kind) {
      case ObjectKind::Buffer:
        glDeleteBuffers(1, &dropped.id);
        break;
      case ObjectKind::Texture:
        glDeleteTextures(1, &dropped.id);
        break;
      case ObjectKind::VertexArray:
        if (m_vertex_array_id == dropped.id) m_vertex_array_id.reset();
        glDeleteVertexArrays(1, &dropped.id);
        break;
      case ObjectKind::Program:
        if (m_program_id == dropped.id) m_program_id.reset();
        glDeleteProgram(dropped.id);
        break;
      case ObjectKind::Framebuffer:
        glDeleteFramebuffers(1, &dropped.id);
        break;
    }
  }
  m_dropped.clear();
}

DebugGroup::DebugGroup(Context&, const char* name) {
  glPushDebugGroup(GL_DEBUG_SOURCE_APPLICATION, 0, -1, name);
}

DebugGroup::~DebugGroup() {
  glPopDebugGroup();
}

}  // namespace gridwall::gfx
