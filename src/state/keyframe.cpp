#include "state/keyframe.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "state/byte_stream.hpp"
#include "state/case_move.hpp"
#include "state/keyframe_alerts.hpp"

namespace gridwall::state {

using base::Error;
using base::ErrorCode;
using base::Status;

namespace {

constexpr std::uint32_t kMagicHead = 0x484b5747, kMagicPart = 0x504b5747;  // "GWKH", "GWKP"
constexpr std::size_t kTextBytesMax = 256;
constexpr std::size_t kPausesMax = 4096;
constexpr std::size_t kCaseBytesMin = 200, kCountedBytesMin = 40;

void put_record(ByteWriter& out, const model::CaseRecord& record) {
  out.put(record.state);
  out.put(record.severity);
  out.put(record.marks);
  out.put(record.flaws);
  for (const auto count : {record.return_count, record.rework_count, record.extension_count, record.suspension_count,
                           record.urge_count, record.reopen_count}) {
    out.put(count);
  }
  out.put(record.solved_level);
  out.put(record.limit.unit);
  out.put(record.limit.count);
  for (const base::UtcTime stamp : record.stamps) out.put(stamp);
  for (const base::UtcTime time : {record.deadline_at, record.paused_at, record.resume_due_at, record.warn_at,
                                   record.milestone_at, record.stage_due_at}) {
    out.put(time);
  }
  out.put(record.paused_used.count());
  out.put(static_cast<std::uint32_t>(record.pauses.size()));
  for (const auto& [begin, end] : record.pauses) {
    out.put(begin);
    out.put(end);
  }
}

// A moment that something happened at: what an event can say, 1970 to 2200. Periods are worked out from it, which no
// other moment would stand. (Deadlines may lie anywhere: they are compared and no more.)
base::UtcTime take_moment(ByteReader& in) {
  const base::UtcTime moment = in.take_time();
  if (moment < base::UtcTime{} || moment >= std::chrono::sys_days(std::chrono::year(2200) / 1 / 1)) in.fail();
  return in.bad() ? base::UtcTime{} : moment;
}

model::DivisionIndex take_division(ByteReader& in, std::uint32_t division_count) {
  const auto division = in.take<std::uint32_t>();
  if (division >= division_count) in.fail();
  return {in.bad() ? 0 : division};
}

model::Limit take_limit(ByteReader& in) {
  const auto unit = in.take<std::uint8_t>();
  if (unit > static_cast<std::uint8_t>(model::LimitUnit::WorkDay)) in.fail();
  return {static_cast<model::LimitUnit>(unit), in.take<std::uint32_t>()};
}

model::CaseRecord take_record(ByteReader& in) {
  model::CaseRecord record;
  const auto state = model::case_state_from_number(in.take<std::uint8_t>());
  const auto severity = in.take<std::uint8_t>();
  if (!state || severity < 1 || severity > 4) in.fail();
  record.state = state.value_or(model::CaseState::Reported);
  record.severity = in.bad() ? model::Severity::Minor : static_cast<model::Severity>(severity);
  record.marks = in.take<std::uint16_t>();
  record.flaws = in.take<std::uint16_t>();
  for (auto* count : {&record.return_count, &record.rework_count, &record.extension_count, &record.suspension_count,
                      &record.urge_count, &record.reopen_count}) {
    *count = in.take<std::uint8_t>();
  }
  record.solved_level = in.take<std::int8_t>();
  record.limit = take_limit(in);
  for (base::UtcTime& stamp : record.stamps) stamp = take_moment(in);
  for (auto* time : {&record.deadline_at, &record.paused_at, &record.resume_due_at, &record.warn_at,
                     &record.milestone_at, &record.stage_due_at}) {
    *time = in.take_time();
  }
  record.paused_used = base::Duration(in.take<std::int64_t>());
  const std::uint32_t pause_count = in.take_count(16);
  if (pause_count > kPausesMax) in.fail();
  for (std::uint32_t i = 0; i < pause_count && !in.bad(); ++i) {
    const base::UtcTime begin = take_moment(in);
    record.pauses.emplace_back(begin, take_moment(in));
  }
  return record;
}

// The hash of everything before it stands at the end: a cut or changed part is told from a whole one.
void seal(ByteWriter& out) {
  out.put(base::hash_bytes(out.bytes()));
}

base::Result<ByteReader> unsealed(std::string_view bytes, std::uint32_t magic, std::uint64_t tree_hash,
                                  const char* what) {
  const auto refuse = [&](const char* why) {
    return Error{ErrorCode::Malformed, fmt::format("keyframe {}: {}", what, why)};
  };
  if (bytes.size() < sizeof(std::uint64_t)) return refuse("too short to be one");
  std::uint64_t hash = 0;
  std::memcpy(&hash, bytes.data() + bytes.size() - sizeof hash, sizeof hash);
  bytes.remove_suffix(sizeof hash);
  if (hash != base::hash_bytes(bytes)) return refuse("bytes were cut or changed; take another keyframe");
  ByteReader in(bytes);
  if (in.take<std::uint32_t>() != magic) return refuse("not what was expected here");
  if (in.take<std::uint16_t>() != kKeyframeVersion) return refuse("written by another version of Gridwall");
  if (in.take<std::uint64_t>() != tree_hash) return refuse("made over other divisions than these");
  return in;
}

void open_part(ByteWriter& out, std::uint32_t magic, const model::DivisionTree& tree) {
  out.put(magic);
  out.put(kKeyframeVersion);
  out.put(tree.content_hash());
}

}  // namespace

// The one that may look into a World.
class KeyframeAccess {
 public:
  static Keyframe encode(const World& world, std::span<const KeyframeScope> scopes) {
    const model::DivisionTree& tree = *world.m_tree;
    Keyframe keyframe;
    const AlertEncoder alerts(world.m_alerts, tree, world.m_state_time);
    keyframe.head = encode_head(world, alerts);
    // Which part each division belongs to: a parent stands before its children.
    constexpr std::uint32_t kNoPart = 0xffffffffu;
    std::vector<std::uint32_t> part_of(tree.divisions().size(), kNoPart);
    for (const KeyframeScope& scope : scopes) {
      part_of[scope.division.value] = static_cast<std::uint32_t>(keyframe.parts.size());
      keyframe.parts.push_back({scope, {}});
    }
    for (std::uint32_t i = 1; i < part_of.size(); ++i) {
      if (part_of[i] != kNoPart) continue;
      const std::uint32_t part = part_of[tree.divisions()[i].parent.value];
      if (part != kNoPart && !scopes[part].own_only) part_of[i] = part;
    }
    std::vector<std::vector<std::uint32_t>> cases(keyframe.parts.size());
    std::vector<std::vector<const CountedCase*>> counted(keyframe.parts.size());
    std::vector<std::vector<std::uint32_t>> divisions(keyframe.parts.size());
    for (std::uint32_t i = 0; i < part_of.size(); ++i) {
      if (part_of[i] != kNoPart) divisions[part_of[i]].push_back(i);
    }
    std::vector<std::vector<const RegisterEntry*>> entries(keyframe.parts.size());
    world.m_register.for_each([&](const RegisterEntry& entry) {
      if (part_of[entry.division.value] != kNoPart) entries[part_of[entry.division.value]].push_back(&entry);
    });
    std::vector<bool> is_live;
    for (std::uint32_t number = 0; number < world.m_cases.count(); ++number) {
      const Incident& incident = world.m_cases.incident(number);
      const std::uint32_t part = part_of[incident.division.value];
      if (part != kNoPart && !incident.moved_away) cases[part].push_back(number);
      const std::uint32_t entry = world.m_cases.folded(number).entry;
      if (entry == kNoEntry) continue;
      if (is_live.size() <= entry) is_live.resize(std::size_t{entry} + 1, false);
      is_live[entry] = true;
    }
    world.m_figures.for_each_entry([&](std::uint32_t entry, const CountedCase& one) {
      if (entry < is_live.size() && is_live[entry]) return;  // its case tells all of it
      if (one.measure.flags == 0) return;                    // it moved away, and adds nothing here
      if (part_of[one.division.value] != kNoPart) counted[part_of[one.division.value]].push_back(&one);
    });
    for (std::size_t i = 0; i < keyframe.parts.size(); ++i) {
      ByteWriter out;
      put_part(out, world, cases[i], counted[i]);
      out.put(static_cast<std::uint32_t>(entries[i].size()));
      for (const RegisterEntry* entry : entries[i]) RegisterBook::put_entry(out, *entry);
      alerts.put_part(out, divisions[i]);
      seal(out);
      keyframe.parts[i].bytes = std::move(out.bytes());
    }
    return keyframe;
  }

  static Status restore(World& world, std::string_view head, std::span<const std::string_view> parts) {
    world.clear();
    AlertDecoder alerts(*world.m_tree, world.m_rules->alerts);
    Status status = restore_head(world, head, alerts);
    std::vector<Restored> cases;
    for (std::size_t i = 0; i < parts.size() && status.ok(); ++i) status = read_part(world, parts[i], cases, alerts);
    if (status.ok()) {
      std::sort(cases.begin(), cases.end(),
                [](const Restored& a, const Restored& b) { return a.first_sequence < b.first_sequence; });
      for (const Restored& one : cases) put_case(world, one);
      alerts.restore(world.m_alerts);  // after the cases, which have touched it
    } else {
      world.clear();  // half a state is none
    }
    return status;
  }

  static std::string encode_case(const World& world, std::string_view incident_id) {
    const auto number = world.m_cases.find(incident_id);
    if (!number || world.m_cases.incident(*number).moved_away) return {};
    ByteWriter out;
    put_case(out, world, *number);
    return std::move(out.bytes());
  }

  // False: bytes that say what cannot be, or another incident.
  static bool arrive(World& world, const model::SequencedEvent& event, model::DivisionIndex division) {
    ByteReader in(event.event.moved_case);
    Restored one = take_case(in, static_cast<std::uint32_t>(world.m_ancestry->size()));
    if (in.bad() || !in.at_end() || one.id != event.event.incident.incident_id) return false;
    one.incident.division = division;
    one.incident.located = event.point_world.has_value();
    one.incident.point_units = event.point_world ? world.m_tree->to_units(*event.point_world) : base::Vec2i{};
    one.incident.changed_at = event.state_time;
    one.incident.last_sequence = event.sequence;
    put_case(world, one);
    return true;
  }

 private:
  struct Restored {
    std::string_view id, class_code, channel, department, condition;
    Incident incident;
    model::CaseRecord record;
    std::uint64_t first_sequence = 0;
    bool counted = true;
  };

  static std::string encode_head(const World& world, const AlertEncoder& alerts) {
    ByteWriter out;
    open_part(out, kMagicHead, *world.m_tree);
    out.put(world.m_state_time);
    for (const std::uint64_t count :
         {world.m_sequence, world.m_event_count, world.m_simulated_event_count, world.m_out_of_order_count,
          world.m_unknown_class_count, world.m_joined_late_count}) {
      out.put(count);
    }
    alerts.put_head(out);
    seal(out);
    return std::move(out.bytes());
  }

  static Status restore_head(World& world, std::string_view head, AlertDecoder& alerts) {
    TRY_ASSIGN(ByteReader in, unsealed(head, kMagicHead, world.m_tree->content_hash(), "head"));
    const base::UtcTime state_time = take_moment(in);
    for (auto* count : {&world.m_sequence, &world.m_event_count, &world.m_simulated_event_count,
                        &world.m_out_of_order_count, &world.m_unknown_class_count, &world.m_joined_late_count}) {
      *count = in.take<std::uint64_t>();
    }
    alerts.take_head(in, state_time);
    if (in.bad() || !in.at_end())
      return Error{ErrorCode::Malformed, "keyframe head: of another length than it should be"};
    world.advance_to(state_time);
    return {};
  }

  static void put_case(ByteWriter& out, const World& world, std::uint32_t number) {
    const Incident& incident = world.m_cases.incident(number);
    const FoldedCase& folded = world.m_cases.folded(number);
    out.put_text(incident.id);
    out.put_text(world.m_classes.text(incident.class_symbol));
    out.put_text(world.m_channels.text(incident.channel_symbol));
    out.put_text(world.m_departments.text(incident.department_symbol));
    out.put_text(world.m_conditions.text(folded.condition));
    out.put(incident.division.value);
    out.put(incident.point_units.x);
    out.put(incident.point_units.y);
    out.put(incident.first_seen_at);
    out.put(incident.changed_at);
    out.put(incident.last_sequence);
    out.put(folded.first_sequence);
    for (const bool truth : {incident.located, incident.simulated, incident.recurrent, incident.suspected_duplicate,
                             folded.entry != kNoEntry}) {
      out.put(static_cast<std::uint8_t>(truth));
    }
    put_record(out, folded.record);
  }

  static void put_part(ByteWriter& out, const World& world, const std::vector<std::uint32_t>& cases,
                       const std::vector<const CountedCase*>& counted) {
    open_part(out, kMagicPart, *world.m_tree);
    out.put(static_cast<std::uint32_t>(cases.size()));
    for (const std::uint32_t number : cases) {
      put_case(out, world, number);
    }
    out.put(static_cast<std::uint32_t>(counted.size()));
    for (const CountedCase* one : counted) {
      const auto key = [&](Dimension dimension) { return one->keys[static_cast<std::size_t>(dimension)]; };
      out.put_text(world.m_departments.text(key(Dimension::Department)));
      out.put_text(world.m_channels.text(key(Dimension::Channel)));
      out.put_text(world.m_classes.text(key(Dimension::Class)));
      out.put(static_cast<std::uint8_t>(key(Dimension::Severity)));
      out.put(one->division.value);
      out.put(one->reported_at);
      out.put(one->measure.flags);
      out.put(one->measure.accept_ms);
      out.put(one->measure.handle_ms);
    }
  }

  static Restored take_case(ByteReader& in, std::uint32_t division_count) {
    Restored one;
    one.id = in.take_text(kTextBytesMax);
    if (one.id.empty()) in.fail();
    one.class_code = in.take_text(kTextBytesMax);
    one.channel = in.take_text(kTextBytesMax);
    one.department = in.take_text(kTextBytesMax);
    one.condition = in.take_text(kTextBytesMax);
    one.incident.division = take_division(in, division_count);
    one.incident.point_units.x = in.take<std::int32_t>();
    one.incident.point_units.y = in.take<std::int32_t>();
    one.incident.first_seen_at = take_moment(in);
    one.incident.changed_at = take_moment(in);
    one.incident.last_sequence = in.take<std::uint64_t>();
    one.first_sequence = in.take<std::uint64_t>();
    for (auto* truth : {&one.incident.located, &one.incident.simulated, &one.incident.recurrent,
                        &one.incident.suspected_duplicate, &one.counted}) {
      *truth = in.take_truth();
    }
    one.record = take_record(in);
    one.incident.severity = one.record.severity;
    return one;
  }

  static Status read_part(World& world, std::string_view bytes, std::vector<Restored>& cases, AlertDecoder& alerts) {
    TRY_ASSIGN(ByteReader in, unsealed(bytes, kMagicPart, world.m_tree->content_hash(), "part"));
    const auto division_count = static_cast<std::uint32_t>(world.m_ancestry->size());
    const std::uint32_t case_count = in.take_count(kCaseBytesMin);
    for (std::uint32_t i = 0; i < case_count && !in.bad(); ++i) {
      cases.push_back(take_case(in, division_count));
    }
    std::vector<CountedCase> counted;
    const std::uint32_t counted_count = in.take_count(kCountedBytesMin);
    for (std::uint32_t i = 0; i < counted_count && !in.bad(); ++i) {
      CountedCase one;
      const std::string_view department = in.take_text(kTextBytesMax), channel = in.take_text(kTextBytesMax);
      const std::string_view class_code = in.take_text(kTextBytesMax);
      const auto severity = in.take<std::uint8_t>();
      one.keys = {world.m_departments.intern(department), world.m_channels.intern(channel),
                  world.m_classes.intern(class_code), severity};
      one.division = take_division(in, division_count);
      one.reported_at = take_moment(in);
      one.measure.flags = in.take<std::uint64_t>();
      one.measure.accept_ms = in.take<std::int64_t>();
      one.measure.handle_ms = in.take<std::int64_t>();
      if (severity < 1 || severity > 4 || one.measure.flags >> model::kCountCount != 0) in.fail();
      counted.push_back(one);
    }
    std::vector<RegisterEntry> entries;
    const std::uint32_t entry_count = in.take_count(RegisterBook::kEntryBytesMin);
    for (std::uint32_t i = 0; i < entry_count && !in.bad(); ++i) {
      entries.push_back(RegisterBook::take_entry(in, division_count));
    }
    if (!in.bad()) alerts.take_part(in);
    if (in.bad() || !in.at_end()) return Error{ErrorCode::Malformed, "keyframe part: says what cannot be"};
    for (const CountedCase& one : counted) {
      world.m_figures.insert(one);
      world.m_shares.change(one.division, one.reported_at, 0, one.measure.flags);
      world.m_digests.change(one.division, 0, hash_counted(one, world.texts_of(one)));
    }
    for (RegisterEntry& entry : entries) {
      const model::DivisionIndex division = entry.division;
      world.m_digests.change(division, 0, world.m_register.restore(std::move(entry)));
    }
    return {};
  }

  static void put_case(World& world, const Restored& one) {
    const std::uint64_t hash = CaseStore::hash_of(one.id);
    const auto known = world.m_cases.find(one.id, hash);
    if (known && !world.m_cases.incident(*known).moved_away) return;  // two parts that overlap
    const std::uint32_t number = known ? *known : world.m_cases.add(one.id, hash);
    Incident& incident = world.m_cases.edit(number);
    const std::string_view id = incident.id;
    incident = one.incident;
    incident.id = id;
    incident.class_symbol = world.m_classes.intern(one.class_code);
    incident.channel_symbol = world.m_channels.intern(one.channel);
    incident.department_symbol = world.m_departments.intern(one.department);
    static_cast<void>(world.class_info(incident.class_symbol));
    FoldedCase& folded = world.m_cases.folded(number);
    folded.record = one.record;
    folded.first_sequence = one.first_sequence;
    folded.condition = world.m_conditions.intern(one.condition);
    folded.forgotten = !one.counted;
    world.settle(number, incident.division, known.has_value());
  }
};

std::string encode_case(const World& world, std::string_view incident_id) {
  return KeyframeAccess::encode_case(world, incident_id);
}

void World::move_in(const model::SequencedEvent& event) {
  const model::DivisionIndex division = known(event.division) ? event.division : event.unlocated_in;
  // What cannot be read shows as a digest that differs, and a new snapshot brings it.
  if (known(division)) static_cast<void>(KeyframeAccess::arrive(*this, event, division));
}

Keyframe encode_keyframe(const World& world) {
  const model::DivisionTree& tree = world.tree();
  std::vector<KeyframeScope> scopes{{tree.root(), true}};
  const model::Range children = tree.at(tree.root()).children;
  for (std::uint32_t i = children.begin; i < children.end; ++i) scopes.push_back({{i}, false});
  return KeyframeAccess::encode(world, scopes);
}

Keyframe encode_keyframe(const World& world, std::span<const KeyframeScope> scopes) {
  return KeyframeAccess::encode(world, scopes);
}

Status restore_keyframe(World& world, std::string_view head, std::span<const std::string_view> parts) {
  return KeyframeAccess::restore(world, head, parts);
}

}  // namespace gridwall::state
