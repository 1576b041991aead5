// The model that sees everything: what the hub has said, promised and acknowledged, and what is on the disk. It checks
// what design.md says must always hold, at every step, and names it where it does not.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "hub/ledger.hpp"
#include "wire/answers.hpp"
#include "wire/follower.hpp"
#include "wire/heartbeat.hpp"

namespace gridwall::hub {

// One event as it was published, `sequence` - 1 of the line.
struct Told {
  std::string topic, body;
  std::string incident, type, key;  // key: source and id
  bool retires = false;             // an entry of the register: afterwards it stands nowhere
  bool operator==(const Told&) const = default;
};

// The hub when it sent a heartbeat.
struct BeatMoment {
  std::uint64_t feed_sequence = 0;
  base::Duration sent_at_true{};
  std::map<std::string, std::string, std::less<>> digests;  // by prefix
};

class Truth {
 public:
  // `checker` folds the journal once more, from nothing.
  Truth(std::filesystem::path folder, Ledger checker) : m_folder(std::move(folder)), m_checker(std::move(checker)) {}

  // A process has begun with what it found on the disk.
  void restart(const Ledger& ledger);
  // The hub went back to what is durable, because its disk failed.
  void go_back(const Ledger& ledger);
  // From a jump of more than the window on, settled cases and old keys are forgotten.
  void note_long_jump() { m_any_long_jump = true; }
  void publish(const FeedBatch& batch);
  void beat(const wire::Heartbeat& heartbeat, base::Duration now);
  void answered(const std::vector<wire::Answer>& answers);
  void note_refusable(const std::string& source) { m_forbidden_sources.insert(source); }

  // Nothing acknowledged is lost, nothing doubled, and durable_through has not run ahead of the disk.
  void check_disk();

  [[nodiscard]] std::uint64_t epoch() const { return m_epoch; }
  [[nodiscard]] const std::vector<Told>& told() const { return m_told; }
  // Those with that name and these digests, oldest first: while the clock stands, several beats bear one time.
  [[nodiscard]] std::vector<const BeatMoment*> moments(const wire::BeatItem& beat) const;
  [[nodiscard]] std::uint64_t told_count() const { return m_told_count; }
  [[nodiscard]] std::size_t acknowledged_count() const { return m_acknowledged.size(); }
  [[nodiscard]] std::size_t moved_count() const { return m_moved_count; }

 private:
  // What was published and then taken back: a commit that failed may all the same be found by the next process, as
  // long as nothing newer was written over it.
  struct TakenBack {
    std::uint64_t after = 0;
    std::vector<Told> told;
  };
  void begin(const Ledger& ledger);
  [[nodiscard]] std::vector<std::uint64_t> exchange_chain(const std::string& topic, std::uint64_t sequence);
  void note_durable(std::uint64_t sequence);
  void note_place(const Told& told);
  void check_acknowledged() const;
  [[nodiscard]] std::vector<Told> read_disk();
  [[nodiscard]] bool was_told(const std::vector<Told>& disk) const;

  std::filesystem::path m_folder;
  Ledger m_checker;
  std::uint64_t m_epoch = 0;
  std::set<std::uint64_t> m_epochs;
  std::vector<Told> m_told;                                    // of the present epoch, from event 1
  std::unordered_map<std::string, std::uint64_t> m_sequences;  // by key, of m_told
  std::unordered_map<std::string, std::string> m_places;       // by incident: its topic; empty: between two halves
  std::map<std::string, std::uint64_t, std::less<>> m_last_by_prefix;
  std::string m_moving;  // whose first half was the last event
  std::map<std::pair<std::uint64_t, base::UtcTime>, std::vector<BeatMoment>> m_moments;
  std::map<std::string, std::uint64_t> m_acknowledged;  // by key, for ever
  std::set<std::string> m_forbidden_sources;
  std::vector<TakenBack> m_taken_back;
  std::uint64_t m_durable_told = 0, m_told_count = 0;
  std::size_t m_moved_count = 0;
  bool m_any_long_jump = false;
};

}  // namespace gridwall::hub
