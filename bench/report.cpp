#include "bench/report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace zhiku::bench {

namespace {

double three_decimals(double value) {
  return std::round(value * 1000) / 1000;
}

} // namespace

void report(std::string_view name, double value, std::string_view unit,
            const json& context) {
  nlohmann::ordered_json line;
  line["name"] = name;
  line["value"] = three_decimals(value);
  line["unit"] = unit;
  for (const auto& [key, detail] : context.items())
    line[key] = detail;
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
}

void progress(const std::string& text) {
  std::fprintf(stderr, "%s\n", text.c_str());
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  auto middle = values.size() / 2;
  if (values.size() % 2 == 1)
    return values[middle];
  return (values[middle - 1] + values[middle]) / 2;
}

json rounded(const std::vector<double>& values) {
  json whole = json::array();
  for (auto value : values)
    whole.push_back(std::llround(value));
  return whole;
}

} // namespace zhiku::bench
