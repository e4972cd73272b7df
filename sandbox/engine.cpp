#include "sandbox/engine.hpp"

#include "http/server.hpp"
#include "sandbox/multipart.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace zhiku::sandbox {

namespace {

constexpr auto form_type = "application/x-www-form-urlencoded";
constexpr std::size_t loops = 2;
constexpr std::size_t max_body_bytes = std::size_t{32} << 20;
// Hung calls last longer than any caller's patience.
constexpr std::chrono::minutes longest_answer{10};
constexpr std::chrono::seconds grace{10};

httplib::Request request_of(http::request from) {
  httplib::Request out;
  out.method = std::move(from.method);
  out.path = std::move(from.path);
  out.target = std::move(from.target);
  out.remote_addr = std::move(from.remote_address);
  out.params.insert(from.query.begin(), from.query.end());
  out.headers.insert(from.headers.begin(), from.headers.end());
  out.body = std::move(from.body);
  auto type = out.get_header_value("Content-Type");
  if (type.starts_with(form_type))
    httplib::detail::parse_query_text(out.body, out.params);
  for (auto& part : parts_of_form(type, out.body))
    out.files.emplace(
      part.name, httplib::MultipartFormData{part.name, part.content,
                                            part.file_name, part.content_type});
  return out;
}

/// Its length is promised, and its end never comes.
http::response cut_response() {
  auto out = http::response::text(200, "{}");
  out.is_cut = true;
  return out;
}

http::response response_of(httplib::Response from) {
  if (from.status == broken_off)
    return cut_response();
  http::response out;
  out.status = from.status;
  out.headers.assign(from.headers.begin(), from.headers.end());
  out.body = std::move(from.body);
  return out;
}

http::server_options options_for(int port) {
  http::server_options how;
  how.address = "127.0.0.1";
  how.port = port;
  how.workers = loops;
  how.max_body_bytes = max_body_bytes;
  how.response_timeout = longest_answer;
  return how;
}

} // namespace

class engine::implementation {
public:
  implementation(const router& routes, std::size_t threads)
      : routes_(routes), threads_(threads) {
    // nop
  }

  ~implementation() {
    if (server_)
      server_->stop(grace);
    threads_.shutdown();
  }

  bool start(int port) {
    server_.emplace(options_for(port),
                    [this](http::request asked, http::responder out) {
                      take(std::move(asked), std::move(out));
                    });
    return static_cast<bool>(server_->start());
  }

  int port() const {
    return server_ ? server_->port() : 0;
  }

private:
  /// On one of the server's threads, which must not wait.
  void take(http::request asked, http::responder out) {
    auto shared = std::make_shared<http::request>(std::move(asked));
    threads_.enqueue([this, shared, out = std::move(out)] {
      auto request = request_of(std::move(*shared));
      httplib::Response response;
      routes_.serve(request, response);
      out.complete(response_of(std::move(response)));
    });
  }

  const router& routes_;
  httplib::ThreadPool threads_;
  std::optional<http::server> server_;
};

engine::engine(const router& routes, std::size_t threads)
    : implementation_(std::make_unique<implementation>(routes, threads)) {
  // nop
}

engine::~engine() = default;

bool engine::start(int port) {
  return implementation_->start(port);
}

int engine::port() const {
  return implementation_->port();
}

} // namespace zhiku::sandbox
