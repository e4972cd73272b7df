#include "sandbox/platform.hpp"

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

/// The file ending of a content type; `.bin` for unknown ones.
std::string ending_of(const std::string& content_type) {
  for (const auto& [type, ending] :
       {std::pair{"image/jpeg", ".jpg"}, std::pair{"image/png", ".png"},
        std::pair{"image/gif", ".gif"}, std::pair{"audio/amr", ".amr"},
        std::pair{"audio/mp3", ".mp3"}, std::pair{"video/mp4", ".mp4"}})
    if (content_type == type)
      return ending;
  return ".bin";
}

json upload(call& on) {
  if (!on.request.has_file("media"))
    throw refusal{41005};
  auto file = on.request.get_file_value("media");
  auto type = on.parameter("type");
  auto added = on.in.media.add({type, file.content_type, file.content, on.now});
  if (auto* errcode = std::get_if<int>(&added))
    throw refusal{*errcode};
  return {{"type", type},
          {"media_id", std::get<std::string>(added)},
          {"created_at", unix_seconds(on.now)}};
}

json download(call& on) {
  auto media_id = on.parameter("media_id");
  if (media_id.empty())
    throw refusal{41006};
  const auto* item = on.in.media.find(media_id, on.now);
  if (item == nullptr)
    throw refusal{40007};
  on.response.set_header("Content-Disposition",
                         "attachment; filename=\"" + media_id
                           + ending_of(item->content_type) + '"');
  on.response.set_content(item->bytes, item->content_type.c_str());
  return {};
}

} // namespace

std::vector<endpoint> media_endpoints() {
  return {
    {"/cgi-bin/media/upload", "media_upload", method::post_form,
     access::with_token, upload},
    {"/cgi-bin/media/get", "media_get", method::get, access::with_token,
     download},
  };
}

} // namespace zhiku::sandbox
