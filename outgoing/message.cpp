#include "outgoing/message.hpp"

namespace zhiku::outgoing {

std::string_view response::header(std::string_view name) const {
  for (const auto& [each, value] : headers)
    if (each == name)
      return value;
  return {};
}

} // namespace zhiku::outgoing
