#include "persistence/postgres_store.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "persistence/projections.hpp"
#include "persistence/sql_array.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include <soci/soci.h>

namespace zhiku::persistence {

using domain::nothing;

namespace {

std::int64_t micros(instant at) {
  return at.time_since_epoch().count();
}

instant from_micros(long long value) {
  return instant{domain::microseconds{value}};
}

const char* to_text(domain::effect::kind kind) {
  switch (kind) {
  case domain::effect::kind::command:
    return "command";
  case domain::effect::kind::notify:
    return "notify";
  case domain::effect::kind::sms_code:
    return "sms_code";
  }
  return "command";
}

const char* to_text(lane which) {
  return which == lane::entity ? "ENTITY" : "PERSON";
}

domain::effect::kind kind_of(std::string_view text) {
  if (text == "notify")
    return domain::effect::kind::notify;
  if (text == "sms_code")
    return domain::effect::kind::sms_code;
  return domain::effect::kind::command;
}

void add_or_null(sql_array& column, const std::string& text) {
  if (text.empty())
    column.add_null();
  else
    column.add(text);
}

bool holds_personal_data(const append& what) {
  if (what.subject.empty())
    return false;
  if (what.snapshot && !what.snapshot->pii.empty())
    return true;
  for (const auto& ev : what.events)
    if (!ev.pii.empty())
      return true;
  for (const auto& ef : what.effects)
    if (!ef.what.pii.empty())
      return true;
  for (const auto& row : what.rows)
    if (!row.pii.empty())
      return true;
  return false;
}

std::string chain_of_texts(const std::string& previous,
                           const std::string& stream, std::int32_t version,
                           instant at, const std::string& actor,
                           const domain::event& what, const std::string& data,
                           const std::string& sealed) {
  std::string text;
  text.reserve(previous.size() + stream.size() + actor.size() + data.size()
               + sealed.size() + 96);
  text.append(previous).append(stream).push_back('\n');
  text.append(std::to_string(version)).push_back('\n');
  text.append(std::to_string(micros(at))).push_back('\n');
  text.append(actor).push_back('\n');
  text.append(what.type).push_back('\n');
  text.append(std::to_string(what.schema)).push_back('\n');
  text.append(data).push_back('\n');
  text.append(sealed);
  return sha256(text);
}

// The columns of one batch, gathered append by append, written table by table.
class batch_writer {
public:
  batch_writer(soci::session& sql, prepared_statements& statements, vault& keys)
      : sql_(sql), statements_(statements), projections_(keys), vault_(keys) {
    // nop
  }

  appended add(const append& what) {
    appended answer;
    answer.version = what.expected_version;
    answer.chain = what.previous_chain;
    for (const auto& ev : what.events)
      add_event(what, ev, answer);
    for (const auto& ef : what.effects)
      add_effect(what, ef, answer.version);
    if (!what.command_id.empty() && !what.events.empty())
      add_command(what, answer.version);
    if (!what.effect_id.empty())
      add_done(what);
    for (const auto& row : what.rows)
      projections_.add(row, seal(what.subject, row.pii));
    if (what.now_stands)
      add_standing(what, answer.version);
    if (what.snapshot)
      add_snapshot(what, answer);
    return answer;
  }

  /// Whether one statement carries all: then no transaction block is needed.
  bool only_events() const {
    return effects_.id.size() == 0 && commands_.id.size() == 0
           && done_.id.size() == 0 && standings_.id.size() == 0
           && snapshots_.stream.size() == 0 && projections_.empty();
  }

  void write() {
    write_events();
    write_commands();
    write_effects();
    write_done();
    write_standings();
    write_snapshots();
    projections_.write(sql_, statements_);
  }

private:
  std::string seal(const std::string& subject, const json& clear) {
    return clear.empty() ? std::string{} : vault_.seal(sql_, subject, clear);
  }

  void add_event(const append& what, const domain::event& ev,
                 appended& answer) {
    auto sealed = seal(what.subject, ev.pii);
    auto actor = what.actor.dump(), data = ev.data.dump();
    ++answer.version;
    answer.chain = chain_of_texts(answer.chain, what.stream, answer.version,
                                  what.at, actor, ev, data, sealed);
    events_.stream.add(what.stream);
    events_.version.add_number(answer.version);
    events_.at.add_number(micros(what.at));
    events_.actor.add(actor);
    events_.type.add(ev.type);
    events_.schema.add_number(ev.schema);
    events_.data.add(data);
    add_or_null(events_.sealed, sealed);
    add_or_null(events_.subject, sealed.empty() ? "" : what.subject);
    events_.chain.add(to_hex(answer.chain));
  }

  void add_effect(const append& what, const identified_effect& ef,
                  std::int32_t version) {
    auto due = micros(ef.what.due == instant{} ? what.at : ef.what.due);
    // A code has no person yet; all else is sealed for the stream's subject.
    auto code = ef.what.what == domain::effect::kind::sms_code;
    effects_.id.add(ef.id);
    effects_.stream.add(what.stream);
    effects_.version.add_number(version);
    effects_.lane.add(to_text(lane_of(ef.what.what)));
    effects_.kind.add(to_text(ef.what.what));
    effects_.target.add(ef.what.target);
    effects_.type.add(ef.what.type);
    effects_.payload.add(ef.what.payload.dump());
    add_or_null(effects_.sealed, seal(code ? "" : what.subject, ef.what.pii));
    effects_.subject.add(code ? "" : what.subject);
    effects_.due.add_number(due);
  }

  void add_command(const append& what, std::int32_t version) {
    commands_.id.add(what.command_id);
    commands_.stream.add(what.stream);
    commands_.version.add_number(version);
    commands_.reply.add(what.reply.dump());
    commands_.at.add_number(micros(what.at));
  }

  void add_done(const append& what) {
    done_.id.add(what.effect_id);
    done_.at.add_number(micros(what.at));
  }

  void add_standing(const append& what, std::int32_t version) {
    standings_.id.add(what.stream);
    standings_.version.add_number(version);
    standings_.state.add(what.now_stands->state);
    standings_.final.add(what.now_stands->final ? "t" : "f");
    standings_.waits_for.add(what.now_stands->waits_for);
    standings_.at.add_number(micros(what.at));
  }

  void add_snapshot(const append& what, const appended& answer) {
    snapshots_.stream.add(what.stream);
    snapshots_.version.add_number(answer.version);
    snapshots_.chain.add(to_hex(answer.chain));
    snapshots_.state.add(what.snapshot->state.dump());
    add_or_null(snapshots_.sealed, seal(what.subject, what.snapshot->pii));
    snapshots_.subject.add(what.subject);
  }

  void write_events() {
    if (events_.stream.size() == 0)
      return;
    statements_.run(
      sql_,
      "INSERT INTO event (stream, version, at, actor, type, schema, data,"
      " sealed, subject, chain)"
      " SELECT s, v, to_timestamp(0) + a * interval '1 microsecond',"
      " CAST(ac AS jsonb), t, sc, CAST(d AS jsonb), se, su,"
      " decode(c, 'hex')"
      " FROM unnest(CAST(:s AS text[]), CAST(:v AS int[]),"
      " CAST(:a AS bigint[]), CAST(:ac AS text[]), CAST(:t AS text[]),"
      " CAST(:sc AS smallint[]), CAST(:d AS text[]), CAST(:se AS text[]),"
      " CAST(:su AS text[]), CAST(:c AS text[]))"
      " AS u(s, v, a, ac, t, sc, d, se, su, c)",
      {events_.stream.take(), events_.version.take(), events_.at.take(),
       events_.actor.take(), events_.type.take(), events_.schema.take(),
       events_.data.take(), events_.sealed.take(), events_.subject.take(),
       events_.chain.take()});
  }

  void write_commands() {
    if (commands_.id.size() == 0)
      return;
    statements_.run(
      sql_,
      "INSERT INTO command (id, stream, version, reply, at)"
      " SELECT i, s, v, CAST(r AS jsonb),"
      " to_timestamp(0) + a * interval '1 microsecond'"
      " FROM unnest(CAST(:i AS text[]), CAST(:s AS text[]),"
      " CAST(:v AS int[]), CAST(:r AS text[]), CAST(:a AS bigint[]))"
      " AS u(i, s, v, r, a)",
      {commands_.id.take(), commands_.stream.take(), commands_.version.take(),
       commands_.reply.take(), commands_.at.take()});
  }

  void write_effects() {
    if (effects_.id.size() == 0)
      return;
    statements_.run(
      sql_,
      "INSERT INTO effect (id, stream, version, lane, kind, target, type,"
      " payload, sealed, subject, due_at, next_at)"
      " SELECT i, s, v, l, k, t, ty, CAST(p AS jsonb), se, su, d, d"
      " FROM (SELECT *, to_timestamp(0) + du * interval '1 microsecond'"
      " AS d FROM unnest(CAST(:i AS text[]), CAST(:s AS text[]),"
      " CAST(:v AS int[]), CAST(:l AS text[]), CAST(:k AS text[]),"
      " CAST(:t AS text[]),"
      " CAST(:ty AS text[]), CAST(:p AS text[]), CAST(:se AS text[]),"
      " CAST(:su AS text[]), CAST(:du AS bigint[]))"
      " AS u(i, s, v, l, k, t, ty, p, se, su, du)) AS w"
      " ON CONFLICT (id) DO NOTHING",
      {effects_.id.take(), effects_.stream.take(), effects_.version.take(),
       effects_.lane.take(), effects_.kind.take(), effects_.target.take(),
       effects_.type.take(), effects_.payload.take(), effects_.sealed.take(),
       effects_.subject.take(), effects_.due.take()});
  }

  // A delivered effect is done in the very transaction that acts on it, and
  // its personal data goes with it.
  void write_done() {
    if (done_.id.size() == 0)
      return;
    statements_.run(
      sql_,
      "UPDATE effect SET state = 'DONE', sealed = NULL,"
      " done_at = to_timestamp(0) + u.a * interval '1 microsecond'"
      " FROM unnest(CAST(:i AS text[]), CAST(:a AS bigint[])) AS u(i, a)"
      " WHERE effect.id = u.i",
      {done_.id.take(), done_.at.take()});
  }

  void write_standings() {
    if (standings_.id.size() == 0)
      return;
    statements_.run(
      sql_,
      "INSERT INTO stream (id, version, state, final, waits_for,"
      " changed_at)"
      " SELECT i, v, s, f, w,"
      " to_timestamp(0) + a * interval '1 microsecond'"
      " FROM unnest(CAST(:i AS text[]), CAST(:v AS int[]),"
      " CAST(:s AS text[]), CAST(:f AS bool[]), CAST(:w AS text[]),"
      " CAST(:a AS bigint[])) AS u(i, v, s, f, w, a)"
      " ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version,"
      " state = EXCLUDED.state, final = EXCLUDED.final,"
      " waits_for = EXCLUDED.waits_for,"
      " changed_at = EXCLUDED.changed_at",
      {standings_.id.take(), standings_.version.take(), standings_.state.take(),
       standings_.final.take(), standings_.waits_for.take(),
       standings_.at.take()});
  }

  void write_snapshots() {
    if (snapshots_.stream.size() == 0)
      return;
    statements_.run(
      sql_,
      "INSERT INTO snapshot (stream, version, chain, state, sealed,"
      " subject)"
      " SELECT s, v, decode(c, 'hex'), CAST(st AS jsonb), se, su"
      " FROM unnest(CAST(:s AS text[]), CAST(:v AS int[]),"
      " CAST(:c AS text[]), CAST(:st AS text[]), CAST(:se AS text[]),"
      " CAST(:su AS text[])) AS u(s, v, c, st, se, su)"
      " ON CONFLICT (stream) DO UPDATE SET version = EXCLUDED.version,"
      " chain = EXCLUDED.chain, state = EXCLUDED.state,"
      " sealed = EXCLUDED.sealed, subject = EXCLUDED.subject"
      " WHERE snapshot.version < EXCLUDED.version",
      {snapshots_.stream.take(), snapshots_.version.take(),
       snapshots_.chain.take(), snapshots_.state.take(),
       snapshots_.sealed.take(), snapshots_.subject.take()});
  }

  soci::session& sql_;
  prepared_statements& statements_;
  projection_batch projections_;
  vault& vault_;
  struct {
    sql_array stream, version, at, actor, type, schema, data, sealed, subject,
      chain;
  } events_;
  struct {
    sql_array id, stream, version, reply, at;
  } commands_;
  struct {
    sql_array id, stream, version, lane, kind, target, type, payload, sealed,
      subject, due;
  } effects_;
  struct {
    sql_array id, at;
  } done_;
  struct {
    sql_array id, version, state, final, waits_for, at;
  } standings_;
  struct {
    sql_array stream, version, chain, state, sealed, subject;
  } snapshots_;
};

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
    std::vector<loaded> all;
    auto outcome = db_.run([&](soci::session& sql) {
      all.clear();
      std::map<std::string, std::size_t> places;
      for (const auto& stream : streams) {
        places.emplace(stream, all.size());
        loaded entity;
        entity.stream = stream;
        all.push_back(std::move(entity));
      }
      auto names = sql_array_of(streams);
      read_snapshots(sql, names, all, places);
      read_events(sql, names, all, places);
      read_quarantine(sql, names, all, places);
    });
    if (!outcome)
      return outcome.error();
    return all;
  }

  result<std::optional<json>>
  first_reply(const std::string& command_id) override {
    std::optional<json> reply;
    auto outcome = db_.run([&](soci::session& sql) {
      std::string text;
      sql << "SELECT CAST(reply AS text) FROM command WHERE id = :i",
        soci::use(command_id), soci::into(text);
      if (sql.got_data())
        reply = json::parse(text);
    });
    if (!outcome)
      return outcome.error();
    return reply;
  }

  result<bool> holds(const std::string& stream, std::int32_t version,
                     const std::string& chain) override {
    bool found = false;
    auto outcome = db_.run([&](soci::session& sql) {
      int count = 0;
      auto hex = to_hex(chain);
      sql << "SELECT count(*) FROM event WHERE stream = :s AND version = :v"
             " AND chain = decode(:c, 'hex')",
        soci::use(stream), soci::use(version), soci::use(hex),
        soci::into(count);
      found = count > 0;
    });
    if (!outcome)
      return outcome.error();
    return found;
  }

  result<std::vector<due_effect>> claim(lane which, instant now,
                                        instant lease_end,
                                        std::size_t limit) override {
    std::vector<due_effect> taken;
    auto outcome = db_.run([&](soci::session& sql) {
      taken.clear();
      auto until = to_sql(lease_end), due = to_sql(now);
      std::string name = to_text(which);
      auto most = static_cast<int>(limit);
      soci::rowset<soci::row> rows =
        (sql.prepare
           << "UPDATE effect SET attempts = attempts + 1,"
              " next_at = CAST(:u AS timestamptz) WHERE id IN ("
              " SELECT id FROM effect WHERE state = 'PENDING' AND lane = :lane"
              " AND next_at <= CAST(:n AS timestamptz) ORDER BY next_at LIMIT "
              ":l"
              " FOR UPDATE SKIP LOCKED)"
              " RETURNING id, stream, kind, target, type, CAST(payload AS "
              "text),"
              " sealed, subject, CAST(extract(epoch FROM due_at) * 1000000 AS"
              " bigint), attempts",
         soci::use(until), soci::use(name), soci::use(due), soci::use(most));
      for (const auto& row : rows)
        taken.push_back(read_effect(sql, row));
    });
    if (!outcome)
      return outcome.error();
    return taken;
  }

  // In the order of the ids, in which receipts lock the same effects too.
  result<nothing> settle(const std::vector<settlement>& unsorted) override {
    auto all = unsorted;
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
      return a.effect_id < b.effect_id;
    });
    sql_array ids, states, whens, failures, ats;
    for (const auto& one : all) {
      ids.add(one.effect_id);
      states.add(one.how == settlement::verdict::done   ? "DONE"
                 : one.how == settlement::verdict::park ? "PARKED"
                                                        : "PENDING");
      whens.add_number(micros(one.when));
      add_or_null(failures, one.failure);
      ats.add_number(micros(one.at));
    }
    auto id = ids.take(), state = states.take(), when = whens.take(),
         failure = failures.take(), at = ats.take();
    return db_.run([&](soci::session& sql) {
      db_.prepared().run(
        sql,
        "UPDATE effect SET state = u.s, failure = u.f,"
        " next_at = CASE WHEN u.s = 'PENDING' AND next_at > u.n THEN u.w"
        " ELSE next_at END,"
        " done_at = CASE WHEN u.s = 'DONE' THEN u.w END,"
        " sealed = CASE WHEN u.s = 'DONE' THEN NULL ELSE sealed END"
        " FROM (SELECT i, s, f,"
        " to_timestamp(0) + m * interval '1 microsecond' AS w,"
        " to_timestamp(0) + n * interval '1 microsecond' AS n"
        " FROM unnest(CAST(:i AS text[]), CAST(:s AS text[]),"
        " CAST(:m AS bigint[]), CAST(:f AS text[]), CAST(:n AS bigint[]))"
        " AS v(i, s, m, f, n)) AS u"
        " WHERE effect.id = u.i AND effect.state = 'PENDING'",
        {id, state, when, failure, at});
    });
  }

  result<std::optional<instant>> next_due(lane which) override {
    std::optional<instant> next;
    auto outcome = db_.run([&](soci::session& sql) {
      long long value = 0;
      std::string name = to_text(which);
      soci::indicator found = soci::i_null;
      sql << "SELECT CAST(extract(epoch FROM min(next_at)) * 1000000 AS"
             " bigint) FROM effect WHERE state = 'PENDING' AND lane = :lane",
        soci::use(name), soci::into(value, found);
      if (found == soci::i_ok)
        next = from_micros(value);
    });
    if (!outcome)
      return outcome.error();
    return next;
  }

  result<nothing> quarantine(const std::string& stream,
                             const std::string& failure, instant at) override {
    return db_.run([&](soci::session& sql) {
      auto when = to_sql(at);
      sql << "INSERT INTO stream (id, version, state, final, waits_for,"
             " changed_at, quarantined_at, failure)"
             " VALUES (:i, 0, 'UNKNOWN', false, 'OPERATOR',"
             " CAST(:a AS timestamptz), CAST(:b AS timestamptz), :f)"
             " ON CONFLICT (id) DO UPDATE SET"
             " quarantined_at = EXCLUDED.quarantined_at,"
             " failure = EXCLUDED.failure",
        soci::use(stream), soci::use(when), soci::use(when), soci::use(failure);
    });
  }

  result<instant> clock() override {
    return db_.clock();
  }

private:
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
    auto first = first_reply(what.command_id);
    if (first && *first)
      answer.first_reply = **first;
  }

  result<nothing> write(std::span<const append> part,
                        std::span<appended> answers) {
    return db_.run([&](soci::session& sql) {
      batch_writer writer{sql, db_.prepared(), vault_};
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

  json open(soci::session& sql, const std::string& subject,
            const std::string& sealed) {
    auto clear = vault_.open(sql, subject, sealed);
    if (!clear)
      throw std::runtime_error("sealed data was tampered with");
    return *clear;
  }

  static std::string text_or(const soci::row& row, std::size_t column) {
    return row.get_indicator(column) == soci::i_null
             ? std::string{}
             : row.get<std::string>(column);
  }

  void read_snapshots(soci::session& sql, const std::string& names,
                      std::vector<loaded>& all,
                      const std::map<std::string, std::size_t>& places) {
    soci::rowset<soci::row> rows =
      (sql.prepare
         << "SELECT stream, version, encode(chain, 'hex'), CAST(state AS text),"
            " sealed, subject FROM snapshot WHERE stream = ANY(CAST(:s AS "
            "text[]))",
       soci::use(names));
    for (const auto& row : rows) {
      auto& entity = all[places.at(row.get<std::string>(0))];
      entity.version = row.get<int>(1);
      entity.chain = from_hex(row.get<std::string>(2)).value_or("");
      stored_snapshot snapshot{json::parse(row.get<std::string>(3)),
                               json::object()};
      if (auto sealed = text_or(row, 4); !sealed.empty())
        snapshot.pii = open(sql, text_or(row, 5), sealed);
      entity.snapshot = std::move(snapshot);
    }
  }

  void read_events(soci::session& sql, const std::string& names,
                   std::vector<loaded>& all,
                   const std::map<std::string, std::size_t>& places) {
    soci::rowset<soci::row> rows =
      (sql.prepare
         << "SELECT e.stream, e.version,"
            " CAST(extract(epoch FROM e.at) * 1000000 AS bigint),"
            " CAST(e.actor AS text), e.type, CAST(e.schema AS int),"
            " CAST(e.data AS text), e.sealed, encode(e.chain, 'hex'), e.subject"
            " FROM event e LEFT JOIN snapshot s ON s.stream = e.stream"
            " WHERE e.stream = ANY(CAST(:s AS text[]))"
            " AND e.version > coalesce(s.version, 0)"
            " ORDER BY e.stream, e.version",
       soci::use(names));
    for (const auto& row : rows) {
      auto& entity = all[places.at(row.get<std::string>(0))];
      stored_event ev{row.get<int>(1),
                      from_micros(row.get<long long>(2)),
                      json::parse(row.get<std::string>(3)),
                      {}};
      ev.what.type = row.get<std::string>(4);
      ev.what.schema = row.get<int>(5);
      ev.what.data = json::parse(row.get<std::string>(6));
      if (auto sealed = text_or(row, 7); !sealed.empty())
        ev.what.pii = open(sql, text_or(row, 9), sealed);
      entity.version = ev.version;
      entity.chain = from_hex(row.get<std::string>(8)).value_or("");
      entity.events.push_back(std::move(ev));
    }
  }

  void read_quarantine(soci::session& sql, const std::string& names,
                       std::vector<loaded>& all,
                       const std::map<std::string, std::size_t>& places) {
    soci::rowset<soci::row> rows =
      (sql.prepare << "SELECT id FROM stream WHERE id = ANY(CAST(:s AS text[]))"
                      " AND quarantined_at IS NOT NULL",
       soci::use(names));
    for (const auto& row : rows)
      all[places.at(row.get<std::string>(0))].quarantined = true;
  }

  due_effect read_effect(soci::session& sql, const soci::row& row) {
    due_effect due;
    due.id = row.get<std::string>(0);
    due.stream = row.get<std::string>(1);
    due.what.what = kind_of(row.get<std::string>(2));
    due.what.target = row.get<std::string>(3);
    due.what.type = row.get<std::string>(4);
    due.what.payload = json::parse(row.get<std::string>(5));
    if (auto sealed = text_or(row, 6); !sealed.empty())
      due.what.pii = open(sql, text_or(row, 7), sealed);
    due.what.due = from_micros(row.get<long long>(8));
    due.attempts = row.get<int>(9);
    return due;
  }

  database db_;
  vault& vault_;
};

} // namespace

lane lane_of(domain::effect::kind kind) {
  return kind == domain::effect::kind::command ? lane::entity : lane::person;
}

std::string next_chain(const std::string& previous, const std::string& stream,
                       std::int32_t version, instant at, const json& actor,
                       const domain::event& what, const std::string& sealed) {
  return chain_of_texts(previous, stream, version, at, actor.dump(), what,
                        what.data.dump(), sealed);
}

std::unique_ptr<store> make_postgres_store(std::string dsn, vault& keys) {
  return std::make_unique<postgres_store>(std::move(dsn), keys);
}

} // namespace zhiku::persistence
