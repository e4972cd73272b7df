#pragma once
// The sandbox as a running server on 127.0.0.1.

#include "sandbox/settings.hpp"

#include <memory>
#include <optional>

namespace zhiku::sandbox {

class server {
public:
  /// Listening, on threads of its own, when this returns; nothing when the
  /// port is taken.
  static std::optional<server> start(settings how);

  server(server&&) noexcept;
  server& operator=(server&&) noexcept;

  /// Wakes calls that are kept waiting, and waits for calls and pushes under
  /// way.
  ~server();

  int port() const;

private:
  struct parts;

  explicit server(std::unique_ptr<parts> made);

  std::unique_ptr<parts> parts_;
};

} // namespace zhiku::sandbox
