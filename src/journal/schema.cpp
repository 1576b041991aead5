#include "journal/schema.hpp"

#include <algorithm>
#include <array>

namespace gridwall::journal {

using base::Error;
using base::ErrorCode;

namespace {

struct Table {
  const char* name;
  const char* sql;
};

// In order of their names. Blobs stand last in their rows: what stands before them is read without them.
constexpr std::array kTables = {
    Table{"bookmark",
          "CREATE TABLE bookmark (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, state_time INTEGER NOT NULL, "
          "name TEXT NOT NULL) STRICT"},
    Table{
        "chunk",
        "CREATE TABLE chunk (first_sequence INTEGER PRIMARY KEY, last_sequence INTEGER NOT NULL, first_time INTEGER "
        "NOT NULL, last_time INTEGER NOT NULL, count INTEGER NOT NULL, bytes INTEGER NOT NULL, hash INTEGER NOT NULL, "
        "zstd BLOB NOT NULL) STRICT"},
    Table{"content",
          "CREATE TABLE content (id INTEGER PRIMARY KEY, address BLOB NOT NULL, bytes INTEGER NOT NULL, zstd BLOB NOT "
          "NULL) STRICT"},
    Table{"content_name",
          "CREATE TABLE content_name (id INTEGER PRIMARY KEY, name TEXT NOT NULL, content INTEGER NOT NULL) STRICT"},
    Table{"identity",
          "CREATE TABLE identity (id INTEGER PRIMARY KEY, journal BLOB NOT NULL, profile TEXT NOT NULL, root_path TEXT "
          "NOT NULL, tree_hash INTEGER NOT NULL, zone TEXT NOT NULL, simulated INTEGER NOT NULL) STRICT"},
    Table{"key_run",
          "CREATE TABLE key_run (id INTEGER PRIMARY KEY, count INTEGER NOT NULL, newest INTEGER NOT NULL, hash INTEGER "
          "NOT NULL, keys BLOB NOT NULL) STRICT"},
    Table{"keyframe",
          "CREATE TABLE keyframe (sequence INTEGER PRIMARY KEY, state_time INTEGER NOT NULL, digest INTEGER NOT NULL, "
          "parts INTEGER NOT NULL, bytes INTEGER NOT NULL, head BLOB NOT NULL, chains BLOB NOT NULL) STRICT"},
    Table{"keyframe_part",
          "CREATE TABLE keyframe_part (id INTEGER PRIMARY KEY, keyframe INTEGER NOT NULL, prefix TEXT NOT NULL, bytes "
          "INTEGER NOT NULL, hash INTEGER NOT NULL, zstd BLOB NOT NULL) STRICT"},
    Table{"keyframe_part_of", "CREATE INDEX keyframe_part_of ON keyframe_part (keyframe, prefix)"},
};

}  // namespace

base::Status create_tables(Database& database) {
  for (const Table& table : kTables) TRY(database.execute(table.sql));
  TRY(database.execute(fmt::format("PRAGMA application_id = {}", kApplicationId)));
  return database.execute(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
}

base::Status check_tables(const Database& database) {
  TRY_ASSIGN(const std::int64_t application, database.number("PRAGMA application_id"));
  if (application != kApplicationId) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: is no recording but another program's file; a .gwr file of gridwall's was expected",
                             database.file().string())};
  }
  TRY_ASSIGN(const std::int64_t version, database.number("PRAGMA user_version"));
  if (version != kSchemaVersion) {
    return Error{
        ErrorCode::Unsupported,
        fmt::format("{}: is a recording of version {}, version {} is understood; use the release that wrote it",
                    database.file().string(), version, kSchemaVersion)};
  }
  TRY_ASSIGN(Statement rows, database.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name"));
  std::size_t count = 0;
  for (;; ++count) {
    TRY_ASSIGN(const bool row, rows.step());
    if (!row) break;
    if (count < kTables.size() && rows.text(0) == kTables[count].name && rows.text(1) == kTables[count].sql) continue;
    count = kTables.size() + 1;
    break;
  }
  if (count == kTables.size()) return {};
  return Error{ErrorCode::Unreadable,
               fmt::format("{}: its tables are not those of a recording; it was changed by another program, take an "
                           "unchanged copy",
                           database.file().string())};
}

base::Status write_identity(Database& database, const Identity& identity) {
  TRY_ASSIGN(Statement row, database.prepare("INSERT INTO identity VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)"));
  const std::string_view journal(reinterpret_cast<const char*>(identity.journal.data()), identity.journal.size());
  row.bind_blob(1, journal).bind_text(2, identity.profile).bind_text(3, identity.root_path).bind(4, identity.tree_hash);
  row.bind_text(5, identity.zone).bind(6, std::int64_t{identity.simulated});
  return row.run();
}

base::Result<Identity> read_identity(const Database& database) {
  TRY_ASSIGN(Statement row,
             database.prepare("SELECT journal, profile, root_path, tree_hash, zone, simulated FROM identity"));
  TRY_ASSIGN(const bool found, row.step());
  Identity identity;
  if (!found || row.blob(0).size() != identity.journal.size()) {
    return Error{ErrorCode::Malformed,
                 fmt::format("{}: does not say which journal it is of; it is damaged, take another copy",
                             database.file().string())};
  }
  TRY(row.check_columns("bttiti"));
  std::copy_n(row.blob(0).data(), identity.journal.size(), reinterpret_cast<char*>(identity.journal.data()));
  identity.profile = row.text(1);
  identity.root_path = row.text(2);
  identity.tree_hash = row.unsigned_integer(3);
  identity.zone = row.text(4);
  identity.simulated = row.integer(5) != 0;
  return identity;
}

}  // namespace gridwall::journal
