// Locations and bindings of all passes. Also read by C++ (tests/gl/render/gpu_layout_gl_test.cpp), so: defines only.
#define A_POSITION_UNITS 0
#define A_DIVISION 1

#define FRAME_BLOCK 0       // uniform block
#define MARKER_BLOCK 0      // storage blocks
#define GLYPH_BLOCK 1
#define SPRITE_BLOCK 2
#define TILE_BLOCK 0

#define DIVISION_COLORS 0   // texture units
#define DIVISION_FLAGS 1
#define GROUND_IDS 2
#define GROUND_LINES 3
#define SEGMENTS 0
#define BORDER_FIELD 0
#define GLYPH_ATLAS 0
#define MARKER_SPRITES 0
#define TILES 0

#define U_RADIUS_PX 0       // uniforms
#define U_CHANNEL 1
#define U_DASH_PX 2
#define U_HIGHLIGHT_COLOR 0
#define U_TILE_STYLE 0
#define U_HALF_WIDTHS_PX 0
#define U_RADII_PX 1
#define U_SHADES 2
#define U_COLOR_0 3         // to U_COLOR_0 + 3
#define U_LAYER_SCALE 0
#define U_LAYER_SHIFT_PX 1
#define U_LAYER_WRAP_PX 2
#define U_LAYER_HAS_LINES 3
#define U_LAYER_HAS_FLAGS 4
#define U_LAYER_FILL_OPACITY 5
