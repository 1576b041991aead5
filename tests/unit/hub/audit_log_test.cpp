#include "hub/audit_log.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "base/text_file.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::hub {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using base::UtcTime;

constexpr UtcTime kNoon{std::chrono::hours(20'000 * 24 + 12)};
const std::string kDay1 = "audit-2024-10-04.jsonl", kDay2 = "audit-2024-10-05.jsonl", kDay3 = "audit-2024-10-06.jsonl";

class AuditLogTest : public testing::Test {
 protected:
  AuditLogTest() { options.folder = m_root / "audit"; }

  [[nodiscard]] fs::path path(const std::string& name) const { return options.folder / name; }
  [[nodiscard]] std::string text(const std::string& name) const { return base::read_text_file(path(name)).value(); }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary | std::ios::trunc) << content;
  }
  [[nodiscard]] std::vector<std::string> lines(const std::string& name) const {
    std::vector<std::string> found;
    std::istringstream stream(text(name));
    for (std::string line; std::getline(stream, line);) found.push_back(line);
    return found;
  }
  void write_lines(const std::string& name, const std::vector<std::string>& all) const {
    std::string content;
    for (const std::string& line : all) content += line + "\n";
    write(name, content);
  }
  [[nodiscard]] AuditVerdict verdict(AuditQuestion question = {}) const {
    const auto result = verify_audit(options.folder, question);
    EXPECT_TRUE(result.ok());
    return result.ok() ? *result : AuditVerdict{};
  }
  [[nodiscard]] AuditLog opened(UtcTime now = kNoon) const {
    auto log = AuditLog::open(options, now);
    ASSERT(log.ok(), "{}", log.error().message);
    return std::move(log).value();
  }
  // Three days of five lines each.
  void write_three_days() const {
    AuditLog log = opened();
    for (int i = 0; i < 15; ++i) log.append(entry(i, kNoon + std::chrono::hours(24 * (i / 5))));
    EXPECT_TRUE(log.commit().ok());
  }

  static AuditEntry entry(int number, UtcTime at = kNoon) {
    AuditEntry entry;
    entry.at = at + std::chrono::seconds(number);
    entry.seat = "desk-3";
    entry.role = "operator";
    entry.proven = true;
    entry.op = "command";
    entry.event_type = "incident.dispatched";
    entry.incident_id = fmt::format("incident-{}", number);
    entry.outcome = "accepted";
    return entry;
  }

  AuditOptions options;

 private:
  test::TempFolder m_root;
};

TEST_F(AuditLogTest, says_who_asked_what_and_what_came_of_it) {
  AuditLog log = opened();
  AuditEntry refused = entry(7);
  refused.outcome = "refused";
  refused.reason = "conflict";
  log.append(refused);
  ASSERT_TRUE(log.commit().ok());
  const auto all = lines(kDay1);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_TRUE(
      all[0].starts_with("{\"time\":\"2024-10-04T12:00:07Z\",\"op\":\"audit.begins\",\"version\":1,"
                         "\"continues\":\"\",\"previous\":\"0000"))
      << all[0];
  EXPECT_TRUE(all[1].starts_with(
      "{\"time\":\"2024-10-04T12:00:07Z\",\"op\":\"command\",\"seat\":\"desk-3\",\"role\":\"operator\",\"proven\":true,"
      "\"type\":\"incident.dispatched\",\"incident\":\"incident-7\",\"outcome\":\"refused\",\"reason\":\"conflict\","
      "\"previous\":\""))
      << all[1];
  EXPECT_EQ(fs::status(path(kDay1)).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(AuditLogTest, hashes_a_line_as_the_page_says_so_that_others_can_check_it) {
  // The hash was made with sha256sum over the bytes up to `,"hash":`.
  const AuditLine line = make_audit_begin(kNoon, "", first_audit_hash());
  EXPECT_EQ(
      line.text,
      "{\"time\":\"2024-10-04T12:00:00Z\",\"op\":\"audit.begins\",\"version\":1,\"continues\":\"\",\"previous\":\"" +
          first_audit_hash() + "\",\"hash\":\"" + line.hash + "\"}\n");
  EXPECT_EQ(line.hash, "c1a651f085703e6221b8cd0cd2f596813df2dc060df329ae7ab8d300958ea9b8");
}

TEST_F(AuditLogTest, fits_over_days_and_restarts) {
  for (int i = 0; i < 6; ++i) {
    AuditLog log = opened(kNoon + std::chrono::hours(8 * i));
    EXPECT_EQ(log.status().told, "");
    log.append(entry(i, kNoon + std::chrono::hours(8 * i)));
  }
  const AuditVerdict whole = verdict();
  EXPECT_TRUE(whole.fits) << whole.problem;
  EXPECT_EQ(whole.file_count, 3u);
  EXPECT_EQ(whole.line_count, 6u + 3u);
  EXPECT_EQ(lines(kDay2)[0].find("\"continues\":\"" + kDay1 + "\"") == std::string::npos, false);
}

TEST_F(AuditLogTest, follows_the_days_of_its_zone_and_never_goes_back) {
  options.zone = base::TimeZone::fixed(std::chrono::hours(8));
  AuditLog log = opened();
  log.append(entry(0, kNoon + 5h));  // after midnight in the zone
  log.append(entry(1, kNoon));       // the clock was set back
  ASSERT_TRUE(log.commit().ok());
  EXPECT_FALSE(fs::exists(path(kDay1)));
  EXPECT_EQ(lines(kDay2).size(), 3u);
  EXPECT_TRUE(verdict().fits);
}

TEST_F(AuditLogTest, shows_any_line_that_was_changed_deleted_inserted_or_moved) {
  write_three_days();
  ASSERT_TRUE(verdict().fits);
  const std::string hash = verdict().last_hash;
  for (const std::string& name : {kDay1, kDay2, kDay3}) {
    const auto good = lines(name);
    for (std::size_t i = 0; i < good.size(); ++i) {
      const auto expect_found = [&](const std::vector<std::string>& spoilt, const char* what) {
        write_lines(name, spoilt);
        // The end of the newest file is known by a noted hash alone.
        const AuditVerdict found = verdict({name == kDay3 ? hash : std::string(), false});
        EXPECT_FALSE(found.fits) << what << " line " << i + 1 << " of " << name;
        write_lines(name, good);
      };
      auto changed = good, deleted = good, doubled = good, moved = good;
      changed[i][changed[i].find("2024")] = '3';
      deleted.erase(deleted.begin() + static_cast<std::ptrdiff_t>(i));
      doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), good[i]);
      std::swap(moved[i], moved[(i + 1) % moved.size()]);
      expect_found(changed, "changed");
      expect_found(deleted, "deleted");
      expect_found(doubled, "doubled");
      expect_found(moved, "moved");
      expect_found({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(i)}, "cut off from");
    }
  }
  EXPECT_TRUE(verdict().fits);
}

TEST_F(AuditLogTest, shows_a_line_that_was_written_anew_with_a_hash_of_its_own) {
  write_three_days();
  auto spoilt = lines(kDay1);
  AuditEntry forged = entry(2);
  forged.outcome = "refused";
  std::string line = make_audit_line(forged, read_audit_line(spoilt[2])->hash).text;
  line.pop_back();
  spoilt[3] = line;
  write_lines(kDay1, spoilt);
  const AuditVerdict found = verdict();
  EXPECT_FALSE(found.fits);
  EXPECT_NE(found.problem.find(kDay1 + ":5: does not fit the line before it"), std::string::npos) << found.problem;
}

TEST_F(AuditLogTest, names_the_first_line_that_does_not_fit) {
  write_three_days();
  auto spoilt = lines(kDay2);
  spoilt[2].replace(spoilt[2].find("accepted"), 8, "ACCEPTED");
  write_lines(kDay2, spoilt);
  const AuditVerdict found = verdict();
  EXPECT_FALSE(found.fits);
  EXPECT_TRUE(found.problem.starts_with(path(kDay2).string() + ":3: ")) << found.problem;
  EXPECT_EQ(found.line_count, 6u + 2u);
}

TEST_F(AuditLogTest, shows_a_day_that_is_missing) {
  write_three_days();
  fs::rename(path(kDay2), path("kept"));
  const AuditVerdict middle = verdict();
  EXPECT_FALSE(middle.fits);
  EXPECT_NE(middle.problem.find("goes on from " + kDay2), std::string::npos) << middle.problem;
  fs::rename(path("kept"), path(kDay2));
  fs::rename(path(kDay1), path("kept"));
  EXPECT_FALSE(verdict().fits);
  EXPECT_TRUE(verdict({"", true}).fits) << "older files may be removed on purpose";
  EXPECT_EQ(verdict({"", true}).starts_after, kDay1);
}

TEST_F(AuditLogTest, shows_a_cut_end_to_who_noted_a_hash) {
  write_three_days();
  const std::string noted = verdict().last_hash;
  auto fewer = lines(kDay3);
  fewer.pop_back();
  write_lines(kDay3, fewer);
  EXPECT_TRUE(verdict().fits) << "the chain alone cannot show it";
  const AuditVerdict found = verdict({noted, false});
  EXPECT_FALSE(found.fits);
  EXPECT_NE(found.problem.find(noted), std::string::npos);
  const std::string earlier(read_audit_line(fewer.back())->hash);
  EXPECT_TRUE(verdict({earlier, false}).fits) << "noted before the line that was cut off";
}

TEST_F(AuditLogTest, moves_the_rest_of_a_crash_aside_and_goes_on) {
  write_three_days();
  const std::string whole = text(kDay3);
  const std::string last = lines(kDay3).back();
  for (const std::size_t cut : {std::size_t{1}, std::size_t{2}, last.size() / 2, last.size()}) {
    write(kDay3, whole.substr(0, whole.size() - cut));
    {
      AuditLog log = opened();
      EXPECT_NE(log.status().told.find("no whole lines"), std::string::npos) << log.status().told;
      log.append(entry(99, kNoon + 48h));
    }
    const AuditVerdict found = verdict();
    EXPECT_TRUE(found.fits) << found.problem;
    ASSERT_EQ(found.asides.size(), 1u);
    EXPECT_EQ(text(found.asides[0]), last.substr(0, last.size() + 1 - cut));
    const auto all = lines(kDay3);
    EXPECT_NE(all[all.size() - 2].find("\"op\":\"audit.torn\""), std::string::npos);
    EXPECT_NE(all.back().find("incident-99"), std::string::npos);
    fs::remove(path(found.asides[0]));
  }
}

TEST_F(AuditLogTest, goes_on_from_the_day_before_when_a_crash_left_a_day_without_a_line) {
  write_three_days();
  const std::string whole = text(kDay3);
  for (const std::size_t kept : {std::size_t{0}, std::size_t{20}}) {
    write(kDay3, whole.substr(0, kept));
    opened().append(entry(1, kNoon + 48h));
    const AuditVerdict found = verdict();
    EXPECT_TRUE(found.fits) << found.problem;
    EXPECT_EQ(found.file_count, 3u);
  }
}

TEST_F(AuditLogTest, refuses_a_folder_that_another_hub_writes) {
  const AuditLog first = opened();
  const auto second = AuditLog::open(options, kNoon);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message.find("another hub"), std::string::npos) << second.error().message;
}

TEST_F(AuditLogTest, refuses_to_go_on_behind_something_else) {
  fs::create_directories(options.folder);
  write(kDay1, std::string(2 << 20, 'x'));
  const auto log = AuditLog::open(options, kNoon);
  ASSERT_FALSE(log.ok());
  EXPECT_NE(log.error().message.find("gridwall audit verify"), std::string::npos) << log.error().message;
}

// Files may not grow beyond `bytes` as long as it lives: what a full disk does.
struct FullDisk {
  explicit FullDisk(std::uint64_t bytes) {
    old_handler = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &old_limit);
    rlimit limit = old_limit;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &old_limit);
    std::signal(SIGXFSZ, old_handler);
  }
  rlimit old_limit{};
  void (*old_handler)(int) = nullptr;
};

TEST_F(AuditLogTest, keeps_lines_while_the_disk_is_full_and_writes_them_later) {
  AuditLog log = opened();
  log.append(entry(0));
  ASSERT_TRUE(log.commit().ok());
  const std::string before = text(kDay1);
  {
    const FullDisk full(before.size() + 100);
    log.append(entry(1));
    EXPECT_FALSE(log.commit().ok());
    EXPECT_NE(log.status().problem.find(kDay1), std::string::npos) << log.status().problem;
    EXPECT_EQ(text(kDay1), before) << "no half line stays";
    log.append(entry(2));
    EXPECT_FALSE(log.commit().ok());
  }
  EXPECT_TRUE(log.commit().ok());
  EXPECT_EQ(log.status().problem, "");
  EXPECT_EQ(lines(kDay1).size(), 4u);
  EXPECT_TRUE(verdict().fits);
  EXPECT_EQ(verdict().last_hash, log.status().last_hash);
}

TEST_F(AuditLogTest, counts_what_it_could_not_keep_in_a_line_of_its_own) {
  options.pending_bytes_max = 2'000;
  AuditLog log = opened();
  for (int i = 0; i < 100; ++i) log.append(entry(i));
  ASSERT_TRUE(log.commit().ok());
  const auto all = lines(kDay1);
  EXPECT_LT(all.size(), 20u);
  EXPECT_NE(all.back().find("\"op\":\"audit.lost\""), std::string::npos) << all.back();
  EXPECT_NE(all.back().find(fmt::format("\"count\":{}", log.status().lost_count)), std::string::npos);
  EXPECT_EQ(log.status().lost_count + all.size() - 2, 100u);
  EXPECT_TRUE(verdict().fits);
}

TEST_F(AuditLogTest, keeps_its_lines_short_and_whole_whatever_is_asked) {
  AuditEntry odd;
  odd.at = kNoon;
  odd.op = std::string(5'000, '"');
  odd.seat = "\",\"hash\":\"x\"}\n{\"time\":\"";
  odd.incident_id = std::string(127, 'a') + "席";
  odd.reason = "\",\"op\":\"audit.begins\",\"version\":1,\"continues\":\"audit-2000-01-01.jsonl";
  AuditLog log = opened();
  for (int i = 0; i < 3; ++i) log.append(odd);
  ASSERT_TRUE(log.commit().ok());
  const AuditVerdict found = verdict();
  EXPECT_TRUE(found.fits) << found.problem;
  EXPECT_EQ(found.line_count, 4u);
  EXPECT_NE(lines(kDay1)[1].find(std::string(127, 'a') + "\""), std::string::npos) << "a character is cut whole";
}

TEST_F(AuditLogTest, is_read_with_bounded_memory_whatever_the_file_is) {
  fs::create_directories(options.folder);
  for (const std::string& content : {std::string(1 << 20, '\n'), std::string(1 << 20, '{'), std::string(1 << 20, '\0'),
                                     std::string("{\"time\":\"\n"), std::string()}) {
    write(kDay1, content);
    EXPECT_FALSE(verdict().fits);
  }
  EXPECT_FALSE(verify_audit(path("nowhere"), {}).ok());
  EXPECT_FALSE(verify_audit(options.folder.parent_path(), {}).ok()) << "a folder without audit files";
}

TEST_F(AuditLogTest, on_its_own_thread_has_everything_on_disk_when_flushed) {
  const base::SystemClock clock;
  auto trail = AuditTrail::start(options, clock);
  ASSERT_TRUE(trail.ok()) << trail.error().message;
  for (int i = 0; i < 1'000; ++i) (*trail)->add(entry(i));
  (*trail)->flush();
  EXPECT_TRUE(verdict().fits);
  EXPECT_EQ(verdict().line_count, 1'001u);
  EXPECT_EQ((*trail)->status()->last_hash, verdict().last_hash);
  (*trail)->add(entry(2'000));
  trail->reset();
  EXPECT_EQ(verdict().line_count, 1'002u) << "the end waits for what was added";
}

}  // namespace
}  // namespace gridwall::hub
