#pragma once
// How a measurement is told: results as JSON lines on standard output, progress
// on standard error.

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace zhiku::bench {

using nlohmann::json;

/// Something could not be measured. A bad figure is not a failure.
struct cannot_measure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Prints `{"name", "value", "unit", …context}` and flushes.
void report(std::string_view name, double value, std::string_view unit,
            const json& context = json::object());

void progress(const std::string& text);

/// @pre `values` is not empty
double median(std::vector<double> values);

/// `values` rounded to whole numbers, for a context.
json rounded(const std::vector<double>& values);

} // namespace zhiku::bench
