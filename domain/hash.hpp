#pragma once
// Small pure hashing for ids, seeds and shuffles that must come out the same
// on every machine for ever. Not a defence against forgery.

#include <cstdint>
#include <string_view>

namespace zhiku::domain {

/// The finaliser of SplitMix64: every input bit moves every output bit.
constexpr std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

/// 64 bits of `text` under `seed`.
constexpr std::uint64_t hash_text(std::string_view text, std::uint64_t seed) {
  std::uint64_t value = mix(seed + 0x9e3779b97f4a7c15ULL);
  for (char ch : text)
    value = (value ^ static_cast<unsigned char>(ch)) * 0x100000001b3ULL;
  return mix(value ^ (static_cast<std::uint64_t>(text.size()) << 32));
}

/// A reproducible sequence of pseudo-random numbers (SplitMix64).
class sequence {
public:
  explicit constexpr sequence(std::uint64_t seed) : state_(seed) {
    // nop
  }

  constexpr std::uint64_t next() {
    return mix(state_ += 0x9e3779b97f4a7c15ULL);
  }

  /// A number in [0, bound). @pre bound > 0
  constexpr std::uint64_t below(std::uint64_t bound) {
    return next() % bound;
  }

private:
  std::uint64_t state_;
};

} // namespace zhiku::domain
