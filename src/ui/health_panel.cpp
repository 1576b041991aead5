#include "ui/health_panel.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ui/panel.hpp"
#include "ui/text_format.hpp"

namespace gridwall::ui {

namespace {

class Rows {
 public:
  Rows(Canvas& canvas, const model::Words& words, base::Box2d rest) : m_canvas(canvas), m_words(words), m_rest(rest) {}

  void heading(std::string_view key, const std::string& note, bool note_is_abnormal) {
    if (!has_room(1.9)) return;
    take_top(m_rest, m_canvas.em(0.35));
    base::Box2d row = take_top(m_rest, m_canvas.em(1.5));
    m_canvas.line(row.min, {row.max.x, row.min.y}, kPanelEdge);
    const double width = m_canvas.text(row, FontRole::Small, kTextQuiet, m_words.get(key));
    take_left(row, std::min(row.width(), width + m_canvas.em(0.6)));
    m_canvas.text(row, FontRole::Small, note_is_abnormal ? kWarn : kTextFaint, note, Align::Right);
  }
  void value(std::string_view key, const std::string& text, bool is_abnormal = false) {
    if (!has_room(1.3)) return;
    base::Box2d row = take_top(m_rest, m_canvas.em(1.3));
    const double room = m_canvas.width(FontRole::Small, text) + 1;
    m_canvas.text(take_right(row, std::min(row.width(), room)), FontRole::Small,
                  is_abnormal ? kWarn
                  : m_is_old  ? kStaleText
                              : kText,
                  text, Align::Right);
    take_right(row, std::min(row.width(), m_canvas.em(0.6)));
    m_canvas.text(row, FontRole::Small, kTextFaint, m_words.get(key));
  }
  void count(std::string_view key, std::uint64_t count, bool is_fault = false) {
    value(key, grouped(count), is_fault && count > 0);
  }
  void what_follows_is_old(bool is_old) { m_is_old = is_old; }

 private:
  [[nodiscard]] bool has_room(double ems) const { return m_rest.height() >= m_canvas.em(ems); }
  Canvas& m_canvas;
  const model::Words& m_words;
  base::Box2d m_rest;
  bool m_is_old = false;
};

std::string pair_ms(double p50_ms, double p99_ms) {
  return fmt::format("{:.1f} / {:.1f} ms", p50_ms, p99_ms);
}

void write_wall(Rows& rows, const Inputs& inputs) {
  const model::FeedStatus& feed = inputs.feed;
  const model::WallHealth& health = inputs.health;
  rows.heading("health.wall", inputs.words.fill("health.samples", {grouped(health.lag_sample_count)}), false);
  rows.value("health.event_rate", fmt::format("{:.1f} /s", health.events_per_s));
  rows.count("health.received", feed.received_count);
  if (health.lag_sample_count > 0) {
    rows.value("health.lag", pair_ms(health.lag_p50_ms, health.lag_p99_ms), feed.state == model::FeedState::Behind);
  }
  rows.count("health.gaps", feed.gap_count, true);
  rows.count("health.resyncs", feed.resync_count);
  rows.value(
      "health.digests",
      inputs.words.fill("health.digests_value", {grouped(feed.digest_count), grouped(feed.digest_differs_count)}),
      feed.digest_differs_count > 0);
  rows.count("health.bad", feed.bad_count, true);
  rows.value("health.queue", fmt::format("{} / {}", grouped(health.queue_length), grouped(health.queue_length_max)));
  rows.count("health.queue_dropped", health.queue_dropped_count, true);
}

void write_picture(Rows& rows, const Inputs& inputs) {
  const model::PictureHealth& picture = inputs.health.picture;
  if (picture.frame_count == 0) return;
  rows.heading("health.picture", inputs.words.fill("health.picture_samples", {grouped(picture.frame_count)}), false);
  rows.value("health.frame", pair_ms(picture.frame_p50_ms, picture.frame_p99_ms));
  if (picture.gpu_frame_count > 0) rows.value("health.gpu", pair_ms(picture.gpu_p50_ms, picture.gpu_p99_ms));
  rows.value("health.draws", fmt::format("{} / {}", grouped(picture.draw_count), grouped(picture.triangle_count)));
  rows.value("health.uploaded", fmt::format("{:.1f} kB", static_cast<double>(picture.uploaded_bytes) * 1e-3));
  rows.value("health.card_memory", fmt::format("{:.0f} MB", static_cast<double>(picture.memory_bytes) * 1e-6));
}

void write_journal(Rows& rows, const Inputs& inputs, const model::HubHealth& hub) {
  const bool fails = hub.journal && !hub.journal->failure.empty();
  rows.heading("health.journal",
               fails          ? inputs.words.get("health.journal_fails")
               : !hub.journal ? inputs.words.get("health.no_journal")
                              : std::string(),
               true);
  if (!hub.journal) return;
  rows.count("health.durable", hub.journal->durable_through);
  rows.value("health.behind", grouped(hub.journal->behind_events), fails);
  rows.value("health.commit", pair_ms(hub.journal->commit_p50_ms, hub.journal->commit_p99_ms));
}

void write_hub(Rows& rows, const Inputs& inputs) {
  const model::HubView* view = inputs.hub;
  const bool is_heard = view != nullptr && view->health;
  const bool is_old = !is_heard || inputs.hub_answer_age > kHubAnswerOld;
  const auto age_s = std::chrono::duration<double>(inputs.hub_answer_age).count();
  const std::string note = is_heard ? inputs.words.fill("health.answered", {fmt::format("{:.0f}", age_s)})
                                    : inputs.words.get("health.no_answer");
  rows.heading("health.hub", note, is_old);
  if (!is_heard) return;
  rows.what_follows_is_old(is_old);
  const model::HubHealth& hub = *view->health;
  // First: until it is over the hub's figures stand still, and what is refused is refused for it.
  if (hub.state_ahead_s > 0) {
    const std::chrono::duration<double> ahead(hub.state_ahead_s);
    rows.value("health.state_ahead",
               hub.state_ahead_s < 60 ? fmt::format("{:.0f} s", hub.state_ahead_s)
                                      : age_text(std::chrono::duration_cast<base::Duration>(ahead), inputs.words),
               true);
  }
  rows.value("health.event_rate", fmt::format("{:.1f} /s", view->events_per_s));
  rows.count("health.sequence", hub.last_sequence);
  rows.count("health.requests", hub.request_count);
  rows.value("health.accept", pair_ms(hub.accept_p50_ms, hub.accept_p99_ms));
  rows.count("health.refused", hub.refused_count, true);
  rows.count("health.scrubbed", hub.scrubbed_count);
  rows.count("health.dropped_members", hub.dropped_member_count);
  rows.count("health.rate_limited", hub.rate_limited_count, true);
  rows.count("health.answers_dropped", hub.answer_dropped_count, true);
  rows.count("health.prefixes", hub.followed_prefix_count);
  rows.value("health.snapshots", inputs.words.fill("health.snapshots_value",
                                                   {grouped(hub.sync_finished_count), grouped(hub.sync_open_count)}));
  rows.value("health.peers_refused", grouped(hub.peer_refused_count), hub.peer_refused_count > 0);
}

constexpr double kTwoColumnsEm = 33, kOneColumnEm = 22;
constexpr double kTwoColumnsWithoutJournalEm = 25.1, kTwoColumnsJournalOffEm = 27;
constexpr double kTwoColumnsHeightEm = 30.9, kOneColumnHeightEm = 53.3;

}  // namespace

base::Box2d health_box(const base::Box2d& map_px, double em_px, double gap_px) {
  const double left = map_px.min.x + gap_px, top = map_px.min.y + gap_px;
  const double room_px = map_px.max.x - gap_px - left;
  const bool is_wide = room_px >= kTwoColumnsEm * em_px;
  const double width = std::min(room_px, (is_wide ? kTwoColumnsEm : kOneColumnEm) * em_px);
  const double height =
      std::min(map_px.max.y - gap_px - top, (is_wide ? kTwoColumnsHeightEm : kOneColumnHeightEm) * em_px);
  return make_box(left, top, left + std::max(0.0, width), top + std::max(0.0, height));
}

void HealthPanel::draw(const base::Box2d& place, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
                       std::vector<TextRun>* record) {
  if (place.width() < 1 || place.height() < 1) return;
  // A replay keeps nothing, and need not.
  const bool may_keep = inputs.hub != nullptr && inputs.hub->health && !inputs.hub->replay;
  base::Box2d box = place;
  const double em_px = fonts.size_px(FontRole::Body);
  const bool is_wide = place.width() > (kTwoColumnsEm - 4) * em_px;
  const bool keeps = may_keep && inputs.hub->health->journal.has_value();
  const double height_em = !may_keep ? kTwoColumnsWithoutJournalEm
                           : !keeps  ? kTwoColumnsJournalOffEm
                                     : kTwoColumnsHeightEm;
  if (is_wide) box.max.y = std::min(box.max.y, box.min.y + height_em * em_px);
  const PanelWindow window("health", box);
  Canvas canvas(fonts, record);
  base::Box2d rest = begin_card(canvas, box);
  canvas.outline(box, kPanelEdge, kRoundEm);
  if (row_input(box, 1).clicked) commands.emit(model::ToggleHealth{});
  base::Box2d title = take_top(rest, canvas.em(1.9));
  const double width = canvas.text(title, FontRole::Body, kText, inputs.words.get("health.title"));
  take_left(title, std::min(title.width(), width + canvas.em(0.6)));
  canvas.text(title, FontRole::Small, kTextFaint, inputs.words.get("health.close"), Align::Right);
  base::Box2d left = is_wide ? take_left(rest, (rest.width() - canvas.em(1.4)) / 2) : rest;
  if (is_wide) take_left(rest, canvas.em(1.4));
  Rows rows(canvas, inputs.words, left);
  write_wall(rows, inputs);
  write_picture(rows, inputs);
  if (is_wide) {
    Rows hub_rows(canvas, inputs.words, rest);
    write_hub(hub_rows, inputs);
  } else {
    write_hub(rows, inputs);
  }
  if (may_keep) write_journal(rows, inputs, *inputs.hub->health);
}

}  // namespace gridwall::ui
