#include "geo/feature_reader.hpp"

#include <array>

namespace gridwall::geo {

namespace {

void take_geometry(OGRFeatureH feature, FeatureIntake& intake, std::vector<unsigned char>& buffer) {
  OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
  if (geometry == nullptr) return;
  buffer.resize(OGR_G_WkbSizeEx(geometry));
  if (OGR_G_ExportToIsoWkb(geometry, wkbNDR, buffer.data()) == OGRERR_NONE) intake.geometry(buffer);
}

}  // namespace

std::string field_text(OGRFeatureH feature, int field) {
  if (field < 0 || OGR_F_IsFieldSetAndNotNull(feature, field) == 0) return {};
  switch (OGR_Fld_GetType(OGR_F_GetFieldDefnRef(feature, field))) {
    case OFTInteger:
    case OFTInteger64:
      return number_text(static_cast<std::int64_t>(OGR_F_GetFieldAsInteger64(feature, field)));
    case OFTReal:
      return number_text(OGR_F_GetFieldAsDouble(feature, field));
    default:
      return OGR_F_GetFieldAsString(feature, field);
  }
}

base::Status read_one_by_one(const FeatureJob& job) {
  std::vector<unsigned char> buffer;
  OGR_L_ResetReading(job.layer);
  while (true) {
    job.session.clear();
    const Feature feature(OGR_L_GetNextFeature(job.layer));
    if (feature == nullptr) return {};
    FeatureIntake& intake = job.intake;
    intake.begin(OGR_F_GetFID(feature.get()));
    intake.code(field_text(feature.get(), job.fields.code));
    intake.name(field_text(feature.get(), job.fields.name));
    intake.parent(field_text(feature.get(), job.fields.parent));
    intake.kind(field_text(feature.get(), job.fields.kind));
    intake.level(field_text(feature.get(), job.fields.level));
    intake.area(field_text(feature.get(), job.fields.area));
    intake.synthetic(field_text(feature.get(), job.fields.synthetic));
    if (job.session.failed()) {
      intake.unreadable(job.session.message());
    } else {
      take_geometry(feature.get(), intake, buffer);
    }
    TRY(intake.end());
  }
}

}  // namespace gridwall::geo
