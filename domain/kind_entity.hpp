#pragma once
// The one adaptor between a kind's free functions and `entity`. A kind is a
// namespace with a `state` that is made from its id, and beside it the
// functions named below, which are found through that namespace.

#include "domain/entity.hpp"

namespace zhiku::domain {

/// Calls from outside the adaptor, whose own members of the same names would
/// hide the kind's functions from look-up.
namespace of_kind {

constexpr auto decides = [](const auto& s, const auto& cmd, const auto& ctx) {
  return decide(s, cmd, ctx);
};
constexpr auto evolves = [](auto& s, const event& ev) { evolve(s, ev); };
constexpr auto effects_of = [](const auto& s, const event& ev) {
  return effects(s, ev);
};
constexpr auto rows_of = [](const auto& s) { return project(s); };
constexpr auto data_of = [](const auto& s) { return snapshot(s); };
constexpr auto pii_of = [](const auto& s) { return snapshot_pii(s); };
constexpr auto restores = [](auto& s, const json& data, const json& pii) {
  restore(s, data, pii);
};
constexpr auto subject_of = [](const auto& s) { return subject(s); };
constexpr auto name_of = [](const auto& s) { return state_name(s); };

} // namespace of_kind

template <class State>
class kind_entity final : public entity {
public:
  explicit kind_entity(std::string_view id) : state_(id) {
    // nop
  }

  result<decision> decide(const command& cmd,
                          const context& ctx) const override {
    return of_kind::decides(state_, cmd, ctx);
  }
  void evolve(const event& ev) override {
    of_kind::evolves(state_, ev);
  }
  std::vector<effect> effects(const event& ev) const override {
    return of_kind::effects_of(state_, ev);
  }
  std::vector<row> project() const override {
    return of_kind::rows_of(state_);
  }
  json snapshot() const override {
    return of_kind::data_of(state_);
  }
  json snapshot_pii() const override {
    return of_kind::pii_of(state_);
  }
  void restore(const json& data, const json& pii) override {
    of_kind::restores(state_, data, pii);
  }
  std::string subject() const override {
    return of_kind::subject_of(state_);
  }
  bool final() const override {
    return is_final(state_);
  }
  std::string state_name() const override {
    return std::string{of_kind::name_of(state_)};
  }

private:
  State state_;
};

} // namespace zhiku::domain
