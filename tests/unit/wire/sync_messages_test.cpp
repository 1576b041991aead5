// Sync's messages as bytes.
#include "wire/sync_messages.hpp"

#include <gtest/gtest.h>

#include "base/compressor.hpp"

namespace gridwall::wire {
namespace {

SyncRequest some_request() {
  SyncRequest request;
  request.ticket = 0xffffffffffffffff;
  request.journal[3] = 7;
  request.epoch = 0x8000000000000001;
  request.prefixes = {"320281/001/", "320281/~"};
  request.since = 66051;
  request.at_least = 66060;
  request.credits = 8;
  return request;
}

TEST(SyncMessages, every_ask_comes_back_equal) {
  for (const SyncAsk& ask : {SyncAsk(some_request()), SyncAsk(SyncCredit{5, 3}), SyncAsk(SyncStop{6})}) {
    const auto decoded = decode_sync_ask(encode_sync_ask(ask));
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_EQ(*decoded, ask);
  }
}

TEST(SyncMessages, every_answer_comes_back_equal) {
  const SyncBegin begin{5, {1, 2}, 9, true, 66051, base::UtcTime(base::Duration(1'795'311'000'123'456'789))};
  SyncPiece part{5, 1, SyncPieceKind::Part, "320281/001/", false, std::string(kSyncPieceBytesMax, 'x')};
  for (const SyncAnswer& answer :
       {SyncAnswer(begin), SyncAnswer(SyncPiece{5, 0, SyncPieceKind::Head, {}, true, {}}), SyncAnswer(part),
        SyncAnswer(SyncPiece{5, 2, SyncPieceKind::Events, {}, true, "bytes"}), SyncAnswer(SyncEnd{5, 3, 66060}),
        SyncAnswer(SyncRefused{5, "too_slow", "ask \"again\""})}) {
    const SyncParts parts = encode_sync_answer(answer);
    const auto decoded = decode_sync_answer(parts.head, parts.payload);
    ASSERT_TRUE(decoded.ok()) << parts.head << ": " << decoded.error().message;
    EXPECT_EQ(*decoded, answer);
  }
}

TEST(SyncMessages, a_broken_ask_is_refused_by_name_of_its_member) {
  const std::string good = encode_sync_ask(some_request());
  const auto broken = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    const auto decoded = decode_sync_ask(text);
    return decoded.ok() ? std::string("accepted") : decoded.error().message;
  };
  EXPECT_NE(broken(R"("v":1)", R"("v":2)").find("version 2"), std::string::npos);
  EXPECT_NE(broken(R"("sync")", R"("sink")").find("'op'"), std::string::npos);
  EXPECT_NE(broken("ffffffffffffffff", "ff").find("'ticket'"), std::string::npos);
  EXPECT_NE(broken(R"("320281/~")", R"("320281/001")").find("'prefixes'"), std::string::npos);
  EXPECT_NE(broken(R"("320281/~")", R"("320281/001/")").find("'prefixes'"), std::string::npos) << "one twice";
  EXPECT_NE(broken(R"(["320281/001/","320281/~"])", "[]").find("'prefixes'"), std::string::npos);
  EXPECT_NE(broken("66051", "-1").find("'since'"), std::string::npos);
  EXPECT_NE(broken(R"("credits":8)", R"("credits":65)").find("'credits'"), std::string::npos);
  EXPECT_FALSE(decode_sync_ask("").ok());
  EXPECT_FALSE(decode_sync_ask("[1]").ok());

  SyncRequest many = some_request();
  many.prefixes.clear();
  for (std::size_t i = 0; i <= kSyncPrefixesMax; ++i) many.prefixes.push_back(std::to_string(i) + "/");
  EXPECT_FALSE(decode_sync_ask(encode_sync_ask(many)).ok());
}

TEST(SyncMessages, a_piece_that_would_unpack_to_too_much_is_refused_before_it_takes_memory) {
  const SyncParts parts = encode_sync_answer(SyncPiece{5, 0, SyncPieceKind::Head, {}, true, "small"});
  const std::string huge = base::Compressor().compress(std::string(kSyncPieceBytesMax + 1, ' '));
  EXPECT_FALSE(decode_sync_answer(parts.head, huge).ok());
  EXPECT_FALSE(decode_sync_answer(parts.head, parts.payload.substr(0, 6)).ok()) << "cut";
  EXPECT_FALSE(decode_sync_answer(parts.head, "").ok());
  const SyncParts end = encode_sync_answer(SyncEnd{5, 1, 1});
  EXPECT_FALSE(decode_sync_answer(end.head, parts.payload).ok()) << "only a piece has a payload";
}

TEST(SyncMessages, feed_messages_in_a_piece_come_out_as_they_went_in) {
  std::string bytes;
  append_sync_event(bytes, {"a/b/", "header", "body"});
  append_sync_event(bytes, {"a/~", "", std::string_view("\0\1", 2)});
  const auto messages = read_sync_events(bytes);
  ASSERT_TRUE(messages.ok());
  ASSERT_EQ(messages->size(), 2u);
  EXPECT_EQ((*messages)[0].topic, "a/b/");
  EXPECT_EQ((*messages)[0].header, "header");
  EXPECT_EQ((*messages)[1].body, std::string_view("\0\1", 2));
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    const auto part = read_sync_events(std::string_view(bytes).substr(0, cut));
    EXPECT_TRUE(!part.ok() || part->size() == 1) << cut;
  }
}

}  // namespace
}  // namespace gridwall::wire
