#include "hypnos/runtime/store_description.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <sstream>
#include <stdexcept>

#include "hypnos/base/text.hpp"
#include "hypnos/runtime/job.hpp"

namespace hypnos {

std::uint64_t Dimension::size() const {
  return std::visit([](auto const& values) { return static_cast<std::uint64_t>(values.size()); }, coordinates);
}

Value Dimension::value(std::uint64_t k) const {
  return std::visit([k](auto const& values) { return Value(values.at(k)); }, coordinates);
}

std::string Dimension::label(std::uint64_t k) const {
  return flag ? format_value(std::get<std::int64_t>(value(k)) != 0) : format_value(value(k));
}

StoreDescription::StoreDescription(Texts texts, std::int64_t layout, std::vector<SweepAxis> sweep,
                                   Dimension realization, std::vector<Dimension> axes,
                                   std::vector<StoredObservable> observables)
    : texts_(std::move(texts)),
      layout_(layout),
      sweep_(std::move(sweep)),
      realization_(std::move(realization)),
      axes_(std::move(axes)),
      observables_(std::move(observables)) {
  for (auto const& axis : sweep_) points_ *= axis.size();
}

std::vector<Dimension> StoreDescription::swept() const {
  std::vector<Dimension> dimensions;
  for (auto const& axis : sweep_) dimensions.insert(dimensions.end(), axis.members.begin(), axis.members.end());
  return dimensions;
}

StoredObservable const* StoreDescription::find_observable(std::string const& name) const {
  auto const found = std::ranges::find(observables_, name, [](auto const& observable) { return observable.info.name; });
  return found == observables_.end() ? nullptr : &*found;
}

std::uint32_t StoreDescription::realization(std::uint64_t task) const {
  auto const& numbers = std::get<std::vector<std::int64_t>>(realization_.coordinates);
  return static_cast<std::uint32_t>(numbers.at(task % numbers.size()));
}

std::vector<std::uint32_t> StoreDescription::realization_numbers() const {
  auto const& numbers = std::get<std::vector<std::int64_t>>(realization_.coordinates);
  return {numbers.begin(), numbers.end()};
}

std::vector<std::uint64_t> StoreDescription::position(std::uint64_t task) const {
  std::vector<std::uint64_t> position(sweep_.size() + 1);
  position.back() = task % realizations();
  auto rest = task / realizations();
  for (auto k = sweep_.size(); k-- > 0;) {
    position[k] = rest % sweep_[k].size();
    rest /= sweep_[k].size();
  }
  return position;
}

std::string StoreDescription::describe_point(std::uint64_t point) const {
  auto const at = position(point * realizations());
  std::vector<std::string> pieces;
  for (std::size_t k = 0; k < sweep_.size(); ++k)
    for (auto const& member : sweep_[k].members) pieces.push_back(member.name + " = " + member.label(at[k]));
  return pieces.empty() ? "its only point" : joined(pieces, ", ");
}

std::string StoreDescription::describe(std::uint64_t task) const {
  auto const number = "realization " + std::to_string(realization(task));
  return sweep_.empty() ? number : describe_point(task / realizations()) + ", " + number;
}

std::string StoreDescription::label(std::uint64_t task) const {
  auto const at = position(task);
  std::vector<Value> swept;
  for (std::size_t k = 0; k < sweep_.size(); ++k)
    for (auto const& member : sweep_[k].members) swept.push_back(member.value(at[k]));
  return row_label(swept, realization(task));
}

std::string StoreDescription::job_label() const { return hypnos::job_label(texts_.job, swept()); }

std::uint64_t StoreDescription::row_bytes() const {
  std::uint64_t numbers = 0;
  for (auto const& observable : observables_) numbers += observable.size;
  return 8 * numbers;
}

std::uint64_t StoreDescription::bytes() const {
  std::uint64_t const bookkeeping = 8 + 4 + 4 + 1;  // seconds, checksum, rank, done
  std::uint64_t const labels = 1000;                // name, units, description, symbol of one array, about
  std::uint64_t coordinates = 0;
  for (auto const& axis : axes_) coordinates += 8 * axis.size();
  // every observable has an array of rows and three of the summary
  return tasks() * (row_bytes() + bookkeeping) + points_ * 3 * row_bytes() + 4 * observables_.size() * labels +
         coordinates;
}

StoreDescription StoreDescription::restricted(std::vector<std::string> const& observables, std::int64_t layout) const {
  StoreDescription result = *this;
  result.layout_ = layout;
  result.observables_.clear();
  for (auto const& name : observables) {
    auto const* const found = find_observable(name);
    if (!found) throw std::out_of_range("there is no observable " + name);
    result.observables_.push_back(*found);
  }
  return result;
}

StoreDescription StoreDescription::with_realizations(std::vector<std::uint32_t> const& numbers) const {
  StoreDescription result = *this;
  result.layout_ = layout_version;
  result.realization_ = realization_dimension(numbers);
  result.texts_.job.clear();
  for (auto const& [key, text, where] : settings_of(texts_.job))
    result.texts_.job += trimmed(key + " = " + (key == "realizations" ? format_realizations(numbers) : text)) + '\n';
  return result;
}

Dimension realization_dimension(std::vector<std::uint32_t> const& numbers) {
  return {"realization", "", "realization of the disorder", std::vector<std::int64_t>(numbers.begin(), numbers.end())};
}

std::string row_label(std::vector<Value> const& swept, std::uint32_t realization) {
  std::string bytes;
  auto const append = [&](auto number) { bytes.append(reinterpret_cast<char const*>(&number), sizeof number); };
  for (auto const& value : swept) {
    if (auto const* text = std::get_if<std::string>(&value)) bytes += *text;
    else if (auto const* real = std::get_if<double>(&value)) append(*real);
    else if (auto const* flag = std::get_if<bool>(&value)) append(std::int64_t{*flag});
    else append(std::get<std::int64_t>(value));
  }
  append(std::int64_t{realization});
  return bytes;
}

std::string job_label(std::string const& job_text, std::vector<Dimension> const& swept) {
  std::string label;
  std::istringstream lines(job_text);
  for (std::string line; std::getline(lines, line);) {
    auto const key = trimmed(line.substr(0, line.find('=')));
    if (key != "realizations" && key != "together" && std::ranges::find(swept, key, &Dimension::name) == swept.end())
      label += line + '\n';
  }
  return label;
}

RowChecksum::RowChecksum(std::int64_t layout, std::string const& job_label) : layout_(layout) {
  boost::crc_32_type crc;
  if (layout > 2) crc.process_bytes(job_label.data(), job_label.size());
  after_job_ = crc.get_interim_remainder();
}

std::uint32_t RowChecksum::operator()(std::string const& row_label,
                                      std::vector<std::span<double const>> const& observables) const {
  boost::crc_32_type crc(after_job_);
  if (layout_ > 1) crc.process_bytes(row_label.data(), row_label.size());
  for (auto const values : observables) crc.process_bytes(values.data(), values.size_bytes());
  return crc.checksum();
}

}  // namespace hypnos
