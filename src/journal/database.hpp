// Database and Statement: SQLite as this room uses it, errors as sentences. A file from outside is opened read-only and
// with everything off that a schema could run; its schema must be ours to the letter (schema.hpp). A file that was cut
// is opened for what is left of it. One thread an object. Test: tests/unit/journal/damage_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace gridwall::journal {

// A prepared statement. Columns are valid until the next step() or reset().
class Statement {
 public:
  Statement() = default;
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;

  // Parameters count from 1. Texts and blobs must stay where they are until the statement is reset.
  Statement& bind(int parameter, std::int64_t number);
  Statement& bind(int parameter, std::uint64_t number) { return bind(parameter, static_cast<std::int64_t>(number)); }
  Statement& bind_text(int parameter, std::string_view text);
  Statement& bind_blob(int parameter, std::string_view bytes);

  // True: a row.
  base::Result<bool> step();
  // Without rows; resets, also after an error.
  base::Status run();
  void reset();
  [[nodiscard]] bool prepared() const { return m_statement != nullptr; }

  // 0 or nothing when the column is of another kind, which check_columns() tells.
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::uint64_t unsigned_integer(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::string_view blob(int column) const;
  // `kinds`: a letter a column: i integer, t text, b blob, * any.
  base::Status check_columns(std::string_view kinds) const;

 private:
  friend class Database;
  sqlite3_stmt* m_statement = nullptr;
};

class Database {
 public:
  enum class Access : std::uint8_t { Read, Write, Create };

  // Create: a new file, which must not be there. Errors name the file.
  static base::Result<Database> open(const std::filesystem::path& file, Access access);
  ~Database();
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;

  base::Status execute(const std::string& sql);
  base::Result<Statement> prepare(std::string_view sql) const;
  // Of one row with one number, such as a PRAGMA.
  base::Result<std::int64_t> number(std::string_view sql) const;

  [[nodiscard]] bool in_transaction() const;
  // Ends an open transaction without its changes.
  void roll_back();
  // Copies the whole file as it is now, also while another process writes to it. `step` is told the share done and may
  // be empty.
  base::Status back_up(const std::filesystem::path& target, const std::function<void(double)>& step) const;

  [[nodiscard]] const std::filesystem::path& file() const { return m_file; }
  // The file is shorter than it says: what is there is read as far as it goes.
  [[nodiscard]] bool cut() const { return m_cut; }
  // What SQLite said last, as a sentence about the file.
  [[nodiscard]] base::Error error(int code) const;

 private:
  explicit Database(std::filesystem::path file) : m_file(std::move(file)) {}
  base::Status connect(const std::string& name, int flags);
  base::Status open_reading();
  base::Status open_cut(const std::string& name);
  base::Status harden(bool defensive);

  std::filesystem::path m_file;
  sqlite3* m_connection = nullptr;
  bool m_cut = false;
};

}  // namespace gridwall::journal
