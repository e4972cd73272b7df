#pragma once
// What the carriers share that are called over HTTP: their name in results,
// and silence about messages of others. For this folder.

#include "sms/http_call.hpp"

namespace zhiku::sms {

class http_carrier : public carrier {
public:
  result send(const message& what) final;
  status status_of(const inquiry& about) final;

protected:
  /// @param own_address  used when the settings name none
  http_carrier(settings how, std::shared_ptr<outgoing::client> via,
               const char* own_address);

  virtual result sent(const message& what) = 0;
  virtual status told(const inquiry& about) = 0;

  const settings how_;
  http_call call_;
};

} // namespace zhiku::sms
