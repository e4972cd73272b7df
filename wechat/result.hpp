#pragma once
// A value, or why there is none: of a call to the platform an `api_error`.

#include <string>
#include <utility>
#include <variant>

namespace zhiku::wechat {

enum class failure {
  unreachable, ///< no connection, or none to the end: the outcome is unknown
  http,        ///< an HTTP status other than 200
  platform,    ///< answered with an errcode other than 0
  malformed,   ///< 200, but not the JSON that was asked for
};

/// Never holds the secret, a token or a URL; may be logged and stored.
struct api_error {
  failure kind = failure::unreachable;
  int errcode = 0;     ///< of `platform`
  int http_status = 0; ///< 0 when unreachable
  std::string errmsg;  ///< for people and logs; never compare it

  bool operator==(const api_error&) const = default;
};

template <class T, class Error = api_error>
class [[nodiscard]] result {
public:
  result(T value) : content_(std::move(value)) {
    // nop
  }
  result(Error why) : content_(std::move(why)) {
    // nop
  }

  bool ok() const {
    return content_.index() == 0;
  }
  explicit operator bool() const {
    return ok();
  }

  /// @pre ok()
  const T& value() const {
    return std::get<0>(content_);
  }
  const T* operator->() const {
    return &value();
  }
  const T& operator*() const {
    return value();
  }

  /// @pre !ok()
  const Error& error() const {
    return std::get<1>(content_);
  }

private:
  std::variant<T, Error> content_;
};

} // namespace zhiku::wechat
