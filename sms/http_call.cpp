#include "sms/http_call.hpp"

#include "base/lenient_json.hpp"

#include <httplib.h>

namespace zhiku::sms {

struct http_call::client {
  explicit client(const std::string& origin) : connection(origin) {
    // nop
  }

  httplib::Client connection;
};

http_call::http_call(const std::string& base_url, const settings& how)
    : where_(split_url(base_url)),
      client_(std::make_unique<client>(where_.origin)) {
  auto& connection = client_->connection;
  connection.set_keep_alive(true);
  connection.set_tcp_nodelay(true);
  connection.set_url_encode(false);
  connection.set_connection_timeout(how.connect_timeout);
  connection.set_write_timeout(how.answer_timeout);
  connection.set_read_timeout(how.answer_timeout);
}

http_call::~http_call() = default;

http_call::answer
http_call::post(const std::string& query,
                const std::map<std::string, std::string>& headers,
                const std::string& body) {
  httplib::Headers sent{headers.begin(), headers.end()};
  auto target = query.empty() ? where_.path : where_.path + '?' + query;
  // An empty content type keeps the library from adding one of its own to
  // what has been signed.
  auto got = client_->connection.Post(target, sent, body, std::string{});
  if (!got)
    return {{}, got.error() != httplib::Error::Connection};
  auto parsed = parse_leniently(got->body);
  if (!parsed.is_object())
    return {};
  return {std::move(parsed)};
}

} // namespace zhiku::sms
