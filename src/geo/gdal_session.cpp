#include "geo/gdal_session.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal.h>

#include <mutex>

#include "base/log.hpp"
#include "geo/text_encoding.hpp"

namespace gridwall::geo {

namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

constexpr std::size_t kMessageBytesMax = 600;  // some drivers quote what they could not read

// GDAL may quote a file's own bytes; what is cut or no UTF-8 must not get into JSON and logs.
std::string one_line(const char* text) {
  std::string line;
  for (const char* c = text; *c != '\0' && line.size() < kMessageBytesMax; ++c) {
    const bool control = static_cast<unsigned char>(*c) < 0x20 || *c == 0x7F;
    if (!control) {
      line += *c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return line;
}

}  // namespace

struct GdalSession::Relay {
  // From threads that GDAL starts by itself: what they could not do, the call that they work for tells.
  static void CPL_STDCALL note_of_stranger(CPLErr level, CPLErrorNum /*number*/, const char* text) {
    base::log_debug("geo", "gdal thread level={} text={}", static_cast<int>(level), clean_utf8(one_line(text)));
  }
  static void CPL_STDCALL note(CPLErr level, CPLErrorNum /*number*/, const char* text) {
    auto* session = static_cast<GdalSession*>(CPLGetErrorHandlerUserData());
    std::string line = text;
    for (const Secret& secret : session->m_secrets) replace_all(line, secret.secret, secret.shown);
    line = clean_utf8(one_line(line.c_str()));
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
  std::call_once(registered, [] {
    GDALAllRegister();
    CPLSetErrorHandler(&Relay::note_of_stranger);
  });
  CPLPushErrorHandlerEx(&Relay::note, this);
  // In seconds. A server that says nothing must not hold up the wall; one that answers slowly may take its time.
  set("GDAL_HTTP_CONNECTTIMEOUT", "10");
  set("GDAL_HTTP_LOW_SPEED_TIME", "20");
  set("GDAL_HTTP_LOW_SPEED_LIMIT", "1");
  set("GDAL_HTTP_TIMEOUT", "300");
  set("GDAL_HTTP_MAX_RETRY", "0");
  set("CPL_ZIP_ENCODING", "CP936");  // names in archives that do not say UTF-8: packed by a Chinese Windows
  set("GDAL_PAM_ENABLED", "NO");     // reading leaves nothing beside the files
  set("CPL_VSIL_GZIP_WRITE_PROPERTIES", "NO");
}

GdalSession::~GdalSession() {
  for (const char* key : m_settings) CPLSetThreadLocalConfigOption(key, nullptr);
  CPLPopErrorHandler();
}

void GdalSession::clear() {
  m_failed = false;
  m_failure.clear();
  m_warning.clear();
}

void GdalSession::set(const char* key, const char* value, bool always) {
  if (!always && CPLGetConfigOption(key, nullptr) != nullptr) return;
  CPLSetThreadLocalConfigOption(key, value);
  m_settings.push_back(key);
}

void GdalSession::hide(std::string secret, std::string shown) {
  if (!secret.empty()) m_secrets.push_back({std::move(secret), std::move(shown)});
}

void GdalSession::forbid_network() {
  // Names the one address that /vsicurl/ may read: none is called so.
  set("CPL_VSIL_CURL_ALLOWED_FILENAME", "no address", true);
  // What is asked without it would go to a proxy on this machine that is not there.
  set("GDAL_HTTP_PROXY", "127.0.0.1:1", true);
  set("GDAL_HTTPS_PROXY", "127.0.0.1:1", true);
  set("LIBKML_RESOLVE_STYLE", "NO", true);
  set("GML_SKIP_RESOLVE_ELEMS", "ALL", true);
}

std::string gdal_version() {
  return GDALVersionInfo("RELEASE_NAME");
}

void GdalSession::shorten_patience() {
  set("GDAL_HTTP_CONNECTTIMEOUT", "4", true);
  set("GDAL_HTTP_LOW_SPEED_TIME", "6", true);
  set("GDAL_HTTP_TIMEOUT", "20", true);
}

}  // namespace gridwall::geo
