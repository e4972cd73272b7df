#pragma once
// What actors say to each other. `envelope` and `outcome` may cross to another
// node; the pointer types are for one process only and say so.

#include "actors/gateway.hpp"
#include "persistence/store.hpp"

#include <memory>
#include <string>
#include <vector>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/detail/stringification_inspector.hpp>
#include <caf/error.hpp>
#include <caf/fwd.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/sec.hpp>
#include <caf/type_id.hpp>

namespace zhiku::actors {

/// An order on its way, and the effect it delivers, if it does.
struct envelope {
  order what;
  std::string effect_id;
};

/// The JSON texts the two travelling types are on the wire.
std::string to_wire(const envelope& x);
bool from_wire(const std::string& text, envelope& x);
std::string to_wire(const outcome& x);
bool from_wire(const std::string& text, outcome& x);

template <class Inspector, class T>
typename Inspector::result_type inspect_wire(Inspector& f, T& x,
                                             const char* name) {
  // Whatever turns a message into words must not see personal data.
  if constexpr (std::is_same_v<Inspector,
                               caf::detail::stringification_inspector>) {
    return f(caf::meta::type_name(name));
  } else {
    auto text = to_wire(x);
    auto load = [&]() -> caf::error {
      return from_wire(text, x) ? caf::error{}
                                : caf::make_error(caf::sec::invalid_argument);
    };
    return f(caf::meta::type_name(name), text, caf::meta::load_callback(load));
  }
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, envelope& x) {
  return inspect_wire(f, x, "envelope");
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, outcome& x) {
  return inspect_wire(f, x, "outcome");
}

outcome refused_outcome(domain::refusal why);

/// What a repeat of a command is answered: what the first had come to.
outcome repeated_outcome(persistence::kept_outcome first);

/// The asker outside the actors. Answers exactly once: when dropped without an
/// answer, as when an actor dies, it answers `errc::timeout`.
class completion {
public:
  explicit completion(gateway::answer done) : done_(std::move(done)) {
    // nop
  }
  ~completion();
  completion(const completion&) = delete;
  completion& operator=(const completion&) = delete;

  void deliver(outcome what);

private:
  gateway::answer done_;
};

/// An order from outside the actors, with who waits for its answer.
struct ticket {
  envelope what;
  std::shared_ptr<completion> asker;
};

using ticket_ptr = std::shared_ptr<ticket>;
using append_ptr = std::shared_ptr<persistence::append>;
using appended_ptr = std::shared_ptr<persistence::appended>;
using loaded_ptr = std::shared_ptr<persistence::loaded>;
using due_effect_ptr = std::shared_ptr<persistence::due_effect>;
using settlement_ptr = std::shared_ptr<persistence::settlement>;

} // namespace zhiku::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zhiku::actors::ticket_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zhiku::actors::append_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zhiku::actors::appended_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zhiku::actors::loaded_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zhiku::actors::due_effect_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zhiku::actors::settlement_ptr)

CAF_BEGIN_TYPE_ID_BLOCK(zhiku, caf::first_custom_type_id)

  CAF_ADD_TYPE_ID(zhiku, (zhiku::actors::envelope))
  CAF_ADD_TYPE_ID(zhiku, (zhiku::actors::outcome))
  CAF_ADD_TYPE_ID(zhiku, (zhiku::actors::ticket_ptr))
  CAF_ADD_TYPE_ID(zhiku, (zhiku::actors::append_ptr))
  CAF_ADD_TYPE_ID(zhiku, (zhiku::actors::appended_ptr))
  CAF_ADD_TYPE_ID(zhiku, (zhiku::actors::loaded_ptr))
  CAF_ADD_TYPE_ID(zhiku, (zhiku::actors::due_effect_ptr))
  CAF_ADD_TYPE_ID(zhiku, (zhiku::actors::settlement_ptr))

  CAF_ADD_ATOM(zhiku, zhiku::actors, flush_atom, "flush")
  CAF_ADD_ATOM(zhiku, zhiku::actors, retire_atom, "retire")
  CAF_ADD_ATOM(zhiku, zhiku::actors, failed_atom, "failed")
  CAF_ADD_ATOM(zhiku, zhiku::actors, setaside_atom, "setaside")
  CAF_ADD_ATOM(zhiku, zhiku::actors, poke_atom, "poke")
  CAF_ADD_ATOM(zhiku, zhiku::actors, work_atom, "work")
  CAF_ADD_ATOM(zhiku, zhiku::actors, find_outcome_atom, "outcome")

CAF_END_TYPE_ID_BLOCK(zhiku)
