#include "actors/runtime.hpp"

#include <functional>

namespace zhiku::actors {

namespace {

template <class T>
const T& spread(const std::vector<T>& over, const std::string& stream) {
  return over[std::hash<std::string>{}(stream) % over.size()];
}

} // namespace

const journal_actor& runtime::journal_of(const std::string& stream) const {
  return spread(journals, stream);
}

const loader_actor& runtime::loader_of(const std::string& stream) const {
  return spread(loaders, stream);
}

std::shared_ptr<const domain::question_bank> runtime::bank() const {
  std::lock_guard lock{bank_mutex_};
  return bank_;
}

void runtime::set_bank(std::shared_ptr<const domain::question_bank> fresh) {
  std::lock_guard lock{bank_mutex_};
  bank_ = std::move(fresh);
}

} // namespace zhiku::actors
