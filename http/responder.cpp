#include "http/server.hpp"

#include <atomic>

namespace zhiku::http {

class responder::right {
public:
  explicit right(std::function<void(response)> deliver)
      : deliver_(std::move(deliver)) {
    // nop
  }

  ~right() {
    use(response{500, {}, {}});
  }

  right(const right&) = delete;
  right& operator=(const right&) = delete;

  void use(response answer) {
    if (!used_.exchange(true))
      deliver_(std::move(answer));
  }

private:
  std::function<void(response)> deliver_;
  std::atomic<bool> used_{false};
};

responder::responder(std::function<void(response)> deliver)
    : right_(std::make_shared<right>(std::move(deliver))) {
  // nop
}

void responder::complete(response answer) const {
  if (right_)
    right_->use(std::move(answer));
}

} // namespace zhiku::http
