#pragma once
// Errors are values. `result<T>` holds a T or a `refusal`; nothing in `domain/`
// throws for what a user or another program can cause.

#include "domain/errc.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace zhiku::domain {

/// One field of a form that is wrong; `code` is stable, `message` is Chinese
/// and may be shown as it is.
struct field_error {
  std::string field;
  std::string code;
  std::string message;

  bool operator==(const field_error&) const = default;
};

/// Why a command was not carried out. It changed nothing.
struct refusal {
  errc code = errc::internal;
  std::string detail; ///< Chinese, may be shown; empty: `title(code)` serves
  std::vector<field_error> fields;

  bool operator==(const refusal&) const = default;
};

struct nothing {
  bool operator==(const nothing&) const = default;
};

template <class T>
class [[nodiscard]] result {
public:
  result(T value) : content_(std::move(value)) {
    // nop
  }
  result(refusal why) : content_(std::move(why)) {
    // nop
  }
  result(errc code) : content_(refusal{code, {}, {}}) {
    // nop
  }

  bool ok() const {
    return content_.index() == 0;
  }
  explicit operator bool() const {
    return ok();
  }

  /// @pre ok()
  T& value() & {
    return std::get<0>(content_);
  }
  const T& value() const& {
    return std::get<0>(content_);
  }
  /// By value, so that `for (x : f().value())` does not dangle.
  T value() && {
    return std::get<0>(std::move(content_));
  }
  T* operator->() {
    return &value();
  }
  const T* operator->() const {
    return &value();
  }
  T& operator*() & {
    return value();
  }
  const T& operator*() const& {
    return value();
  }
  T operator*() && {
    return std::move(*this).value();
  }

  /// @pre !ok()
  const refusal& error() const {
    return std::get<1>(content_);
  }

private:
  std::variant<T, refusal> content_;
};

} // namespace zhiku::domain
