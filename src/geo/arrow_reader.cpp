#include <fmt/format.h>
#include <ogr_recordbatch.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "geo/feature_reader.hpp"

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;

namespace {

// What GDAL hands out must be given back by its own function.
template <typename T>
struct Released {
  T value{};
  Released() = default;
  ~Released() { give_back(); }
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;
  void give_back() {
    if (value.release != nullptr) value.release(&value);
    value.release = nullptr;
  }
};

bool bit_at(const void* bitmap, std::int64_t index) {
  return (static_cast<const std::uint8_t*>(bitmap)[index / 8] >> (index % 8) & 1) != 0;
}

template <typename T>
T value_at(const void* values, std::int64_t index) {
  T value{};
  std::memcpy(&value, static_cast<const std::uint8_t*>(values) + static_cast<std::size_t>(index) * sizeof(T),
              sizeof(T));
  return value;
}

// A column of one batch. `format` is Arrow's own letter.
struct Column {
  const ArrowArray* array = nullptr;
  char format = 0;

  [[nodiscard]] bool is_null(std::int64_t row) const {
    return array->null_count != 0 && array->n_buffers > 0 && array->buffers[0] != nullptr &&
           !bit_at(array->buffers[0], row + array->offset);
  }
  // Of a text or binary column.
  [[nodiscard]] std::string_view bytes(std::int64_t row) const;
  // Of any column but the geometry's, as the feature loop would write it; empty when null.
  [[nodiscard]] std::string text(std::int64_t row) const;
};

std::string_view Column::bytes(std::int64_t row) const {
  if (array == nullptr || is_null(row)) return {};
  const std::int64_t at = row + array->offset;
  const bool wide = format == 'U' || format == 'Z';
  const void* offsets = array->buffers[1];
  const std::int64_t begin = wide ? value_at<std::int64_t>(offsets, at) : value_at<std::int32_t>(offsets, at);
  const std::int64_t end = wide ? value_at<std::int64_t>(offsets, at + 1) : value_at<std::int32_t>(offsets, at + 1);
  return {static_cast<const char*>(array->buffers[2]) + begin, static_cast<std::size_t>(end - begin)};
}

std::string Column::text(std::int64_t row) const {
  if (array == nullptr || is_null(row)) return {};
  const std::int64_t at = row + array->offset;
  const void* values = array->buffers[1];
  switch (format) {
    case 'b':
      return bit_at(values, at) ? "1" : "0";
    case 's':
      return number_text(static_cast<std::int64_t>(value_at<std::int16_t>(values, at)));
    case 'i':
      return number_text(static_cast<std::int64_t>(value_at<std::int32_t>(values, at)));
    case 'l':
      return number_text(value_at<std::int64_t>(values, at));
    case 'f':
      return number_text(static_cast<double>(value_at<float>(values, at)));
    case 'g':
      return number_text(value_at<double>(values, at));
    default:
      return std::string(bytes(row));
  }
}

// Not among them, both seen by the test: truth values ("b"), GDAL 3.6's GeoPackage stream gives false as true; short
// real numbers ("f"), which lose digits that the file has.
constexpr std::string_view kTextFormats = "uUsilg", kBinaryFormats = "zZ";

// Where in the batches each wanted thing stands; -1: nowhere.
struct Columns {
  int fid = -1, geometry = -1;
  int code = -1, name = -1, parent = -1, level = -1, kind = -1, area = -1, synthetic = -1;
};

class Layout {
 public:
  Layout(const ArrowSchema& schema, OGRLayerH layer) : m_schema(schema), m_layer(layer) {}

  // False: something is of a kind that is read one by one.
  bool find(const FieldChoice& fields, Columns& columns) const {
    const std::string fid = OGR_L_GetFIDColumn(m_layer), geometry = OGR_L_GetGeometryColumn(m_layer);
    columns.fid = child(fid.empty() ? "OGC_FID" : fid, "l", -1, -1);
    columns.geometry = child(geometry.empty() ? "wkb_geometry" : geometry, kBinaryFormats, columns.fid, -1);
    return columns.fid >= 0 && columns.geometry >= 0 && field(fields.code, columns, columns.code) &&
           field(fields.name, columns, columns.name) && field(fields.parent, columns, columns.parent) &&
           field(fields.level, columns, columns.level) && field(fields.kind, columns, columns.kind) &&
           field(fields.area, columns, columns.area) && field(fields.synthetic, columns, columns.synthetic);
  }

  [[nodiscard]] Column column(const ArrowArray& batch, int index) const {
    if (index < 0) return {};
    return {batch.children[index], m_schema.children[index]->format[0]};
  }

 private:
  [[nodiscard]] int child(const std::string& name, std::string_view formats, int not_this, int nor_this) const {
    for (int i = 0; i < static_cast<int>(m_schema.n_children); ++i) {
      const ArrowSchema& one = *m_schema.children[i];
      if (i == not_this || i == nor_this || name != one.name) continue;
      return std::strlen(one.format) == 1 && formats.find(one.format[0]) != std::string_view::npos ? i : -1;
    }
    return -1;
  }
  bool field(int field, const Columns& columns, int& index) const {
    if (field < 0) return true;
    const char* name = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(OGR_L_GetLayerDefn(m_layer), field));
    index = child(name, kTextFormats, columns.fid, columns.geometry);
    return index >= 0;
  }

  const ArrowSchema& m_schema;
  OGRLayerH m_layer;
};

Status take_batch(const ArrowArray& batch, const Layout& layout, const Columns& columns, FeatureIntake& intake) {
  const Column fid = layout.column(batch, columns.fid), geometry = layout.column(batch, columns.geometry);
  const Column code = layout.column(batch, columns.code), name = layout.column(batch, columns.name);
  const Column parent = layout.column(batch, columns.parent), kind = layout.column(batch, columns.kind);
  const Column level = layout.column(batch, columns.level), area = layout.column(batch, columns.area);
  const Column synthetic = layout.column(batch, columns.synthetic);
  for (std::int64_t row = 0; row < batch.length; ++row) {
    intake.begin(value_at<std::int64_t>(fid.array->buffers[1], row + fid.array->offset));
    intake.code(code.text(row));
    intake.name(name.text(row));
    intake.parent(parent.text(row));
    intake.kind(kind.text(row));
    intake.level(level.text(row));
    intake.area(area.text(row));
    intake.synthetic(synthetic.text(row));
    if (!geometry.is_null(row)) {
      const std::string_view wkb = geometry.bytes(row);
      intake.geometry({reinterpret_cast<const std::uint8_t*>(wkb.data()), wkb.size()});
    }
    TRY(intake.end());
  }
  return {};
}

}  // namespace

Result<bool> read_by_arrow(const FeatureJob& job) {
  if (job.dataset.driver != "GPKG" && job.dataset.driver != "FlatGeobuf") return false;
  OGR_L_ResetReading(job.layer);
  job.session.clear();
  Released<ArrowArrayStream> stream;
  const char* const options[] = {"MAX_FEATURES_IN_BATCH=4096", nullptr};
  if (!OGR_L_GetArrowStream(job.layer, &stream.value, const_cast<char**>(options))) return false;
  Released<ArrowSchema> schema;
  if (stream.value.get_schema(&stream.value, &schema.value) != 0) return false;
  const Layout layout(schema.value, job.layer);
  Columns columns;
  if (!layout.find(job.fields, columns)) return false;
  while (true) {
    Released<ArrowArray> batch;
    const bool failed = stream.value.get_next(&stream.value, &batch.value) != 0;
    if (failed && !job.session.failed()) {
      return Error{ErrorCode::Unreadable, "cannot be read to its end; the file is cut or damaged"};
    }
    if (failed || batch.value.release == nullptr) return true;
    if (batch.value.n_children != schema.value.n_children) {
      return Error{ErrorCode::Internal, "GDAL's batches have other columns than it said"};
    }
    TRY(take_batch(batch.value, layout, columns, job.intake));
  }
}

}  // namespace gridwall::geo
