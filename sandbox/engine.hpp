#pragma once
// Serves routes on 127.0.0.1 with the server's own HTTP engine: a connection
// costs no thread, only a call does while it is being answered.

#include "sandbox/router.hpp"

#include <cstddef>
#include <memory>

namespace zhiku::sandbox {

class engine {
public:
  /// @param routes   must outlive this
  /// @param threads  calls answered at once; further ones wait
  engine(const router& routes, std::size_t threads);

  /// Waits for calls being answered: let none of them take long.
  ~engine();

  /// Listens, on any free port for 0; false when the port is taken.
  bool start(int port);

  int port() const;

private:
  class implementation;

  std::unique_ptr<implementation> implementation_;
};

} // namespace zhiku::sandbox
