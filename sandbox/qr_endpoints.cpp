#include "sandbox/platform.hpp"

#include "sandbox/picture.hpp"

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

json create(call& on) {
  auto made = on.in.qr_codes.create(on.body, on.now);
  if (auto* errcode = std::get_if<int>(&made))
    throw refusal{*errcode};
  const auto& code = std::get<qr_desk::code>(made);
  json out = {{"ticket", code.ticket}, {"url", on.in.url("/q/" + code.ticket)}};
  if (code.expires_at)
    out["expire_seconds"] =
      std::chrono::floor<std::chrono::seconds>(*code.expires_at - on.now)
        .count();
  return out;
}

/// The picture; for a bad ticket 404, as a browser shows it.
json show(call& on) {
  const auto* code = on.in.qr_codes.by_ticket(on.parameter("ticket"), on.now);
  if (code != nullptr) {
    on.response.set_content(qr_jpeg(on.in.url("/q/" + code->ticket)),
                            "image/jpeg");
  } else {
    on.response.status = 404;
    on.response.set_content("<html><body>404 Not Found</body></html>",
                            "text/html");
  }
  return {};
}

} // namespace

std::vector<endpoint> qr_endpoints() {
  return {
    {"/cgi-bin/qrcode/create", "qrcode", method::post_json, access::with_token,
     create},
    {"/cgi-bin/showqrcode", "qrcode_show", method::get, access::open, show},
  };
}

} // namespace zhiku::sandbox
