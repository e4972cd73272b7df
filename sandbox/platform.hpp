#pragma once
// The platform's APIs by subject: each file lists its endpoints, and
// platform_routes.cpp serves them behind what all have in common. For this
// folder.

#include "sandbox/route.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace zhiku::sandbox {

enum class method : std::uint8_t {
  get,
  post_json, ///< the body is parsed before the handler runs
  post_form, ///< a form or an upload; the handler looks itself
};

enum class access : std::uint8_t { open, with_token };

struct endpoint {
  const char* path;
  const char* api; ///< its name for faults, counters and quotas
  method by;
  access needs;
  nlohmann::json (*answer)(call&);
};

std::vector<endpoint> token_endpoints();
std::vector<endpoint> oauth_endpoints();
std::vector<endpoint> message_endpoints();
std::vector<endpoint> template_endpoints();
std::vector<endpoint> menu_endpoints();
std::vector<endpoint> qr_endpoints();
std::vector<endpoint> user_endpoints();
std::vector<endpoint> media_endpoints();
std::vector<endpoint> quota_endpoints();

/// Null when the platform has no API at this path.
const endpoint* endpoint_at(const std::string& path);

/// Throws unless this is the service account: 41002, 41004, 40013, 40125.
void check_application(const world& in, const std::string& app_id,
                       const std::string& secret);

} // namespace zhiku::sandbox
