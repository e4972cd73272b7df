#pragma once
// The questions in force, immutable once made, so that any number of threads
// may share one bank; a new import makes a new bank.

#include "domain/exam/exam_plan.hpp"

#include <unordered_map>

namespace zhiku::domain {

inline constexpr std::size_t most_options = 8;

/// A set of options of one question: bit i is the option at index i as the
/// bank has it, whatever order a paper shows them in.
using option_set = std::uint8_t;

struct question {
  std::string id;
  std::uint32_t number = 0; ///< stable short name of `id`, in frozen papers
  std::uint16_t version = 0;
  question_type type = question_type::single;
  std::string topic;
  std::string stem;
  std::vector<std::string> options;
  option_set key = 0;
  bool pinned = false;  ///< options keep their order
  bool retired = false; ///< found, but never drawn any more
};

class question_bank {
public:
  /// Reads `[{id, number, version, type, topic, stem, options: [text], key:
  /// [index], pinned?, retired?}]`. Without `number` one is derived from `id`.
  /// `invalid_input` names the first faults by index ("questions.3.key").
  static result<question_bank> from_json(const json& list);

  /// That version of that question; null when the bank never had it.
  const question* find(std::uint32_t number, std::uint16_t version) const;

  /// What may be drawn: places of the newest version of each question of that
  /// type that is not retired, sorted by number.
  const std::vector<std::uint32_t>& drawable(question_type type) const;

  /// The question at a place that `drawable` named.
  const question& at(std::uint32_t place) const {
    return questions_[place];
  }

  /// All versions of all questions.
  std::size_t size() const {
    return questions_.size();
  }

private:
  /// Whether it was new; the same number and version is taken only once.
  bool add(question q);
  void find_drawable();

  std::vector<question> questions_;
  std::unordered_map<std::uint64_t, std::uint32_t> place_of_;
  std::vector<std::uint32_t> drawable_[3]; ///< by question_type
};

} // namespace zhiku::domain
