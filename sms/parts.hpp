#pragma once
// How many messages one text is billed and sent as (PROTOCOL 9.3). Pure.

#include <cstddef>
#include <string_view>

namespace zhiku::sms {

/// The messages that 【`sign_name`】`text` makes: one up to 70 characters,
/// beyond that one for every 67. Characters are UTF-16 units, as phones count.
/// @pre both are UTF-8
std::size_t parts_of(std::string_view sign_name, std::string_view text);

} // namespace zhiku::sms
