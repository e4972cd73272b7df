#pragma once
// From a method and a path to a route. Immutable after construction,
// thread-safe.

#include "http/route.hpp"

#include <map>
#include <memory>

namespace zhiku::http {

/// What a look-up came to.
struct routed {
  const route* found = nullptr;
  std::map<std::string, std::string, std::less<>> path_params;
  std::string allow; ///< methods of the path, when only the method is wrong
};

class router {
public:
  /// @throws std::logic_error when two routes share a method and a pattern or
  ///         an id, or a pattern is malformed: a fault of the program.
  explicit router(route_table routes);
  ~router();

  /// Matches the raw path of `target` segment by segment, literals before
  /// parameters; each segment is percent-decoded after the split, so that %2F
  /// never makes a new one. HEAD finds GET. A parameter that does not fit its
  /// schema finds nothing.
  routed find(std::string_view method, std::string_view target) const;

  const route_table& routes() const {
    return routes_;
  }

private:
  struct node;

  void insert(const route& one);
  static const node* descend(const node& from,
                             const std::vector<std::string>& segments,
                             std::size_t index,
                             std::vector<std::string>& captured);

  const route_table routes_;
  std::unique_ptr<node> root_;
};

/// The text with %XX decoded; nothing when a sequence is broken.
std::optional<std::string> percent_decode(std::string_view text);

} // namespace zhiku::http
