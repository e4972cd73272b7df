#pragma once
// Reading the carriers' JSON without ever throwing. For this folder.

#include <string>

#include <nlohmann/json.hpp>

namespace zhiku::sms {

/// The text under `name`, or the number as text; else empty.
std::string text_in(const nlohmann::json& from, const char* name);

/// The array under `name`; else an empty one.
const nlohmann::json& list_in(const nlohmann::json& from, const char* name);

/// The object under `name`; else an empty one.
const nlohmann::json& object_in(const nlohmann::json& from, const char* name);

} // namespace zhiku::sms
