#include "geo/gdal_session.hpp"

#include <cpl_error.h>
#include <gdal.h>

#include <mutex>

#include "base/log.hpp"

namespace gridwall::geo {

struct GdalSession::Relay {
  static void CPL_STDCALL note(CPLErr level, CPLErrorNum /*number*/, const char* text) {
    auto* session = static_cast<GdalSession*>(CPLGetErrorHandlerUserData());
    std::string line = text;
    for (char& c : line) {
      if (c == '\n' || c == '\r') c = ' ';
    }
    base::log_debug("geo", "gdal level={} text={}", static_cast<int>(level), line);
    if (level >= CE_Failure) {
      if (!session->m_failed) session->m_failure = line;
      session->m_failed = true;
    } else if (level == CE_Warning && session->m_warning.empty()) {
      session->m_warning = line;
    }
  }
};

GdalSession::GdalSession() {
  static std::once_flag registered;
  std::call_once(registered, GDALAllRegister);
  CPLPushErrorHandlerEx(&Relay::note, this);
}

GdalSession::~GdalSession() {
  CPLPopErrorHandler();
}

void GdalSession::clear() {
  m_failed = false;
  m_failure.clear();
  m_warning.clear();
}

}  // namespace gridwall::geo
