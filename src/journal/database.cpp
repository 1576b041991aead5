#include "journal/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

#include "journal/record.hpp"

namespace gridwall::journal {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

namespace {

// A writer of a live journal holds its lock for the time of a commit.
constexpr int kBusyMilliseconds = 5000;
constexpr int kBackUpPagesAStep = 4096;

Error sentence(const fs::path& file, int code, const char* said) {
  const std::string name = file.string();
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {ErrorCode::Unavailable, fmt::format("{}: the disk is full; free some space, then writing goes on", name)};
    case SQLITE_IOERR:
      return {ErrorCode::Unavailable,
              fmt::format("{}: the disk failed ({}, {}); look at its space, quota and health", name, said, code)};
    case SQLITE_NOTADB:
      return {ErrorCode::Unreadable, fmt::format("{}: is no recording; a .gwr file of gridwall's was expected", name)};
    case SQLITE_CORRUPT:
      return {ErrorCode::Malformed,
              fmt::format("{}: is damaged ({}); 'gridwall recording verify' tells what can be read", name, said)};
    case SQLITE_BUSY:
      return {ErrorCode::Unavailable, fmt::format("{}: another program holds it; try again when it is done", name)};
    case SQLITE_CANTOPEN:
      return {
          ErrorCode::Unreadable,
          fmt::format("{}: cannot be opened; check that it is there, and the permissions of file and folder", name)};
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {ErrorCode::Unreadable, fmt::format("{}: may not be written; check its permissions", name)};
    case SQLITE_TOOBIG:
      return {ErrorCode::Malformed, fmt::format("{}: a row is larger than any that gridwall writes", name)};
    default:
      return {ErrorCode::Internal, fmt::format("{}: SQLite says: {} ({})", name, said, code)};
  }
}

std::string uri_of(const fs::path& file, std::string_view query) {
  std::string uri = "file:";
  for (const char c : fs::absolute(file).string()) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                       c == '.' || c == '-' || c == '_';
    if (plain) {
      uri += c;
    } else {
      uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
  }
  return uri + "?" + std::string(query);
}

fs::path file_of(sqlite3* connection) {
  const char* name = sqlite3_db_filename(connection, "main");
  return name == nullptr ? fs::path() : fs::path(name);
}

bool has_bytes(const fs::path& file) {
  std::error_code code;
  const auto size = fs::file_size(file, code);
  return !code && size > 0;
}

}  // namespace

Statement::~Statement() {
  sqlite3_finalize(m_statement);
}
Statement::Statement(Statement&& other) noexcept : m_statement(std::exchange(other.m_statement, nullptr)) {}
Statement& Statement::operator=(Statement&& other) noexcept {
  if (this == &other) return *this;
  sqlite3_finalize(m_statement);
  m_statement = std::exchange(other.m_statement, nullptr);
  return *this;
}

Statement& Statement::bind(int parameter, std::int64_t number) {
  sqlite3_bind_int64(m_statement, parameter, number);
  return *this;
}
Statement& Statement::bind_text(int parameter, std::string_view text) {
  sqlite3_bind_text64(m_statement, parameter, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
  return *this;
}
Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
  sqlite3_bind_blob64(m_statement, parameter, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
  return *this;
}

base::Result<bool> Statement::step() {
  const int code = sqlite3_step(m_statement);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* connection = sqlite3_db_handle(m_statement);
  return sentence(file_of(connection), sqlite3_extended_errcode(connection), sqlite3_errmsg(connection));
}

base::Status Statement::run() {
  const auto stepped = step();
  reset();
  if (!stepped.ok()) return stepped.error();
  return {};
}

void Statement::reset() {
  sqlite3_reset(m_statement);
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(m_statement, column);
}

std::string_view Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
  return text == nullptr ? std::string_view()
                         : std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column)));
}

std::string_view Statement::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(m_statement, column));
  return bytes == nullptr
             ? std::string_view()
             : std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column)));
}

base::Status Statement::check_columns(std::string_view kinds) const {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const int type = sqlite3_column_type(m_statement, static_cast<int>(i));
    const bool fits = kinds[i] == '*' || (kinds[i] == 'i' && type == SQLITE_INTEGER) ||
                      (kinds[i] == 't' && type == SQLITE_TEXT) || (kinds[i] == 'b' && type == SQLITE_BLOB);
    if (!fits)
      return sentence(file_of(sqlite3_db_handle(m_statement)), SQLITE_CORRUPT, "a row has columns of another kind");
  }
  return {};
}

Database::~Database() {
  sqlite3_close_v2(m_connection);
}
Database::Database(Database&& other) noexcept
    : m_file(std::move(other.m_file)), m_connection(std::exchange(other.m_connection, nullptr)), m_cut(other.m_cut) {}
Database& Database::operator=(Database&& other) noexcept {
  if (this == &other) return *this;
  sqlite3_close_v2(m_connection);
  m_file = std::move(other.m_file);
  m_connection = std::exchange(other.m_connection, nullptr);
  m_cut = other.m_cut;
  return *this;
}

base::Result<Database> Database::open(const fs::path& file, Access access) {
  Database database(file);
  std::error_code code;
  const auto status = fs::status(file, code);
  if (access == Access::Create) {
    if (fs::exists(status)) {
      return Error{ErrorCode::Refused, fmt::format("{}: is there already; name another file", file.string())};
    }
    TRY(database.connect(file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
    TRY(database.harden(true));
    return database;
  }
  if (!fs::exists(status)) return Error{ErrorCode::NotFound, fmt::format("{}: no such file", file.string())};
  if (!fs::is_regular_file(status)) {
    return Error{ErrorCode::Unreadable, fmt::format("{}: is no file; a .gwr file was expected", file.string())};
  }
  if (access == Access::Read) {
    TRY(database.open_reading());
    return database;
  }
  TRY(database.connect(file.string(), SQLITE_OPEN_READWRITE));
  TRY(database.harden(true));
  return database;
}

base::Status Database::connect(const std::string& name, int flags) {
  sqlite3_close_v2(std::exchange(m_connection, nullptr));
  const int code =
      sqlite3_open_v2(name.c_str(), &m_connection, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  return code == SQLITE_OK ? base::Status() : base::Status(error(code));
}

// Nothing that stands in the file runs: no triggers, views, functions or loaded libraries. No mapping of the file
// either: one that is cut while it is mapped kills the process.
base::Status Database::harden(bool defensive) {
  sqlite3_busy_timeout(m_connection, kBusyMilliseconds);
  sqlite3_db_config(m_connection, SQLITE_DBCONFIG_DEFENSIVE, defensive ? 1 : 0, nullptr);
  sqlite3_db_config(m_connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(m_connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(m_connection, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_db_config(m_connection, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_limit(m_connection, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(m_connection, SQLITE_LIMIT_LENGTH, static_cast<int>(kContentBytesMax + (16 << 20)));
  return execute("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY");
}

base::Status Database::open_reading() {
  TRY(connect(m_file.string(), SQLITE_OPEN_READONLY));
  TRY(harden(true));
  fs::path log = m_file;
  log += "-wal";
  const bool has_log = has_bytes(log);
  std::string name = m_file.string();
  auto version = number("PRAGMA schema_version");
  if (!version.ok() && !has_log && version.error().code == ErrorCode::Unreadable) {
    // A journal that was not closed by its writer, on a disk that may not be written.
    name = uri_of(m_file, "immutable=1");
    TRY(connect(name, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI));
    TRY(harden(true));
    version = number("PRAGMA schema_version");
  }
  if (!version.ok() && version.error().code == ErrorCode::Malformed) {
    TRY(open_cut(name));
    version = number("PRAGMA schema_version");
  }
  if (!version.ok()) return version.error();
  TRY_ASSIGN(const std::int64_t page_bytes, number("PRAGMA page_size"));
  std::error_code code;
  const auto size = fs::file_size(m_file, code);
  if (!code && !has_log && size % static_cast<std::uint64_t>(page_bytes) != 0) m_cut = true;
  return {};
}

// SQLite refuses a file that is shorter than its header says, but for those who repair schemas.
base::Status Database::open_cut(const std::string& name) {
  TRY(connect(name, SQLITE_OPEN_READONLY | (name.starts_with("file:") ? SQLITE_OPEN_URI : 0)));
  TRY(harden(false));
  m_cut = true;
  return execute("PRAGMA writable_schema = ON");
}

base::Status Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(m_connection, sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? base::Status() : base::Status(error(code));
}

base::Result<Statement> Database::prepare(std::string_view sql) const {
  Statement statement;
  const int code = sqlite3_prepare_v3(m_connection, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement.m_statement, nullptr);
  if (code != SQLITE_OK) return error(code);
  return statement;
}

base::Result<std::int64_t> Database::number(std::string_view sql) const {
  TRY_ASSIGN(Statement statement, prepare(sql));
  TRY_ASSIGN(const bool row, statement.step());
  return row ? statement.integer(0) : 0;
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(m_connection) == 0;
}

void Database::roll_back() {
  // SQLite may have done it already; what else could fail has failed before.
  if (in_transaction()) sqlite3_exec(m_connection, "ROLLBACK", nullptr, nullptr, nullptr);
}

base::Error Database::error(int code) const {
  return sentence(m_file, code, m_connection == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(m_connection));
}

base::Status Database::back_up(const fs::path& target, const std::function<void(double)>& step) const {
  TRY_ASSIGN(Database copy, open(target, Access::Create));
  sqlite3_backup* backup = sqlite3_backup_init(copy.m_connection, "main", m_connection, "main");
  if (backup == nullptr) return copy.error(sqlite3_extended_errcode(copy.m_connection));
  int code = SQLITE_OK;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(backup, kBackUpPagesAStep);
    const int total = sqlite3_backup_pagecount(backup);
    if (step && total > 0) step(1.0 - static_cast<double>(sqlite3_backup_remaining(backup)) / total);
  }
  const int finished = sqlite3_backup_finish(backup);
  if (finished != SQLITE_OK) return copy.error(finished);
  if (code != SQLITE_DONE) return copy.error(code);
  return copy.execute("PRAGMA journal_mode = DELETE");
}

}  // namespace gridwall::journal
