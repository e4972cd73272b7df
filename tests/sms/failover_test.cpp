#include "sms/failover.hpp"

#include <gtest/gtest.h>

namespace zhiku::sms {

namespace {

/// Answers as told and counts what it was asked.
class stand_in : public carrier {
public:
  stand_in(std::string name, verdict answer, int& asked)
      : name_(std::move(name)), answer_(answer), asked_(asked) {
    // nop
  }

  result send(const message&) override {
    ++asked_;
    return {answer_, name_ + "-code", name_ + "-serial", name_};
  }

  status status_of(const inquiry& about) override {
    if (about.carrier != name_)
      return {};
    return {fate::delivered, name_};
  }

private:
  std::string name_;
  verdict answer_;
  int& asked_;
};

struct outcome {
  verdict what;
  std::string carrier;
  int first = 0;
  int second = 0;

  bool operator==(const outcome&) const = default;
};

std::unique_ptr<carrier> two(verdict first, verdict second, int& asked_first,
                             int& asked_second) {
  std::vector<std::unique_ptr<carrier>> all;
  all.push_back(std::make_unique<stand_in>("first", first, asked_first));
  all.push_back(std::make_unique<stand_in>("second", second, asked_second));
  return make_failover(std::move(all));
}

outcome tried(verdict first, verdict second) {
  outcome out{};
  auto answer = two(first, second, out.first, out.second)->send({});
  out.what = answer.what;
  out.carrier = answer.carrier;
  return out;
}

} // namespace

TEST(failover, the_first_is_enough_when_it_sends) {
  EXPECT_EQ(tried(verdict::sent, verdict::sent),
            (outcome{verdict::sent, "first", 1, 0}));
}

TEST(failover, the_next_is_tried_when_the_carrier_cannot) {
  for (auto fault : {verdict::other_carrier, verdict::retry})
    for (auto answer :
         {verdict::sent, verdict::wait, verdict::never, verdict::unknown})
      EXPECT_EQ(tried(fault, answer), (outcome{answer, "second", 1, 1}));
}

TEST(failover, the_person_or_the_number_is_the_same_with_every_carrier) {
  for (auto answer : {verdict::wait, verdict::never})
    EXPECT_EQ(tried(answer, verdict::sent), (outcome{answer, "first", 1, 0}));
}

TEST(failover, what_may_have_been_sent_is_not_sent_again) {
  EXPECT_EQ(tried(verdict::unknown, verdict::sent),
            (outcome{verdict::unknown, "first", 1, 0}));
}

TEST(failover, when_none_can_a_later_try_is_worth_it_if_one_said_so) {
  using enum verdict;
  EXPECT_EQ(tried(other_carrier, other_carrier),
            (outcome{other_carrier, "second", 1, 1}));
  EXPECT_EQ(tried(retry, other_carrier), (outcome{retry, "first", 1, 1}));
  EXPECT_EQ(tried(other_carrier, retry), (outcome{retry, "second", 1, 1}));
  EXPECT_EQ(tried(retry, retry), (outcome{retry, "first", 1, 1}));
}

TEST(failover, only_the_carrier_that_sent_is_asked_about_it) {
  int first = 0;
  int second = 0;
  auto both = two(verdict::sent, verdict::sent, first, second);
  inquiry about;
  about.carrier = "second";
  EXPECT_EQ(both->status_of(about), (status{fate::delivered, "second"}));
  about.carrier = "gone";
  EXPECT_EQ(both->status_of(about), status{});
}

} // namespace zhiku::sms
