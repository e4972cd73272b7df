#include "persistence/database.hpp"

#include "base/log.hpp"

#include <array>
#include <cstdio>
#include <exception>
#include <utility>

#include <nlohmann/json.hpp>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

namespace zhiku::persistence {

namespace {

using domain::errc;
using domain::nothing;
using domain::result;

// Unique facts of the schema and what their violation means.
constexpr std::array<std::pair<std::string_view, errc>, 5> constraints{{
  {"event_version_fence", errc::version_conflict},
  {"command_once", errc::duplicate_command},
  {"person_phone_once", errc::phone_in_use},
  {"person_openid_once", errc::openid_in_use},
  {"expert_number_once", errc::state_conflict},
}};

// PostgreSQL's message names the violated constraint in quotes.
std::string constraint_in(std::string_view message) {
  constexpr std::string_view mark = "constraint \"";
  auto begin = message.find(mark);
  if (begin == std::string_view::npos)
    return {};
  begin += mark.size();
  auto end = message.find('"', begin);
  return std::string{message.substr(begin, end - begin)};
}

bool is_outage(std::string_view state) {
  // 08 connection, 57P admin shutdown and crash, 53 resources, 25006 read-only
  // standby after a failover. An empty state is a connection lost in mid-air.
  return state.empty() || state.substr(0, 2) == "08"
         || state.substr(0, 3) == "57P" || state.substr(0, 2) == "53"
         || state == "25006";
}

errc code_of(std::string_view state, std::string_view constraint) {
  if (is_outage(state))
    return errc::unavailable;
  for (const auto& [name, code] : constraints)
    if (name == constraint)
      return code;
  if (state == "40001" || state == "40P01")
    return errc::busy;
  if (state == "22P05" || state == "22021" || state == "22P02")
    return errc::invalid_input;
  return errc::internal;
}

// SOCI adds the statement with its parameters, which may be anybody's data.
std::string first_line(const char* message) {
  std::string_view text{message};
  return std::string{text.substr(0, text.find('\n'))};
}

std::string trimmed(const char* sql_state) {
  std::string state{sql_state};
  while (!state.empty() && (state.back() == ' ' || state.back() == '\0'))
    state.pop_back();
  return state;
}

constexpr auto session_setup =
  "SET TIME ZONE 'UTC'; SET lc_messages TO 'C'; "
  "SET client_min_messages TO warning; SET DateStyle TO 'ISO, YMD'";

} // namespace

database_error current_database_error() {
  try {
    throw;
  } catch (const soci::postgresql_soci_error& err) {
    auto message = first_line(err.what());
    return {code_of(trimmed(err.sqlstate().c_str()), constraint_in(message)),
            message};
  } catch (const soci::soci_error& err) {
    return {err.get_error_category() == soci::soci_error::connection_error
              ? errc::unavailable
              : errc::internal,
            first_line(err.what())};
  } catch (const std::exception& err) {
    return {errc::internal, err.what()};
  }
}

struct database::connection {
  soci::session session;
  prepared_statements prepared; ///< goes before the session
};

database::database(std::string dsn) : dsn_(std::move(dsn)) {
  // nop
}

database::~database() = default;
database::database(database&&) noexcept = default;
database& database::operator=(database&&) noexcept = default;

void database::disconnect() {
  connection_.reset();
}

prepared_statements& database::prepared() {
  return connection_->prepared;
}

soci::session& database::connected() {
  if (connection_ != nullptr) {
    auto* backend = static_cast<soci::postgresql_session_backend*>(
      connection_->session.get_backend());
    if (PQstatus(backend->conn_) == CONNECTION_OK)
      return connection_->session;
    connection_.reset();
  }
  auto fresh = std::make_unique<connection>();
  fresh->session.open(soci::postgresql, dsn_);
  fresh->session << session_setup;
  connection_ = std::move(fresh);
  return connection_->session;
}

result<nothing> database::run(const std::function<void(soci::session&)>& work) {
  soci::session* sql = nullptr;
  try {
    sql = &connected();
  } catch (const std::exception& err) {
    log::warn("database cannot be reached", {{"error", err.what()}});
    return errc::unavailable;
  }
  try {
    work(*sql);
    return nothing{};
  } catch (...) {
    auto failure = current_database_error();
    if (failure.code == errc::unavailable)
      disconnect();
    if (failure.code == errc::unavailable || failure.code == errc::internal)
      log::warn("database refuses statement", {{"error", failure.message}});
    return failure.code;
  }
}

result<nothing>
database::transaction(const std::function<void(soci::session&)>& work) {
  return run([&](soci::session& sql) {
    soci::transaction scope{sql};
    work(sql);
    scope.commit();
  });
}

result<domain::instant> database::clock() {
  long long micros = 0;
  auto outcome = run([&](soci::session& sql) {
    sql << "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS "
           "bigint)",
      soci::into(micros);
  });
  if (!outcome)
    return outcome.error();
  return domain::instant{domain::microseconds{micros}};
}

pool::pool(std::string dsn, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    idle_.push_back(std::make_unique<database>(dsn));
}

pool::~pool() = default;

std::unique_ptr<database> pool::take() {
  std::unique_lock lock{mutex_};
  freed_.wait(lock, [this] { return !idle_.empty(); });
  auto db = std::move(idle_.back());
  idle_.pop_back();
  return db;
}

void pool::give_back(std::unique_ptr<database> db) {
  {
    std::lock_guard lock{mutex_};
    idle_.push_back(std::move(db));
  }
  freed_.notify_one();
}

result<nothing> pool::run(const std::function<void(soci::session&)>& work) {
  auto db = take();
  auto outcome = db->run(work);
  give_back(std::move(db));
  return outcome;
}

result<nothing>
pool::transaction(const std::function<void(soci::session&)>& work) {
  auto db = take();
  auto outcome = db->transaction(work);
  give_back(std::move(db));
  return outcome;
}

std::string to_sql(domain::instant at) {
  using namespace std::chrono;
  auto day = floor<days>(at);
  year_month_day date{day};
  hh_mm_ss time{at - day};
  char text[48];
  std::snprintf(
    text, sizeof(text), "%04d-%02u-%02u %02d:%02d:%02d.%06d+00",
    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
    static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
    static_cast<int>(time.minutes().count()),
    static_cast<int>(time.seconds().count()),
    static_cast<int>(time.subseconds().count()));
  return text;
}

domain::instant instant_of_sql(const std::string& text) {
  auto rfc = text;
  if (auto space = rfc.find(' '); space != std::string::npos)
    rfc[space] = 'T';
  if (rfc.size() > 3 && rfc.ends_with("+00"))
    rfc.replace(rfc.size() - 3, 3, "Z");
  return domain::instant_of(rfc).value_or(domain::instant{});
}

} // namespace zhiku::persistence
