#include "bench/pgbench.hpp"

#include "bench/report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace zhiku::bench {

namespace {

namespace fs = std::filesystem;

// The row an answer leaves, of the same size and shape. Like our writer's, the
// streams are few and their versions rise, so the index grows in the same way.
constexpr const char* append_script =
  R"(\set version :version + 1
INSERT INTO event (stream, version, at, actor, type, schema, data, chain)
VALUES ('exam_session/01936a2b-0000-7000-8000-00000000' ||
        to_char(CAST(:client_id AS int), 'FM0000'),
        :version, now(),
        '{"channel":"PC","id":"01936a2b-0000-7000-8000-0123456789ab",
         "roles":["APPLICANT"]}',
        'answer_saved', 1, '{"mask":1,"n":42,"seq":1042}',
        '\x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
)";

constexpr int versions_of_a_turn = 10'000'000;

std::string newest_installed() {
  std::vector<std::string> found;
  std::error_code none;
  for (const auto& version :
       fs::directory_iterator{"/usr/lib/postgresql", none})
    if (auto path = version.path() / "bin/pgbench"; fs::exists(path))
      found.push_back(path);
  return found.empty() ? "" : *std::max_element(found.begin(), found.end());
}

std::string find_program() {
  if (const char* bin = std::getenv("ZHIKU_TEST_PGBIN"))
    if (auto path = fs::path{bin} / "pgbench"; fs::exists(path))
      return path;
  auto found = newest_installed();
  if (found.empty())
    throw cannot_measure("pgbench is not installed");
  return found;
}

std::string write_script() {
  std::string path = fs::temp_directory_path() / "zhiku-bench-XXXXXX";
  auto fd = ::mkstemp(path.data());
  if (fd < 0)
    throw cannot_measure("cannot write a script for pgbench");
  ::close(fd);
  std::ofstream{path} << append_script;
  return path;
}

std::string shell_quoted(const std::string& text) {
  std::string safe = "'";
  for (auto ch : text)
    safe += ch == '\'' ? std::string{"'\\''"} : std::string{ch};
  return safe + "'";
}

/// The number that follows `label` in `text`.
double number_after(const std::string& text, const std::string& label) {
  auto at = text.find(label);
  if (at == std::string::npos)
    throw cannot_measure("pgbench says something unexpected:\n" + text);
  return std::strtod(text.c_str() + at + label.size(), nullptr);
}

std::string output_of(const std::string& command) {
  auto* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr)
    throw cannot_measure("cannot start pgbench");
  std::string text;
  std::array<char, 4096> chunk{};
  while (auto count = std::fread(chunk.data(), 1, chunk.size(), pipe))
    text.append(chunk.data(), count);
  if (::pclose(pipe) != 0)
    throw cannot_measure("pgbench fails:\n" + text);
  return text;
}

} // namespace

pgbench::pgbench(std::string dsn)
    : program_(find_program()), dsn_(std::move(dsn)), script_(write_script()) {
  // nop
}

pgbench::~pgbench() {
  std::error_code none;
  fs::remove(script_, none);
}

double pgbench::appends_per_second(int clients, int seconds) {
  auto command =
    shell_quoted(program_) + " -n -M prepared -c " + std::to_string(clients)
    + " -j " + std::to_string(std::min(clients, 2)) + " -T "
    + std::to_string(seconds)
    + " -D version=" + std::to_string(versions_of_a_turn * turns_++) + " -f "
    + shell_quoted(script_) + " " + shell_quoted(dsn_) + " 2>&1";
  auto said = output_of(command);
  if (number_after(said, "number of failed transactions: ") != 0)
    throw cannot_measure("transactions of pgbench fail");
  return number_after(said, "\ntps = ");
}

} // namespace zhiku::bench
