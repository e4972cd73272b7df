#include "outgoing/transfer.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <exception>

#include <nlohmann/json.hpp>

namespace zhiku::outgoing {

namespace {

// The addresses of a peer may change; a connection does not outlive them long.
constexpr long connection_lifetime_s = 600;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  auto from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos)
    return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

errc meaning_of(CURLcode code) {
  switch (code) {
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_CONNECT:
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_SSL_CACERT_BADFILE:
    return errc::unreachable;
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_INVALIDCERTSTATUS:
    return errc::untrusted;
  case CURLE_OPERATION_TIMEDOUT:
    return errc::timed_out;
  case CURLE_FILESIZE_EXCEEDED:
    return errc::too_large;
  case CURLE_WEIRD_SERVER_REPLY:
  case CURLE_UNSUPPORTED_PROTOCOL: // HTTP/0.9: anything at all
    return errc::malformed;
  case CURLE_URL_MALFORMAT:
    return errc::invalid_request;
  default:
    return errc::broken;
  }
}

/// Whether libcurl's own words are about the connection; those about an answer
/// may repeat some of it.
bool is_about_connection(CURLcode code) {
  auto meaning = meaning_of(code);
  return meaning == errc::unreachable || meaning == errc::untrusted;
}

} // namespace

transfer::transfer(call_id id, std::string origin, request what,
                   client::callback done)
    : id_(id), origin_(std::move(origin)), what_(std::move(what)),
      done_(std::move(done)), deadline_(clock::now() + what_.within.total),
      easy_(nullptr, curl_easy_cleanup),
      headers_(nullptr, curl_slist_free_all) {
  // nop
}

bool transfer::prepare(const settings& how) {
  easy_.reset(curl_easy_init());
  if (!easy_)
    return false;
  set_peer(how);
  set_limits();
  set_connection(how);
  set_request();
  set_callbacks();
  return true;
}

void transfer::set_peer(const settings& how) {
  auto* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_URL, what_.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                   static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(easy, CURLOPT_SSLVERSION,
                   static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  // The parsed file is shared by all connections, but only without a folder
  // beside it.
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  if (!how.ca_file.empty())
    curl_easy_setopt(easy, CURLOPT_CAINFO, how.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // Else a handle that is given up waits for the system's look-up of a name,
  // and with it all other calls.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
}

void transfer::set_limits() {
  using std::chrono::milliseconds;
  auto* easy = easy_.get();
  const auto& within = what_.within;
  auto left =
    std::chrono::duration_cast<milliseconds>(deadline_ - clock::now());
  // 0 would be no limit.
  auto bounded = [](milliseconds time) {
    return std::max(1L, static_cast<long>(time.count()));
  };
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, bounded(left));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, bounded(within.connect));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, within.slowest);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
                   static_cast<long>(within.slow_for.count()));
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
                   static_cast<curl_off_t>(within.body_bytes));
}

// A connection that TLS has ended properly looks alive to libcurl 7.88, since
// there is something to read. What goes out over it is lost, or, for all that
// can be known, is not.
void transfer::set_connection(const settings& how) {
  auto* easy = easy_.get();
  auto alone = what_.repeatable ? 0L : 1L;
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, alone);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, alone);
  curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN,
                   std::max(1L, static_cast<long>(how.idle_for.count())));
  curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, connection_lifetime_s);
}

void transfer::set_request() {
  auto* easy = easy_.get();
  auto typed = false;
  for (const auto& [name, value] : what_.headers) {
    // Empty values are written with a semicolon, or they would take away.
    add_header(value.empty() ? name + ';' : name + ": " + value);
    typed |= name.size() == 12
             && std::equal(name.begin(), name.end(), "content-type",
                           [](char a, char b) { return lower(a) == b; });
  }
  if (what_.by == method::post) {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(what_.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, what_.body.c_str());
    add_header("Expect:");
    if (!typed)
      add_header("Content-Type:");
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
}

void transfer::set_callbacks() {
  auto* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, problem_);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_head);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
}

bool transfer::add_header(const std::string& line) {
  auto* longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr)
    return false;
  static_cast<void>(headers_.release());
  headers_.reset(longer);
  return true;
}

// -- what libcurl calls -------------------------------------------------------

std::size_t transfer::on_head(char* data, std::size_t one, std::size_t size,
                              void* self) {
  auto taken = static_cast<transfer*>(self)->take_head({data, one * size});
  return taken ? one * size : 0;
}

std::size_t transfer::on_body(char* data, std::size_t one, std::size_t size,
                              void* self) {
  auto taken = static_cast<transfer*>(self)->take_body({data, one * size});
  return taken ? one * size : 0;
}

bool transfer::take_head(std::string_view line) {
  head_size_ += line.size();
  if (head_size_ > what_.within.head_bytes) {
    too_large_ = true;
    return false;
  }
  // An interim answer (1xx) comes before the one that counts.
  if (line.starts_with("HTTP/"))
    got_.headers.clear();
  auto colon = line.find(':');
  if (colon == std::string_view::npos)
    return true;
  std::string name{line.substr(0, colon)};
  std::transform(name.begin(), name.end(), name.begin(), lower);
  got_.headers.emplace_back(std::move(name), trimmed(line.substr(colon + 1)));
  return true;
}

bool transfer::take_body(std::string_view bytes) {
  too_large_ = bytes.size() > what_.within.body_bytes - got_.body.size();
  if (!too_large_)
    got_.body.append(bytes);
  return !too_large_;
}

// -- how it ends --------------------------------------------------------------

bool transfer::sent_something() const {
  long size = 0;
  if (easy_)
    curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &size);
  return size > 0;
}

std::string transfer::detail_of(CURLcode code) const {
  if (is_about_connection(code) && problem_[0] != '\0')
    return problem_;
  return curl_easy_strerror(code);
}

/// libcurl sends a request again by itself when a kept connection ends before
/// it answers, but gives up when it has met five of the kind.
bool transfer::goes_again(CURLcode code) {
  long made = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_NUM_CONNECTS, &made);
  if (code == CURLE_OK || meaning_of(code) != errc::broken || made > 0
      || head_size_ > 0 || went_again_ || !what_.repeatable)
    return false;
  went_again_ = true;
  curl_easy_setopt(easy_.get(), CURLOPT_FRESH_CONNECT, 1L);
  set_limits();
  return true;
}

result transfer::ended(CURLcode code) {
  if (code == CURLE_OK) {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    got_.status = static_cast<int>(status);
    return std::move(got_);
  }
  if (too_large_)
    return error{errc::too_large, true, "answer is too large"};
  return error{meaning_of(code), sent_something(), detail_of(code)};
}

error transfer::given_up(errc why) const {
  return {why, sent_something(), std::string{name_of(why)}};
}

void transfer::tell(result how) {
  try {
    if (done_)
      done_(std::move(how));
  } catch (const std::exception& e) {
    log::error("callback of outgoing call throws", {{"what", e.what()}});
  }
  done_ = nullptr;
}

} // namespace zhiku::outgoing
