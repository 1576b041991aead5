// From a scene's viewport to the numbers the shaders need. Pure. Test: tests/unit/render/frame_constants_test.cpp.
#pragma once

#include "render/unit_box.hpp"
#include "gfx/context.hpp"
#include "render/gpu_layout.hpp"
#include "scene/frame_scene.hpp"

namespace gridwall::render {

// The map's rectangle in an output of `output_size_px`, as GL counts; cut to the output.
gfx::PixelRect map_rect(const scene::Viewport& viewport, base::Vec2i output_size_px);

// `tree` may be null: then units are metres and the origin is the view's middle.
FrameBlock frame_constants(const scene::FrameScene& scene, base::Vec2i output_size_px, float time_s);

// What the map shows, `margin_px` wider on each side; the same of a part of it, in the framebuffer's pixels.
UnitBox visible_units(const FrameBlock& frame, float margin_px);
UnitBox visible_units(const FrameBlock& frame, gfx::PixelRect part, float margin_px);

}  // namespace gridwall::render
