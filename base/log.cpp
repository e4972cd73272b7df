#include "base/log.hpp"

#include <chrono>

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace zhiku::log {

namespace {

constexpr const char* names[] = {"debug", "info", "warn", "error"};

spdlog::logger& sink() {
  static auto logger = [] {
    auto made = spdlog::stderr_logger_mt("zhiku");
    made->set_pattern("%v");
    made->flush_on(spdlog::level::warn);
    return made;
  }();
  return *logger;
}

spdlog::level::level_enum to_spdlog(level lvl) {
  switch (lvl) {
  case level::debug:
    return spdlog::level::debug;
  case level::info:
    return spdlog::level::info;
  case level::warn:
    return spdlog::level::warn;
  case level::error:
    return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string now_text() {
  using namespace std::chrono;
  auto now = floor<microseconds>(system_clock::now());
  auto seconds_part = floor<seconds>(now);
  auto tm = fmt::gmtime(system_clock::to_time_t(seconds_part));
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", tm,
                     (now - seconds_part).count());
}

std::string text_of(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace

void set_level(level least) {
  sink().set_level(to_spdlog(least));
}

void write(level lvl, std::string_view event, const nlohmann::json& fields) {
  try {
    if (!sink().should_log(to_spdlog(lvl)))
      return;
    auto line = R"({"at":")" + now_text() + R"(","level":")"
                + names[static_cast<int>(lvl)] + R"(","event":)"
                + text_of(event);
    for (const auto& [key, value] : fields.items())
      line.append(",").append(text_of(key)).append(":").append(text_of(value));
    sink().log(to_spdlog(lvl), "{}}}", line);
  } catch (const std::exception&) {
    // A line that cannot be written must not stop the work it tells of.
  }
}

void debug(std::string_view event, const nlohmann::json& fields) {
  write(level::debug, event, fields);
}

void info(std::string_view event, const nlohmann::json& fields) {
  write(level::info, event, fields);
}

void warn(std::string_view event, const nlohmann::json& fields) {
  write(level::warn, event, fields);
}

void error(std::string_view event, const nlohmann::json& fields) {
  write(level::error, event, fields);
}

} // namespace zhiku::log
