// A name server that does not answer: the system's look-up blocks a thread of
// libcurl's, but neither the calls to others nor the end of the call.

#include "tests/outgoing/fixture.hpp"

#include <cstring>

#include <dlfcn.h>
#include <netdb.h>

namespace {

std::promise<void> answer_now;
std::promise<void> answered;

} // namespace

// In the system library's place, for libcurl too.
extern "C" int getaddrinfo(const char* name, const char* service,
                           const addrinfo* hints, addrinfo** found) {
  if (name != nullptr && std::strcmp(name, "stuck.invalid") == 0) {
    answer_now.get_future().wait();
    answered.set_value();
    return EAI_AGAIN;
  }
  using function =
    int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto real =
    reinterpret_cast<function>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(name, service, hints, found);
}

namespace zhiku::outgoing {

using name_lookup = outgoing_fixture;

TEST_F(name_lookup, that_hangs_holds_up_nobody) {
  tls_server server{localhost(), always(answer_of("ok"))};
  auto stuck = get_of("https://stuck.invalid/");
  stuck.within.total = 100ms;
  auto got = client_.wait_for(stuck);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::timed_out);
  EXPECT_FALSE(got.error().may_have_arrived);
  EXPECT_TRUE(client_.wait_for(get_of(server.origin() + "/")));
  client_.stop();
  answer_now.set_value();
  answered.get_future().wait();
}

} // namespace zhiku::outgoing
