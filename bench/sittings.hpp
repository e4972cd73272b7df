#pragma once
// Exam sessions that run, put straight into the journal by the deciders
// themselves. Their names follow from their place, so that a process may use
// what another one seeded.

#include "actors/gateway.hpp"
#include "actors/system.hpp"
#include "domain/exam/question_bank.hpp"
#include "persistence/vault.hpp"

#include <memory>
#include <string>
#include <vector>

namespace zhiku::bench {

inline constexpr std::size_t paper_length = 80;

/// 200 invented questions.
std::shared_ptr<const domain::question_bank> invented_bank();

persistence::key_ring invented_keys();

/// What the runtime needs, and no platform: nobody is told anything here.
actors::system_settings settings_for(const std::string& dsn);

/// Starts the runtime with the invented questions. It ends with its process:
/// taking down a hundred thousand entities in order is nothing to wait for.
actors::system& start_runtime(actors::system_settings how,
                              std::shared_ptr<prometheus::Registry> registry);
actors::system& start_runtime(const std::string& dsn);

class sitting {
public:
  explicit sitting(std::size_t place);

  const std::string& id() const {
    return id_;
  }
  const std::string& applicant_id() const {
    return applicant_id_;
  }
  std::string stream() const;
  domain::actor_ref owner() const;

  /// The next answer to save: question after question, each with a newer
  /// sequence than before. Known of sittings that `seed_sittings` gave.
  struct answer {
    std::size_t n;
    std::string option;
    std::uint32_t seq;
  };
  answer next_answer();
  const std::string& writer() const {
    return writer_;
  }

private:
  friend class seeder;

  std::string id_;
  std::string applicant_id_;
  std::string writer_;
  std::uint64_t seed_ = 0;
  std::uint32_t seq_ = 0;
};

/// Journals `count` running attempts that all close at `closes_at`, each with
/// its wake-up.
/// @throws cannot_measure
std::vector<sitting> seed_sittings(const std::string& dsn, std::size_t count,
                                   domain::instant closes_at);

/// This machine's time; the cluster runs on it too.
domain::instant machine_time();

} // namespace zhiku::bench
