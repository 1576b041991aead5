// The Delaunay triangulation that CityMesh is cut from: points are inserted one by one, then edges are forced by
// flips. Orientation and circle tests are exact in 64 and 128 bits. Private to this room, behind city_mesh.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/geometry.hpp"

namespace gridwall::geo {

class CityTriangulation {
 public:
  static constexpr std::uint32_t kNone = 0xffffffffu;
  struct Triangle {
    std::array<std::uint32_t, 3> points;
    std::array<std::uint32_t, 3> neighbours;  // across the edge from point i to i + 1
  };

  CityTriangulation();  // four far corners are there from the start

  // The point's index: that of an equal earlier point when there is one.
  std::uint32_t insert(base::Vec2i point);
  // Makes the segment an edge, or a chain of edges where it runs through points. Forced edges must not cross.
  void force_edge(std::uint32_t a, std::uint32_t b);
  // Call once after the last insert and before the first force_edge.
  void index_corners();

  [[nodiscard]] const std::vector<base::Vec2i>& points() const { return m_points; }
  [[nodiscard]] const std::vector<Triangle>& triangles() const { return m_triangles; }
  // Directed edges that were forced, as they were split.
  [[nodiscard]] const std::vector<std::array<std::uint32_t, 2>>& forced() const { return m_forced; }

 private:
  [[nodiscard]] std::uint32_t locate(base::Vec2i point) const;
  [[nodiscard]] bool in_circle(const Triangle& triangle, base::Vec2i point) const;
  [[nodiscard]] std::int64_t turn(std::uint32_t a, std::uint32_t b, std::uint32_t c) const;
  void gather_cavity(std::uint32_t start, base::Vec2i point);
  void fill_cavity(std::uint32_t point);
  // Of the triangle's edges, the one with this neighbour or starting at this point.
  [[nodiscard]] std::uint32_t side_facing(std::uint32_t triangle, std::uint32_t neighbour) const;
  [[nodiscard]] std::uint32_t corner_of(std::uint32_t triangle, std::uint32_t point) const;
  [[nodiscard]] bool has_edge(std::uint32_t a, std::uint32_t b) const;
  // The edges that the segment crosses, first to last; returns the point where it ends (b, or one on the way).
  std::uint32_t crossed_edges(std::uint32_t a, std::uint32_t b,
                              std::vector<std::array<std::uint32_t, 2>>& crossed) const;
  void clear_way(std::uint32_t a, std::uint32_t b, std::vector<std::array<std::uint32_t, 2>> crossed);
  [[nodiscard]] std::array<std::uint32_t, 2> find_edge(std::uint32_t a, std::uint32_t b) const;
  void flip(std::uint32_t triangle, std::uint32_t side);

  struct Rim {  // an edge of the cavity, seen from inside
    std::uint32_t from, to, outside;
  };
  std::vector<base::Vec2i> m_points;
  std::vector<Triangle> m_triangles;
  std::vector<std::uint32_t> m_corner;  // a triangle at each point
  std::vector<std::array<std::uint32_t, 2>> m_forced;
  std::uint32_t m_last = 0;  // where the next search starts
  std::vector<std::uint32_t> m_cavity, m_mark;
  std::vector<Rim> m_rim;
  std::uint32_t m_round = 0;
};

}  // namespace gridwall::geo
