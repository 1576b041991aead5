#include "app/import_history.hpp"

#include <algorithm>
#include <random>

#include "app/line_reader.hpp"
#include "app/progress_line.hpp"
#include "app/recording_content.hpp"
#include "base/text_file.hpp"
#include "hub/journal_keeper.hpp"

namespace gridwall::app {

namespace {

constexpr std::uint64_t kCommitEvents = 5'000;
constexpr std::uint64_t kKeyframeEvents = 50'000;

wire::JournalId new_journal() {
  std::random_device device;
  wire::JournalId journal;
  for (std::uint8_t& byte : journal) byte = static_cast<std::uint8_t>(device());
  return journal;
}

class Importer {
 public:
  Importer(hub::Intake intake, journal::Writer writer) : m_intake(std::move(intake)), m_writer(std::move(writer)) {}

  base::Status take_line(std::string_view line) {
    for (const wire::Element& element : wire::decode_events(line).elements) {
      if (const auto* event = std::get_if<model::Event>(&element)) m_time = std::max(m_time, event->occurred_at);
    }
    hub::IntakeResult taken = m_intake.take(line, m_time, base::MonoTime{});
    for (const wire::Answer& answer : taken.answers) {
      if (answer.status == wire::AnswerStatus::Refused && m_refusal.empty()) {
        m_refusal = fmt::format("{}: {}", answer.reason, answer.detail);
      }
    }
    return write(taken.batch);
  }

  base::Status finish() {
    TRY(m_writer.commit());
    return m_writer.put_keyframe(hub::journal_keyframe(m_intake.ledger().copy()));
  }

  [[nodiscard]] const std::string& refusal() const { return m_refusal; }
  [[nodiscard]] const hub::IntakeCounters& counters() const { return m_intake.counters(); }
  [[nodiscard]] std::uint64_t last_sequence() const { return m_writer.last_sequence(); }

 private:
  base::Status write(const hub::FeedBatch& batch) {
    m_records.clear();
    m_keys.clear();
    for (std::size_t i = 0; i < batch.messages.size(); ++i) {
      const hub::FeedMessage& message = batch.messages[i];
      m_records.push_back(
          {batch.events[i].sequence, batch.events[i].state_time, message.topic, message.header, message.body});
    }
    for (const hub::AcceptedKey& key : batch.keys) {
      m_keys.push_back({key.key.low, key.key.high, key.occurred_at, key.sequence});
    }
    TRY(m_writer.append(m_records, m_keys));
    if (m_writer.last_sequence() - m_committed_at >= kCommitEvents) {
      TRY(m_writer.commit());
      m_committed_at = m_writer.last_sequence();
    }
    if (m_writer.last_sequence() - m_keyframe_at < kKeyframeEvents) return {};
    TRY(m_writer.commit());
    m_keyframe_at = m_committed_at = m_writer.last_sequence();
    return m_writer.put_keyframe(hub::journal_keyframe(m_intake.ledger().copy()));
  }

  hub::Intake m_intake;
  journal::Writer m_writer;
  base::UtcTime m_time{};
  std::uint64_t m_committed_at = 0, m_keyframe_at = 0;
  std::string m_refusal;
  std::vector<journal::Record> m_records;
  std::vector<journal::DedupeKey> m_keys;
};

}  // namespace

base::Result<ImportResult> import_history(const std::filesystem::path& events, const std::filesystem::path& recording,
                                          const WallData& data, const std::string& profile_name) {
  if (std::filesystem::exists(recording)) {
    return base::Error{base::ErrorCode::InvalidArgument,
                       fmt::format("{}: is there already; an import makes a new file", recording.string())};
  }
  TRY_ASSIGN(const std::string text, base::read_text_file(events));
  TRY_ASSIGN(const auto content, collect_content(data, profile_name));
  const wire::JournalId journal = new_journal();
  TRY_ASSIGN(auto writer,
             journal::Writer::open(recording, recorded_identity(data, journal, false), content, {.one_segment = true}));
  hub::IntakeOptions options;
  options.is_import = true;
  options.ledger = {data.tree, data.vocabulary, data.rules, journal, 1};
  TRY_ASSIGN(auto intake, hub::Intake::create(std::move(options)));
  Importer importer(std::move(intake), std::move(writer));
  ImportResult result;
  ProgressLine progress;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    ++result.line_count;
    if (result.line_count % 1000 == 0) {
      progress.tell("importing", static_cast<double>(begin) / static_cast<double>(text.size()));
    }
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    TRY(importer.take_line(line));
    if (result.first_refusal.empty() && !importer.refusal().empty()) {
      result.first_refusal = fmt::format("{}:{}: {}", events.string(), result.line_count, importer.refusal());
    }
  }
  TRY(importer.finish());
  progress.finish();
  result.event_count = importer.counters().accepted_count;
  result.refused_count = importer.counters().refused_count;
  result.duplicate_count = importer.counters().duplicate_count;
  result.last_sequence = importer.last_sequence();
  return result;
}

}  // namespace gridwall::app
