#pragma once
// What the load is put on: people with logins, exams under way, and the one
// set of settings by which the runtime in this process and the server run on
// the same database.

#include "actors/system.hpp"
#include "config/settings.hpp"
#include "persistence/vault.hpp"

#include <memory>

namespace prometheus {
class Registry;
}

namespace zhiku::fault {

using domain::instant;
using domain::json;
using domain::seconds;

/// The runtime inside this process, as the server's settings make it.
class runtime {
public:
  /// @throws std::runtime_error when the settings are not whole
  explicit runtime(const std::string& dsn);
  ~runtime();

  actors::gateway& gateway() {
    return *system_;
  }

  /// Carries the orders out side by side; outcomes in the same order.
  std::vector<actors::outcome> all(std::vector<actors::order> orders);

  actors::outcome one(actors::order what);

private:
  persistence::vault keys_;
  std::unique_ptr<actors::system> system_;
};

domain::actor_ref system_actor();
domain::actor_ref applicant_actor(const std::string& id);
domain::actor_ref staff_actor(const std::string& role);

/// A person who is logged in.
struct person {
  std::string id;
  std::string token;
};

/// A question as it was shown to one person; all are right or wrong.
struct shown_question {
  std::string right;
  std::string wrong;
};

/// Somebody in the middle of an exam.
struct sitting {
  person who;
  std::string case_id;
  std::string session_id;
  std::string writer;
  std::string deadline; ///< as the server told it
  instant closes_at{};  ///< deadline and grace
  std::vector<shown_question> questions;

  std::string stream() const {
    return "exam_session/" + session_id;
  }
};

inline constexpr int question_tenths = 10;
/// The bank, in which the right option has index 0 and the wrong one 1.
json question_list();
/// A form that may be submitted by everybody whom `add_people` makes.
json application_form();

/// Writes the question bank where servers read it.
void add_questions(const std::string& dsn);

/// Registers people and logs them in.
std::vector<person> add_people(runtime& inside, const std::string& dsn,
                               std::size_t count);

/// Opens one submitted case for each; gives their ids.
std::vector<std::string> open_cases(runtime& inside,
                                    const std::vector<person>& people);

/// Brings people through review into an exam of their own, `durations` long
/// each, and starts it.
std::vector<sitting> start_exams(runtime& inside, const std::string& dsn,
                                 const std::vector<seconds>& durations);

} // namespace zhiku::fault
