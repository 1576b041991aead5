# cc_room: one library a room. Its links are the arrows that src/README.md allows; tests/tidy reads the includes too.
#   cc_room(<name> SOURCES <files> [USES <rooms, public>] [OUTSIDE <outside libraries, private>])

add_library(gridwall_warnings INTERFACE)
target_compile_options(gridwall_warnings INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<BOOL:${GRIDWALL_WERROR}>:-Werror>)

function(cc_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;OUTSIDE" ${ARGN})
  add_library(gridwall_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(gridwall_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  list(TRANSFORM ROOM_USES PREPEND gridwall_)
  target_link_libraries(gridwall_${name} PUBLIC ${ROOM_USES} PRIVATE gridwall_warnings ${ROOM_OUTSIDE})
  # Each header compiles alone: the target all_verify_interface_header_sets.
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
  if(headers)
    target_sources(gridwall_${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR}/src FILES ${headers})
    set_target_properties(gridwall_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  endif()
endfunction()
