#include "domain/notice/catalogue.hpp"

#include "domain/fields.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace zhiku::domain::notice {

namespace {

// All that a message may say. Names, ID numbers, phones and scores are not
// among it (RULES 2.11), so no catalogue can let them out.
constexpr std::array<std::string_view, 13> sayable{
  "title",           "number",        "exam_name",     "pool_names",
  "at_text",         "deadline_text", "term_end_text", "window_start_text",
  "window_end_text", "duration_min",  "days_left",     "case_id",
  "exam_session_id"};

constexpr std::array<std::string_view, 10> known_keys{
  "title",  "page",   "template",   "sms",      "reminder",
  "urgent", "fields", "sms_params", "sms_text", "note"};

template <class List>
bool contains(const List& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// Gives every `{…}` of `text` to `name`, which says what stands there.
std::string replaced(std::string_view text,
                     const std::function<std::string(std::string_view)>& name) {
  std::string out;
  while (!text.empty()) {
    auto open = text.find('{');
    auto close = open == text.npos ? text.npos : text.find('}', open);
    if (close == text.npos)
      return out.append(text);
    out.append(text.substr(0, open));
    out.append(name(text.substr(open + 1, close - open - 1)));
    text.remove_prefix(close + 1);
  }
  return out;
}

/// The first of "a|b|c" for which `value` has something.
std::string
first_of(std::string_view names,
         const std::function<std::string(std::string_view)>& value) {
  while (true) {
    auto bar = names.find('|');
    if (auto text = value(names.substr(0, bar)); !text.empty())
      return text;
    if (bar == names.npos)
      return {};
    names.remove_prefix(bar + 1);
  }
}

class reader {
public:
  reader(const std::string& event, const json& entry,
         std::vector<problem>& problems)
      : event_(event), entry_(entry), problems_(problems) {
    // nop
  }

  kind read() {
    refuse_unknown_keys();
    kind made;
    made.event = event_;
    made.title = required_text("title");
    made.page = required_text("page");
    made.by_template = flag("template", true);
    made.sms = rule();
    made.reminder = flag("reminder", false);
    made.urgent = flag("urgent", false);
    made.fields = fields();
    made.sms_params = texts_at(entry_, "sms_params");
    made.sms_text = text_at(entry_, "sms_text");
    check(made);
    return made;
  }

private:
  void complain(std::string what) {
    problems_.push_back({event_, std::move(what)});
  }

  void refuse_unknown_keys() {
    for (const auto& [key, ignored] : entry_.items())
      if (!contains(known_keys, key))
        complain(key + " is not known");
  }

  std::string required_text(std::string_view key) {
    std::string text{text_at(entry_, key)};
    if (text.empty())
      complain(std::string{key} + " is required");
    return text;
  }

  bool flag(std::string_view key, bool otherwise) {
    const auto* given = domain::find(entry_, key);
    if (given == nullptr)
      return otherwise;
    if (!given->is_boolean()) {
      complain(std::string{key} + " must be true or false");
      return otherwise;
    }
    return given->get<bool>();
  }

  sms_rule rule() {
    auto text = text_at(entry_, "sms");
    if (text == "never")
      return sms_rule::never;
    if (text == "also")
      return sms_rule::also;
    if (text != "instead")
      complain("sms must be never, instead or also");
    return sms_rule::instead;
  }

  std::map<std::string, std::string> fields() {
    std::map<std::string, std::string> all;
    const auto given = object_at(entry_, "fields");
    for (const auto& [name, text] : given.items()) {
      if (text.is_string())
        all[name] = text.get<std::string>();
      else
        complain("fields." + name + " must be text");
    }
    return all;
  }

  void check(const kind& made) {
    if (!made.page.empty() && made.page.front() != '/')
      complain("page must be a local path");
    if (made.by_template && made.fields.empty())
      complain("a template message needs fields");
    if (made.sms != sms_rule::never && made.sms_text.empty())
      complain("an SMS needs sms_text");
    check_placeholders("page", made.page);
    for (const auto& [name, text] : made.fields)
      check_placeholders("fields." + name, text);
    for (const auto& text : made.sms_params)
      check_placeholders("sms_params", text);
    check_positions(made);
  }

  void check_placeholders(const std::string& where, const std::string& text) {
    replaced(text, [&](std::string_view names) {
      return first_of(names, [&](std::string_view name) {
        if (!contains(sayable, name))
          complain(where + " may not say {" + std::string{name} + '}');
        return std::string{};
      });
    });
  }

  /// `{1}` to `{n}` of the SMS text are the n parameters.
  void check_positions(const kind& made) {
    for (std::size_t i = 1; i <= made.sms_params.size(); ++i)
      if (made.sms_text.find('{' + std::to_string(i) + '}')
          == std::string::npos)
        complain("sms_text lacks {" + std::to_string(i) + '}');
  }

  const std::string& event_;
  const json& entry_;
  std::vector<problem>& problems_;
};

std::string value_of(std::string_view name, const kind& of,
                     const json& payload) {
  if (name == "title")
    return of.title;
  if (auto text = text_at(payload, name); !text.empty())
    return std::string{text};
  if (auto number = integer_at(payload, name))
    return std::to_string(*number);
  std::string joined;
  for (const auto& one : texts_at(payload, name))
    joined += (joined.empty() ? "" : "、") + one;
  return joined;
}

} // namespace

catalogue catalogue::of(const json& table, std::vector<problem>& problems) {
  catalogue made;
  for (const auto& [event, entry] : table.items()) {
    if (entry.is_object())
      made.kinds_.push_back(reader{event, entry, problems}.read());
    else
      problems.push_back({event, "must be a table"});
  }
  std::sort(made.kinds_.begin(), made.kinds_.end(),
            [](const kind& a, const kind& b) { return a.event < b.event; });
  return made;
}

const kind* catalogue::find(std::string_view event) const {
  auto found = std::lower_bound(kinds_.begin(), kinds_.end(), event,
                                [](const kind& one, std::string_view wanted) {
                                  return one.event < wanted;
                                });
  return found != kinds_.end() && found->event == event ? &*found : nullptr;
}

std::string filled(std::string_view text, const kind& of, const json& payload) {
  return replaced(text, [&](std::string_view names) {
    return first_of(names, [&](std::string_view name) {
      return value_of(name, of, payload);
    });
  });
}

} // namespace zhiku::domain::notice
