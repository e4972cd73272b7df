#include "tests/fault/private_cluster.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include <pwd.h>
#include <unistd.h>

namespace zhiku::fault {

namespace {

std::string needed(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0')
    throw std::runtime_error(
      std::string{name}
      + " is not set: run the fault tests with `./dev test fault`");
  return value;
}

std::string new_home() {
  char path[] = "/var/tmp/zhiku-fault-XXXXXX";
  if (::mkdtemp(path) == nullptr)
    throw std::runtime_error("cannot make a directory in /var/tmp");
  return path;
}

void give_to(const std::string& user, const std::string& path) {
  const passwd* entry = ::getpwnam(user.c_str());
  if (entry == nullptr
      || ::chown(path.c_str(), entry->pw_uid, entry->pw_gid) != 0)
    throw std::runtime_error("cannot give " + path + " to " + user);
}

} // namespace

private_cluster::private_cluster() : home_(new_home()) {
  if (::geteuid() == 0)
    give_to(needed("ZHIKU_TEST_PGUSER"), home_);
  run_tool("initdb", {"-D", home_ + "/data", "-U", "zhiku", "--auth=trust",
                      "--encoding=UTF8", "--locale=C.UTF-8"});
  write_settings();
  start();
}

private_cluster::~private_cluster() {
  try {
    stop("immediate");
  } catch (const std::exception& err) {
    std::cerr << err.what() << '\n';
  }
  std::error_code ignored;
  std::filesystem::remove_all(home_, ignored);
}

std::string private_cluster::dsn() const {
  return "host=" + home_ + " user=zhiku dbname=postgres";
}

void private_cluster::stop(const std::string& mode) {
  run_tool("pg_ctl", {"-D", home_ + "/data", "-m", mode, "-w", "stop"});
}

void private_cluster::start() {
  run_tool("pg_ctl", {"-D", home_ + "/data", "-w", "-t", "60", "-l",
                      home_ + "/server.log", "start"});
}

void private_cluster::write_settings() const {
  std::ofstream out{home_ + "/data/postgresql.conf", std::ios::app};
  out << "listen_addresses = ''\n"
      << "unix_socket_directories = '" << home_ << "'\n"
      << "timezone = 'UTC'\n";
  if (!out.flush())
    throw std::runtime_error("cannot write the cluster's settings");
}

void private_cluster::run_tool(const std::string& tool,
                               std::vector<std::string> arguments) {
  std::vector<std::string> argv;
  if (::geteuid() == 0)
    argv = {"runuser", "-u", needed("ZHIKU_TEST_PGUSER"), "--"};
  argv.push_back(needed("ZHIKU_TEST_PGBIN") + "/" + tool);
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  auto log = home_ + "/" + tool + ".log";
  if (process{argv, {}, log}.wait() != 0)
    throw std::runtime_error(tool + " failed");
}

} // namespace zhiku::fault
