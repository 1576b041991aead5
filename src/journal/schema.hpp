// The tables of a .gwr file, to the letter: a file with any other is refused, so nothing of it is ever run. What each
// holds: README.md beside this file. Another layout is another kSchemaVersion, and refused by name.
#pragma once

#include <filesystem>

#include "journal/database.hpp"
#include "journal/record.hpp"

namespace gridwall::journal {

inline constexpr std::int64_t kApplicationId = 0x47575231;  // "GWR1"
inline constexpr std::int64_t kSchemaVersion = 1;

// In a new file, in one transaction with what the caller adds to it.
base::Status create_tables(Database& database);
// The file is one of ours, of this version. Errors: Unreadable, Unsupported; tell what was expected.
base::Status check_tables(const Database& database);

base::Status write_identity(Database& database, const Identity& identity);
base::Result<Identity> read_identity(const Database& database);

}  // namespace gridwall::journal
