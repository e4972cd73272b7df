#include "tests/fault/server.hpp"

#include <filesystem>

#include <httplib.h>

namespace zhiku::fault {

namespace {

constexpr milliseconds ready_limit{60'000};

bool is_ready(int port) {
  httplib::Client client{"127.0.0.1", port};
  auto answer = client.Get("/readyz");
  return answer && answer->status == 200;
}

} // namespace

environment server_environment(const std::string& dsn, int port) {
  const std::string nobody = "http://127.0.0.1:1";
  return {{"ZHIKU_DATABASE_DSN", dsn},
          {"ZHIKU_HTTP_PORT", std::to_string(port)},
          {"ZHIKU_WECHAT_API_BASE", nobody},
          {"ZHIKU_WECHAT_OPEN_BASE", nobody},
          {"ZHIKU_WECHAT_MP_BASE", nobody},
          {"ZHIKU_SMS_BASE_URL", nobody}};
}

server::server(const std::string& dsn, const std::string& name)
    : port_(free_port()), settings_(server_environment(dsn, port_)),
      log_(ZHIKU_BINARY_DIR "/" + name + ".log") {
  std::filesystem::remove(log_);
}

void server::start() {
  process_ = std::make_unique<process>(
    std::vector<std::string>{ZHIKU_BINARY_DIR "/bin/zhiku", "serve", "--config",
                             config_file},
    settings_, log_);
}

void server::kill_hard() {
  process_->kill_hard();
}

bool server::wait_ready() const {
  return wait_until([this] { return is_ready(port_); }, ready_limit);
}

bool server::running() {
  return process_->running();
}

} // namespace zhiku::fault
