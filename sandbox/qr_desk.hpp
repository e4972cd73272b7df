#pragma once
// QR codes with a parameter (PROTOCOL 4b). Time is given. Not thread-safe.

#include "sandbox/clock.hpp"

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

class qr_desk {
public:
  struct code {
    std::string ticket;
    std::string scene;                 ///< as `EventKey` carries it
    bool scene_is_id = false;          ///< an integer scene
    std::optional<instant> expires_at; ///< none: permanent
  };

  /// Makes the code that `order`, the body of `qrcode/create`, asks for: 40053,
  /// or 45029 beyond 100,000 permanent ones.
  std::variant<code, int> create(const nlohmann::json& order, instant now);

  /// The live code with this ticket, or null.
  const code* by_ticket(const std::string& ticket, instant now) const;

  /// The newest live code with this scene, or null.
  const code* by_scene(const std::string& scene, instant now) const;

  /// Newest first.
  std::vector<code> live(instant now) const;

private:
  std::map<std::string, code> codes_;
  std::vector<std::string> order_; ///< tickets, oldest first
  std::size_t permanent_ = 0;
};

} // namespace zhiku::sandbox
