#include "tests/e2e/answers.hpp"

#include <thread>

namespace zhiku::e2e {

json member(const exchange& seen, const std::string& name) {
  auto body = seen.body();
  if (!body.is_object() || !body.contains(name))
    throw broken_story{"a member \"" + name + '"', seen};
  return body[name];
}

std::string text_of(const exchange& seen, const std::string& name) {
  auto value = member(seen, name);
  if (!value.is_string())
    throw broken_story{"text in \"" + name + '"', seen};
  return value;
}

exchange wait_for(const std::string& what, const std::function<exchange()>& ask,
                  const std::function<bool(const exchange&)>& is_there,
                  std::chrono::seconds limit) {
  auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    auto seen = ask();
    if (is_there(seen))
      return seen;
    if (std::chrono::steady_clock::now() >= deadline)
      throw broken_story{
        what + " within " + std::to_string(limit.count()) + " s", seen};
    std::this_thread::sleep_until(std::chrono::steady_clock::now()
                                  + std::chrono::milliseconds{100});
  }
}

std::string code_in(const json& value) {
  if (value.is_string()) {
    auto text = value.get<std::string>();
    auto is_code =
      text.size() == 6 && text.find_first_not_of("0123456789") == text.npos;
    return is_code ? text : "";
  }
  if (value.is_structured())
    for (const auto& part : value)
      if (auto code = code_in(part); !code.empty())
        return code;
  return {};
}

} // namespace zhiku::e2e
