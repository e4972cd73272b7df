#include "persistence/postgres_store.hpp"

#include "persistence/journal/outbox.hpp"
#include "persistence/journal/reader.hpp"
#include "persistence/journal/statements.hpp"
#include "persistence/journal/writer.hpp"

#include <set>
#include <span>
#include <utility>

#include <soci/soci.h>

namespace zhiku::persistence {

using domain::nothing;

namespace {

class postgres_store final : public store {
public:
  postgres_store(std::string dsn, vault& keys)
      : db_(std::move(dsn)), vault_(keys) {
    // nop
  }

  std::vector<appended> commit(const std::vector<append>& batch) override {
    std::vector<appended> answers(batch.size());
    if (auto made = make_keys(batch); !made) {
      for (auto& answer : answers)
        answer.code = made.error().code;
      return answers;
    }
    commit_range(batch, answers, 0, batch.size());
    return answers;
  }

  result<std::vector<loaded>>
  load(const std::vector<std::string>& streams) override {
    return ask<std::vector<loaded>>([&](soci::session& sql) {
      return journal_reader{sql, vault_}.load(streams);
    });
  }

  result<std::optional<kept_outcome>>
  find_outcome(const repeated_command& which) override {
    using found = result<std::optional<kept_outcome>>;
    auto asked = ask<found>([&](soci::session& sql) {
      return journal_reader{sql, vault_}.find_outcome(which);
    });
    return asked ? std::move(*asked) : found{asked.error()};
  }

  result<bool> holds(const std::string& stream, std::int32_t version,
                     const std::string& chain) override {
    return ask<bool>([&](soci::session& sql) {
      return journal_reader{sql, vault_}.holds(stream, version, chain);
    });
  }

  result<std::vector<due_effect>> claim(lane which, instant now,
                                        instant lease_end,
                                        std::size_t limit) override {
    return ask<std::vector<due_effect>>([&](soci::session& sql) {
      return outbox{sql, vault_}.claim(which, now, lease_end, limit);
    });
  }

  result<nothing> settle(const std::vector<settlement>& all) override {
    return db_.run([&](soci::session& sql) {
      db_.prepared().run(sql, journal_sql::settle_effects,
                         settlement_values(all));
    });
  }

  result<std::optional<instant>> next_due(lane which) override {
    return ask<std::optional<instant>>([&](soci::session& sql) {
      return outbox{sql, vault_}.next_due(which);
    });
  }

  result<nothing> quarantine(const std::string& stream,
                             const std::string& failure, instant at) override {
    return db_.run([&](soci::session& sql) {
      auto when = to_sql(at);
      sql << journal_sql::set_aside.sql(), soci::use(stream), soci::use(when),
        soci::use(when), soci::use(failure);
    });
  }

  result<instant> clock() override {
    return db_.clock();
  }

private:
  // What `question` answers on the connection.
  template <class Answer, class Question>
  result<Answer> ask(Question&& question) {
    std::optional<Answer> answer;
    auto outcome = db_.run([&](soci::session& sql) { answer = question(sql); });
    if (!outcome)
      return outcome.error();
    return std::move(*answer);
  }

  result<nothing> make_keys(const std::vector<append>& batch) {
    std::set<std::string> subjects;
    for (const auto& what : batch)
      if (holds_personal_data(what))
        subjects.insert(what.subject);
    if (subjects.empty())
      return nothing{};
    return db_.run([&](soci::session& sql) {
      for (const auto& subject : subjects)
        vault_.ensure_key(sql, subject);
    });
  }

  // Halves a failing batch until the failing append stands alone.
  void commit_range(const std::vector<append>& batch,
                    std::vector<appended>& answers, std::size_t first,
                    std::size_t last) {
    std::span<const append> part{batch.data() + first, last - first};
    auto outcome = write(part, std::span{answers}.subspan(first));
    if (outcome)
      return;
    auto code = outcome.error().code;
    if (part.size() > 1 && code != errc::unavailable) {
      auto middle = first + part.size() / 2;
      commit_range(batch, answers, first, middle);
      commit_range(batch, answers, middle, last);
      return;
    }
    for (auto i = first; i < last; ++i)
      refuse(batch[i], answers[i], code);
  }

  void refuse(const append& what, appended& answer, errc code) {
    answer.code = code;
    if (code != errc::duplicate_command)
      return;
    auto first = find_outcome({what.command_id, what.stream, what.request});
    if (!first)
      answer.code = first.error().code;
    else if (*first)
      answer.first = std::move(**first);
  }

  result<nothing> write(std::span<const append> part,
                        std::span<appended> answers) {
    return db_.run([&](soci::session& sql) {
      journal_writer writer{sql, db_.prepared(), vault_};
      for (std::size_t i = 0; i < part.size(); ++i)
        answers[i] = writer.add(part[i]);
      if (writer.only_events()) {
        writer.write();
        return;
      }
      soci::transaction scope{sql};
      writer.write();
      scope.commit();
    });
  }

  database db_;
  vault& vault_;
};

} // namespace

std::unique_ptr<store> make_postgres_store(std::string dsn, vault& keys) {
  return std::make_unique<postgres_store>(std::move(dsn), keys);
}

} // namespace zhiku::persistence
