#pragma once
// One call as libcurl sees it: an easy handle, what it sends, and what has come
// back so far. Used by the client's thread alone. For this folder.

#include "outgoing/client.hpp"

#include <chrono>
#include <memory>
#include <string>

#include <curl/curl.h>

namespace zhiku::outgoing {

class transfer {
public:
  using clock = std::chrono::steady_clock;

  transfer(call_id id, std::string origin, request what, client::callback done);
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  call_id id() const {
    return id_;
  }
  const std::string& origin() const {
    return origin_;
  }
  clock::time_point deadline() const {
    return deadline_;
  }

  /// Null until `prepare`.
  CURL* handle() const {
    return easy_.get();
  }

  /// Makes the handle, which names this transfer as CURLOPT_PRIVATE, for what
  /// is left of the time. False when libcurl cannot.
  bool prepare(const settings& how);

  /// Whether to add the handle once more instead of `ended`; prepares it.
  bool goes_again(CURLcode code);

  /// What `code`, the handle's end, comes to.
  result ended(CURLcode code);

  /// Why it was given up before its end.
  error given_up(errc why) const;

  /// Tells the asker; once.
  void tell(result how);

private:
  using easy_ptr = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
  using list_ptr = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

  static std::size_t on_head(char* data, std::size_t one, std::size_t size,
                             void* self);
  static std::size_t on_body(char* data, std::size_t one, std::size_t size,
                             void* self);

  void set_peer(const settings& how);
  void set_limits();
  void set_connection(const settings& how);
  void set_request();
  void set_callbacks();
  bool add_header(const std::string& line);
  bool take_head(std::string_view line);
  bool take_body(std::string_view bytes);
  bool sent_something() const;
  std::string detail_of(CURLcode code) const;

  const call_id id_;
  const std::string origin_;
  const request what_;
  client::callback done_;
  const clock::time_point deadline_;
  easy_ptr easy_;
  list_ptr headers_;
  char problem_[CURL_ERROR_SIZE] = {};
  response got_;
  std::size_t head_size_ = 0;
  bool too_large_ = false;
  bool went_again_ = false;
};

} // namespace zhiku::outgoing
