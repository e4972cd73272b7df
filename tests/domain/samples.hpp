#pragma once
// One good form, one good bank, one good plan.

#include "tests/domain/harness.hpp"

#include "domain/form.hpp"

namespace zhiku::tests {

inline json good_form() {
  return {{"target_pools", {"BID", "GREEN"}},
          {"name", "李明"},
          {"id_type", "RESIDENT_ID"},
          {"id_no", "440524198001010013"},
          {"gender", "MALE"},
          {"birth_date", "1980-01-01"},
          {"mobile", "13800138000"},
          {"address", "深圳市福田区莲花街道1号"},
          {"education", "BACHELOR"},
          {"degree", "NONE"},
          {"title_level", "MIDDLE"},
          {"employer", "深圳某物业有限公司"},
          {"position", "项目经理"},
          {"work_started_on", "2002-07"},
          {"trade_years", 15},
          {"categories", {"MANAGEMENT"}}};
}

/// Questions whose right options begin with "right".
inline json bank_list(int singles = 6, int multis = 4, int judges = 4) {
  json list = json::array();
  auto add = [&](std::string type, json options, json key) {
    auto number = list.size() + 1;
    list.push_back({{"id", "q-" + std::to_string(number)},
                    {"number", number},
                    {"version", 1},
                    {"type", std::move(type)},
                    {"topic", "LAW"},
                    {"stem", "question " + std::to_string(number)},
                    {"options", std::move(options)},
                    {"key", std::move(key)}});
  };
  for (int i = 0; i < singles; ++i)
    add("SINGLE", {"wrong a", "right b", "wrong c", "wrong d"}, {1});
  for (int i = 0; i < multis; ++i)
    add("MULTI", {"right a", "wrong b", "right c", "wrong d"}, {0, 2});
  for (int i = 0; i < judges; ++i)
    add("JUDGE", {"right", "wrong"}, {0});
  return list;
}

inline const question_bank& good_bank() {
  static const auto bank = question_bank::from_json(bank_list());
  return bank.value();
}

/// Ninety minutes in a window of two days; ten points in all, six to pass.
inline json good_plan() {
  return {{"id", "plan-1"},
          {"name", "2026年第四季度入库考试"},
          {"window_start", "2026-11-24T01:00:00Z"},
          {"window_end", "2026-11-30T01:00:00Z"},
          {"duration_s", 5400},
          {"pass_tenths", 60},
          {"paper",
           {{{"type", "SINGLE"}, {"count", 4}, {"tenths", 10}},
            {{"type", "MULTI"}, {"count", 2}, {"tenths", 20}},
            {{"type", "JUDGE"}, {"count", 2}, {"tenths", 10}}}},
          {"multi_rule", "ALL_OR_NOTHING"}};
}

} // namespace zhiku::tests
