#include "wechat/callback.hpp"

#include "wechat/signature.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace zhiku::wechat {

namespace {

constexpr const char* app_id = "wx5823bf96d3bd56c7";
constexpr const char* token = "Zhiku_token_2024";
constexpr const char* key_text = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR";
constexpr const char* old_key_text =
  "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
constexpr const char* xml =
  "<xml><ToUserName>gh_1</ToUserName><FromUserName>oABC</FromUserName>"
  "<CreateTime>1700000000</CreateTime><MsgType>text</MsgType>"
  "<Content>hi</Content><MsgId>1</MsgId></xml>";
constexpr const char* timestamp = "1700000000";
constexpr const char* nonce = "837261945";

callback::instant at(std::int64_t seconds) {
  return callback::instant{std::chrono::seconds{seconds}};
}

const auto now = at(1700000010);

callback_settings settings_in(push_mode mode) {
  return {app_id, token, mode, key_text, {}, {}};
}

callback gate(push_mode mode) {
  return callback::of(settings_in(mode)).value();
}

callback::query clear_query() {
  return {{"signature", signature_of({token, timestamp, nonce})},
          {"timestamp", timestamp},
          {"nonce", nonce},
          {"openid", "oABC"}};
}

struct sealed_push {
  callback::query query = clear_query();
  std::string body;
};

sealed_push seal(const char* with_key = key_text, const char* for_app = app_id,
                 std::string_view message = xml) {
  auto key = message_key::of(with_key).value();
  message_crypto crypto{for_app, token, {key}};
  auto sealed = crypto.seal(key, message, timestamp, nonce);
  sealed_push out;
  out.query.emplace("encrypt_type", "aes");
  out.query.emplace("msg_signature", sealed.msg_signature);
  out.body = push_envelope({"gh_1", sealed.encrypted, {}, {}, {}});
  return out;
}

} // namespace

TEST(callback, needs_settings_that_can_work) {
  EXPECT_TRUE(callback::of(settings_in(push_mode::safe)));
  auto without_key = settings_in(push_mode::safe);
  without_key.encoding_aes_key.clear();
  EXPECT_FALSE(callback::of(without_key));
  without_key.mode = push_mode::plain;
  EXPECT_TRUE(callback::of(without_key));
  auto bad_key = settings_in(push_mode::plain);
  bad_key.encoding_aes_key = "short";
  EXPECT_FALSE(callback::of(bad_key));
  auto no_token = settings_in(push_mode::plain);
  no_token.token.clear();
  EXPECT_FALSE(callback::of(no_token));
}

TEST(callback, echoes_a_signed_get) {
  auto query = clear_query();
  query.emplace("echostr", "5927782489442352469");
  EXPECT_EQ(gate(push_mode::safe).verify_get(query), "5927782489442352469");
  query.erase("nonce");
  query.emplace("nonce", "1");
  EXPECT_FALSE(gate(push_mode::safe).verify_get(query));
}

TEST(callback, echoes_an_encrypted_get_in_clear) {
  callback_settings how{
    "wx49f0ab532d5d035a", "123456", push_mode::safe, key_text, {}, {}};
  callback::query query{
    {"msg_signature", "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96"},
    {"timestamp", "1411443780"},
    {"nonce", "437374425"},
    {"encrypt_type", "aes"},
    {"echostr", "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1"
                "o6co6Yh9Bv41n7hOchLF6p+Q=="}};
  EXPECT_EQ(callback::of(how)->verify_get(query), "5927782489442352469");
}

TEST(callback, refuses_missing_and_repeated_parameters) {
  auto query = clear_query();
  query.emplace("echostr", "1");
  for (const auto* name : {"signature", "timestamp", "nonce", "echostr"}) {
    auto missing = query;
    missing.erase(name);
    EXPECT_FALSE(gate(push_mode::plain).verify_get(missing)) << name;
    auto repeated = query;
    repeated.emplace(name, query.find(name)->second);
    EXPECT_FALSE(gate(push_mode::plain).verify_get(repeated)) << name;
  }
}

TEST(callback, takes_a_clear_push) {
  auto got = gate(push_mode::plain).verify_post(clear_query(), xml, now);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->what.content, "hi");
  EXPECT_FALSE(got->reply_key);
  EXPECT_EQ(gate(push_mode::plain).reply_body(*got, "<xml/>", now), "<xml/>");
}

TEST(callback, takes_raw_as_clear_and_nothing_else) {
  auto raw = clear_query();
  raw.emplace("encrypt_type", "raw");
  EXPECT_TRUE(gate(push_mode::plain).verify_post(raw, xml, now));
  auto odd = clear_query();
  odd.emplace("encrypt_type", "des");
  EXPECT_FALSE(gate(push_mode::plain).verify_post(odd, xml, now));
}

TEST(callback, refuses_a_forged_signature) {
  auto query = clear_query();
  query.find("signature")->second.back() ^= 1;
  EXPECT_FALSE(gate(push_mode::plain).verify_post(query, xml, now));
}

TEST(callback, opens_a_sealed_push_and_seals_the_reply) {
  auto own = gate(push_mode::safe);
  auto sealed = seal();
  auto got = own.verify_post(sealed.query, sealed.body, now);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->what.content, "hi");
  auto reply = parse_envelope(own.reply_body(*got, "<xml>r</xml>", now));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->nonce, nonce);
  EXPECT_EQ(reply->timestamp, "1700000010");
  message_crypto platform{app_id, token, {message_key::of(key_text).value()}};
  auto opened = platform.open(reply->timestamp, reply->nonce, reply->encrypted,
                              reply->msg_signature);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->message, "<xml>r</xml>");
}

TEST(callback, uses_only_the_sealed_part_of_a_compatible_push) {
  auto sealed = seal();
  auto forged = parse_push(xml).value();
  forged.content = "forged";
  forged.other.emplace("Encrypt", parse_envelope(sealed.body)->encrypted);
  auto got =
    gate(push_mode::compatible).verify_post(sealed.query, to_xml(forged), now);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->what.content, "hi");
}

TEST(callback, refuses_a_downgrade) {
  EXPECT_FALSE(gate(push_mode::safe).verify_post(clear_query(), xml, now));
  auto raw = clear_query();
  raw.emplace("encrypt_type", "raw");
  EXPECT_FALSE(gate(push_mode::safe).verify_post(raw, xml, now));
}

// W9: a forged clear body beside a genuine signature of the query.
TEST(callback, refuses_a_clear_push_in_compatible_mode) {
  auto own = gate(push_mode::compatible);
  auto got = own.verify_post(clear_query(), xml, now);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), push_refusal::downgrade);
  auto raw = clear_query();
  raw.emplace("encrypt_type", "raw");
  EXPECT_FALSE(own.verify_post(raw, xml, now));
  auto without = seal();
  without.query.erase("msg_signature");
  EXPECT_FALSE(own.verify_post(without.query, without.body, now));
}

TEST(callback, w9_knows_pushes_in_json) {
  auto refusal = [](push_mode mode, const callback::query& query,
                    std::string_view body) {
    auto got = gate(mode).verify_post(query, body, now);
    EXPECT_FALSE(got) << body;
    return got ? push_refusal::forged : got.error();
  };
  auto clear = clear_query();
  for (const auto* body :
       {R"({"ToUserName":"gh_1","List":{"TemplateId":"T"}})",
        R"( {"ToUserName":"gh_1","List":[{},{}]})", "\xEF\xBB\xBF{}"})
    EXPECT_EQ(refusal(push_mode::plain, clear, body), push_refusal::not_xml);
  EXPECT_EQ(refusal(push_mode::plain, clear, ""), push_refusal::malformed);
  auto sealed = seal().query;
  EXPECT_EQ(refusal(push_mode::safe, sealed, R"({"Encrypt":"QUJD"})"),
            push_refusal::not_xml);
  sealed.find("signature")->second = "0";
  EXPECT_EQ(refusal(push_mode::safe, sealed, R"({"Encrypt":"QUJD"})"),
            push_refusal::forged);
}

TEST(callback, w9_knows_json_inside_the_seal) {
  auto sealed = seal(key_text, app_id, R"({"MsgType":"event"})");
  auto got = gate(push_mode::safe).verify_post(sealed.query, sealed.body, now);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), push_refusal::not_xml);
}

// W10: a byte order mark and an XML declaration before the root.
TEST(callback, w10_takes_what_may_stand_before_the_root) {
  for (const std::string before :
       {"\xEF\xBB\xBF", R"(<?xml version="1.0" encoding="UTF-8"?>)",
        "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"}) {
    auto got =
      gate(push_mode::plain).verify_post(clear_query(), before + xml, now);
    ASSERT_TRUE(got) << before;
    EXPECT_EQ(got->what.content, "hi");
    auto sealed = seal();
    EXPECT_TRUE(gate(push_mode::safe)
                  .verify_post(sealed.query, before + sealed.body, now));
  }
}

TEST(callback, w1_takes_a_sealed_text_with_bytes_that_xml_forbids) {
  std::string odd = xml;
  odd.replace(odd.find("hi"), 2, std::string_view{"\0\x1D\xC9", 3});
  auto sealed = seal(key_text, app_id, odd);
  auto got = gate(push_mode::safe).verify_post(sealed.query, sealed.body, now);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->what.content, "\uFFFD\uFFFD\uFFFD");
}

TEST(callback, refuses_the_url_signature_for_a_sealed_body) {
  auto sealed = seal();
  sealed.query.erase("msg_signature");
  EXPECT_FALSE(
    gate(push_mode::safe).verify_post(sealed.query, sealed.body, now));
  sealed.query.emplace("msg_signature",
                       signature_of({token, timestamp, nonce}));
  EXPECT_FALSE(
    gate(push_mode::safe).verify_post(sealed.query, sealed.body, now));
}

TEST(callback, refuses_another_account) {
  auto sealed = seal(key_text, "wx0000000000000000");
  EXPECT_FALSE(
    gate(push_mode::safe).verify_post(sealed.query, sealed.body, now));
}

TEST(callback, opens_with_the_previous_key_while_keys_change) {
  auto how = settings_in(push_mode::safe);
  how.previous_aes_key = old_key_text;
  auto own = callback::of(how).value();
  auto sealed = seal(old_key_text);
  auto got = own.verify_post(sealed.query, sealed.body, now);
  ASSERT_TRUE(got);
  ASSERT_TRUE(got->reply_key);
  EXPECT_EQ(got->reply_key->bytes(), message_key::of(old_key_text)->bytes());
  EXPECT_FALSE(
    gate(push_mode::safe).verify_post(sealed.query, sealed.body, now));
}

TEST(callback, refuses_old_and_future_pushes_when_told_to) {
  auto how = settings_in(push_mode::plain);
  how.max_skew = std::chrono::seconds{600};
  auto own = callback::of(how).value();
  EXPECT_TRUE(own.verify_post(clear_query(), xml, at(1700000600)));
  EXPECT_FALSE(own.verify_post(clear_query(), xml, at(1700000601)));
  EXPECT_FALSE(own.verify_post(clear_query(), xml, at(1699999399)));
  for (const auto* odd : {"", "abc", "170000000x", "99999999999999999999",
                          "9223372036854775807", "-9223372036854775808"}) {
    auto query = clear_query();
    query.find("timestamp")->second = odd;
    query.find("signature")->second = signature_of({token, odd, nonce});
    EXPECT_FALSE(own.verify_post(query, xml, now)) << odd;
  }
}

TEST(callback, no_changed_byte_of_what_is_signed_passes) {
  EXPECT_TRUE(rc::check([] {
    auto own = gate(push_mode::safe);
    auto sealed = seal();
    auto encrypted = parse_envelope(sealed.body)->encrypted;
    auto flip = [](std::string& text) {
      auto at = *rc::gen::inRange<std::size_t>(0, text.size());
      auto bit = *rc::gen::inRange(0, 8);
      text[at] = static_cast<char>(text[at] ^ (1 << bit));
    };
    switch (*rc::gen::inRange(0, 4)) {
    case 0:
      flip(encrypted);
      sealed.body = push_envelope({"gh_1", encrypted, {}, {}, {}});
      break;
    case 1:
      flip(sealed.query.find("msg_signature")->second);
      break;
    case 2:
      flip(sealed.query.find("timestamp")->second);
      break;
    default:
      flip(sealed.query.find("nonce")->second);
    }
    RC_ASSERT(!own.verify_post(sealed.query, sealed.body, now));
  }));
}

TEST(callback, no_damaged_envelope_passes_as_another_message) {
  // The name in the envelope is not signed; whatever happens to the bytes,
  // what comes out is the sealed message or nothing.
  EXPECT_TRUE(rc::check([] {
    auto sealed = seal();
    auto at = *rc::gen::inRange<std::size_t>(0, sealed.body.size());
    sealed.body[at] = *rc::gen::arbitrary<char>();
    auto got =
      gate(push_mode::safe).verify_post(sealed.query, sealed.body, now);
    RC_ASSERT((!got || got->what == parse_push(xml)));
  }));
}

} // namespace zhiku::wechat
