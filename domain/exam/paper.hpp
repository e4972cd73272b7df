#pragma once
// One person's paper: drawn once from the bank, frozen, and from then on
// graded without it. Pure functions of plan, bank and seed.

#include "domain/exam/question_bank.hpp"

namespace zhiku::domain {

/// A question of a paper with the answer given to it. Twenty bytes, because a
/// hundred thousand papers of eighty are held at once.
struct paper_item {
  std::uint32_t question = 0; ///< question::number
  std::uint32_t order = 0;    ///< bank index shown at place p: bits 4p..4p+3
  std::uint32_t seq = 0;      ///< client sequence of the stored answer
  std::uint16_t version = 0;
  std::uint8_t block = 0; ///< index into exam_plan::paper
  std::uint8_t option_count = 0;
  option_set key = 0;
  option_set chosen = 0;

  bool operator==(const paper_item&) const = default;

  /// Bank index of the option shown at `place` (0-based).
  std::size_t shown_at(std::size_t place) const {
    return (order >> (4 * place)) & 15;
  }
};

using paper = std::vector<paper_item>;

/// What a seed text makes of all draws and shuffles.
std::uint64_t seed_of(std::string_view text);

/// Draws by the quotas of `plan.paper`, shuffles inside each block, and the
/// options of all but JUDGE and pinned questions. `paper_unavailable` when
/// the bank is too small. The same seed gives the same paper.
result<paper> draw(const exam_plan& plan, const question_bank& bank,
                   std::uint64_t seed);

/// The name under which option `index` of question `n` (1-based) is shown:
/// different in every paper, so that letters cannot be passed on.
std::string option_id(std::uint64_t seed, std::size_t n, std::size_t index);

/// The options named by `ids`; nothing when one is foreign or named twice.
std::optional<option_set> options_named(std::uint64_t seed, std::size_t n,
                                        const paper_item& item,
                                        const json& ids);

/// Tenths of a point for one answer.
std::int64_t grade(multi_rule rule, const paper_block& block, option_set key,
                   option_set chosen);

/// Tenths of a point for the whole paper.
std::int64_t grade(const exam_plan& plan, const paper& all);

/// The frozen part of a paper as compact text for an event, without answers:
/// 24 hex digits an item.
std::string pack(const paper& all);

/// What `pack` made; nothing when it is damaged.
std::optional<paper> unpack(std::string_view text);

} // namespace zhiku::domain
