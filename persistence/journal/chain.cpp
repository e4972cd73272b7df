#include "persistence/journal/chain.hpp"

#include "base/digest.hpp"

namespace zhiku::persistence {

std::string chain_of_texts(const std::string& previous,
                           const std::string& stream, std::int32_t version,
                           instant at, const std::string& actor,
                           const domain::event& ev, const std::string& data,
                           const std::string& sealed) {
  std::string text;
  text.reserve(previous.size() + stream.size() + actor.size() + data.size()
               + sealed.size() + 96);
  text.append(previous).append(stream).push_back('\n');
  text.append(std::to_string(version)).push_back('\n');
  text.append(std::to_string(at.time_since_epoch().count())).push_back('\n');
  text.append(actor).push_back('\n');
  text.append(ev.type).push_back('\n');
  text.append(std::to_string(ev.schema)).push_back('\n');
  text.append(data).push_back('\n');
  text.append(sealed);
  return sha256(text);
}

std::string next_chain(const std::string& previous, const std::string& stream,
                       std::int32_t version, instant at, const json& actor,
                       const domain::event& ev, const std::string& sealed) {
  return chain_of_texts(previous, stream, version, at, actor.dump(), ev,
                        ev.data.dump(), sealed);
}

} // namespace zhiku::persistence
