#include "app/wall_session.hpp"

#include "app/paths.hpp"
#include "app/wall_loop.hpp"
#include "base/log.hpp"

namespace gridwall::app {

base::Status run_wall_session(const WallSession& session, const StopSignal& stop, WallStart start) {
  TRY_ASSIGN(const StageOptions of_stage, stage_options(session.output, session.data.profile));
  WallViewOptions view_options;
  TRY_ASSIGN(view_options.wall, open_wall_profile(session.data.root, session.output.wall));
  view_options.data_source = session.request_endpoint;
  TRY_ASSIGN(view_options.basemap, choose_basemap(session.output.basemap, session.data));

  LiveWorldOptions world_options;
  world_options.tree = session.data.tree;
  world_options.vocabulary = session.data.vocabulary;
  world_options.rules = session.data.rules;
  world_options.subscriber.request_endpoint = session.request_endpoint;
  world_options.subscriber.feed_endpoint = session.feed_endpoint;
  world_options.subscriber.prefix = session.prefix;
  world_options.subscriber.tree_hash = session.data.tree->content_hash();
  world_options.subscriber.rules_hash = session.data.rules_hash;
  world_options.subscriber.has_state = true;
  world_options.subscriber.security = session.security;

  const base::SystemClock clock;
  TRY_ASSIGN(const auto world, LiveWorld::start(std::move(world_options), clock));
  TRY_ASSIGN(const auto remote, feed::HubRemote::start({session.request_endpoint, session.security}, clock));
  for (const model::ReplayOrder& order : session.first_orders) remote->order(order);
  view_options.give_order = [&remote](model::ReplayOrder order) { remote->order(std::move(order)); };
  view_options.health_shown = session.output.health;
  view_options.view = session.output.view;
  if (const auto folder = state_folder(); folder.ok()) {
    view_options.state_folder = *folder;
  } else {
    base::log_warning("app", "no saved views: {}", folder.error().message);
  }
  if (start.stage == nullptr) {
    TRY_ASSIGN(start.stage, Stage::create(of_stage));
  }
  TRY_ASSIGN(const auto view, WallView::create(*start.stage, session.data, std::move(view_options)));
  if (start.view && start.world_crs == session.data.tree->world_crs()) view->camera().jump_to(*start.view);
  return run_wall_loop({*start.stage, *view, *world, *remote, session.output, clock, stop});
}

}  // namespace gridwall::app
