#include "ui/footer_panel.hpp"

#include <fmt/format.h>

#include "ui/panel.hpp"
#include "ui/text_format.hpp"

namespace gridwall::ui {

void FooterPanel::draw(const base::Box2d& box, const FontSet& fonts, const Inputs& inputs, CommandSink&,
                       std::vector<TextRun>* record) {
  const PanelWindow window("footer", box);
  Canvas canvas(fonts, record);
  canvas.fill(box, kPanel);
  base::Box2d rest = make_box(box.min.x + canvas.em(1.4), box.min.y, box.max.x - canvas.em(1.1), box.max.y);
  const model::FeedStatus& feed = inputs.feed;
  const auto item = [&](std::string_view key, const std::string& value, bool is_abnormal) {
    const std::string text = inputs.words.fill(key, {value});
    if (canvas.width(FontRole::Small, text) > rest.width()) return;
    const double width = canvas.text(rest, FontRole::Small, is_abnormal ? kWarn : kTextFaint, text);
    take_left(rest, width + canvas.em(1.6));
  };
  const std::string version = inputs.words.fill("footer.version", {inputs.version});
  canvas.text(take_right(rest, canvas.width(FontRole::Small, version) + 1), FontRole::Small, kTextFaint, version,
              Align::Right);
  take_right(rest, canvas.em(1.6));

  item("footer.sequence", grouped(feed.last_sequence), false);
  item("footer.events", grouped(feed.received_count), false);
  item("footer.gaps", grouped(feed.gap_count), feed.gap_count > 0);
  if (feed.missed_count > 0) item("footer.missed", grouped(feed.missed_count), true);
  item("footer.bad", grouped(feed.bad_count), feed.bad_count > 0);
  item("footer.out_of_order", grouped(inputs.snapshot.out_of_order_count), false);
  // Of a feed that is silent or refused there is no lag and no round trip to tell, least of all zero.
  const bool is_heard = feed.state == model::FeedState::Live || feed.state == model::FeedState::Behind;
  const double lag_s = std::chrono::duration<double>(feed.behind).count();
  if (is_heard) item("footer.lag", fmt::format("{:.1f}", lag_s), feed.state == model::FeedState::Behind);
  if (is_heard && feed.round_trip) {
    const double trip_ms = std::chrono::duration<double, std::milli>(*feed.round_trip).count();
    item("footer.round_trip", fmt::format("{:.1f}", trip_ms), false);
  }
  if (!inputs.data_source.empty() && rest.width() > canvas.em(8)) {
    canvas.text(rest, FontRole::Small, kTextFaint, inputs.words.fill("footer.source", {inputs.data_source}),
                Align::Right);
  }
}

}  // namespace gridwall::ui
