#pragma once
// Every actor's interface: one comment a message, with what can go wrong.

#include "actors/messages.hpp"

#include <cstdint>

#include <caf/typed_actor.hpp>

namespace zhiku::actors {

/// An ENTITY: one applicant, review case, exam session or phone proof.
using entity_actor = caf::typed_actor<
  // Carry out an order; the outcome holds any refusal.
  caf::replies_to<envelope>::with<outcome>,
  // The same for an asker outside the actors.
  caf::reacts_to<ticket_ptr>,
  // Finish what is queued, then quit.
  caf::reacts_to<retire_atom>>;

/// The DIRECTORY: activates entities, retires idle ones, supervises.
using directory_actor = caf::typed_actor<
  caf::replies_to<envelope>::with<outcome>, caf::reacts_to<ticket_ptr>,
  // An entity failed while handling an order: its stream, and how.
  caf::reacts_to<failed_atom, std::string, std::string>,
  // Time to look for idle entities.
  caf::reacts_to<caf::tick_atom>>;

/// A JOURNAL writer: commits what waits, in one transaction.
using journal_actor = caf::typed_actor<
  // Commit one decision; answered after the commit. Never an error: the answer
  // holds the code.
  caf::replies_to<append_ptr>::with<appended_ptr>,
  // Commit what has come so far.
  caf::reacts_to<flush_atom>>;

/// A LOADER: reads entities, several in one round trip.
using loader_actor = caf::typed_actor<
  // Load a stream; `sec::runtime_error` when the database is away.
  caf::replies_to<std::string>::with<loaded_ptr>,
  // What this very command came to before, `repeated` set; errc::not_found
  // without it when nothing is kept of it, idempotency_key_reused when its id
  // stands for another request.
  caf::replies_to<find_outcome_atom, envelope>::with<outcome>,
  // Set a stream aside: stream, failure.
  caf::reacts_to<setaside_atom, std::string, std::string>,
  // Load what was asked for so far.
  caf::reacts_to<flush_atom>>;

/// A COURIER: delivers the effects of one lane as they fall due.
using courier_actor = caf::typed_actor<
  // Effects were committed, the earliest due at these microseconds.
  caf::reacts_to<poke_atom, std::int64_t>,
  // Look for due effects; the generation of the alarm that says so.
  caf::reacts_to<work_atom, std::uint64_t>,
  // Write down how deliveries ended.
  caf::reacts_to<flush_atom>>;

/// A NOTIFIER: tells people, over WeChat and SMS; blocks, so detached.
using notifier_actor = caf::typed_actor<
  // Deliver one effect; the settlement says how it went.
  caf::replies_to<due_effect_ptr>::with<settlement_ptr>>;

} // namespace zhiku::actors
