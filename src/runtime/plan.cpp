#include "hypnos/runtime/plan.hpp"

#include <algorithm>

#include "hypnos/base/text.hpp"

namespace hypnos {

namespace {

Dimension swept_dimension(ParameterInfo const& parameter, std::vector<Value> const& values) {
  Dimension dimension{
      parameter.name, parameter.unit, parameter.description, {}, parameter.symbol, parameter.kind == Kind::flag};
  auto const collect = [&]<class T>(std::vector<T> coordinates) {
    for (auto const& value : values) coordinates.push_back(std::get<T>(value));
    dimension.coordinates = std::move(coordinates);
  };
  if (parameter.kind == Kind::flag) {
    std::vector<std::int64_t> flags;
    for (auto const& value : values) flags.push_back(std::get<bool>(value) ? 1 : 0);
    dimension.coordinates = std::move(flags);
  } else if (parameter.is_text()) collect(std::vector<std::string>{});
  else if (parameter.kind == Kind::integer) collect(std::vector<std::int64_t>{});
  else collect(std::vector<double>{});
  return dimension;
}

// An axis without unit counts things, so its coordinates are whole numbers.
Dimension axis_dimension(AxisInfo const& axis, std::vector<double> const& coordinates) {
  if (axis.unit.empty())
    return {axis.name, axis.unit, axis.description, std::vector<std::int64_t>(coordinates.begin(), coordinates.end()),
            axis.symbol};
  return {axis.name, axis.unit, axis.description, coordinates, axis.symbol};
}

std::vector<std::string> names_of(std::vector<SweepAxis> const& sweep) {
  std::vector<std::string> names;
  for (auto const& axis : sweep) names.push_back(axis.name);
  return names;
}

void keep_common(std::vector<std::string>& common, std::vector<std::string> const& names) {
  std::erase_if(common, [&](auto const& name) { return std::ranges::find(names, name) == names.end(); });
}

bool begins_with(std::vector<double> const& longer, std::vector<double> const& shorter) {
  return shorter.size() <= longer.size() && std::equal(shorter.begin(), shorter.end(), longer.begin());
}

}  // namespace

Plan::Plan(Job job, Checks checks) : job_(std::move(job)) {
  texts_ = {experiment().name, experiment().source, job_.text(), job_.seed};
  realization_ = realization_dimension(job_.realizations);
  auto const& side_by_side = job_.together;
  for (std::size_t k = 0; k < job_.values.size(); ++k) {
    bool const joint = std::ranges::find(side_by_side, k) != side_by_side.end();
    // an axis of several parameters stands where the first of them is declared
    if (job_.values[k].size() == 1 || (joint && k != side_by_side.front())) continue;
    swept_.push_back(joint ? side_by_side : std::vector{k});
    SweepAxis axis;
    std::vector<std::string> names;
    for (auto const member : swept_.back()) {
      axis.members.push_back(swept_dimension(experiment().parameters[member], job_.values[member]));
      names.push_back(axis.members.back().name);
    }
    axis.name = joined(names, "_");
    points_ *= axis.size();
    sweep_.push_back(std::move(axis));
    if (tasks() > 1'000'000'000)
      throw BadInput(job_.path + ": the sweep has more than 1000000000 tasks; give fewer values or realizations");
  }

  std::vector<std::vector<double>> coordinates(experiment().axes.size());
  for (std::uint64_t k = 0; k < points_; ++k) {
    auto const at = point(k * realizations());
    try {
      if (checks == Checks::all) {
        experiment().check(at);
        auto const unused = experiment().unused(at);
        if (k == 0) unused_ = unused;
        else if (!unused_.empty()) keep_common(unused_, unused);
      }
    } catch (BadInput const& error) {
      throw job_.located(error);
    }
    for (std::size_t axis = 0; axis < coordinates.size(); ++axis) {
      auto here = experiment().coordinates(at, axis);
      auto& common = coordinates[axis];
      auto const& info = experiment().axes[axis];
      if (k == 0 || (info.padded && begins_with(here, common))) common = std::move(here);
      else if (here != common && !(info.padded && begins_with(common, here)))
        throw BadInput(job_.path + ": the coordinates of '" + info.name + "' (" + info.description +
                       ") differ between points of the sweep over " + joined(names_of(sweep_), ", ") +
                       ", but all points share one axis; fix what it depends on (`hypnos describe " +
                       experiment().name + "`)");
    }
  }
  for (std::size_t axis = 0; axis < coordinates.size(); ++axis)
    if (!coordinates[axis].empty()) axes_.push_back(axis_dimension(experiment().axes[axis], coordinates[axis]));

  for (auto const& info : experiment().observables) {
    StoredObservable stored{info, {}, 1};
    for (auto const& name : info.dims) {
      stored.extents.push_back(coordinates[experiment().axis_index(name)].size());
      stored.size *= stored.extents.back();
    }
    if (stored.size > 0) observables_.push_back(std::move(stored));
  }
}

Point Plan::point(std::uint64_t task) const {
  Point point;
  for (auto const& values : job_.values) point.push_back(values.front());
  auto const at = position(task);
  for (std::size_t axis = 0; axis < swept_.size(); ++axis)
    for (auto const k : swept_[axis]) point[k] = job_.values[k][at[axis]];
  return point;
}

std::optional<std::uint64_t> Plan::find_point(Point const& point) const {
  std::uint64_t number = 0;
  auto nearest = this->point(0);  // becomes the point if it is in this sweep
  for (auto const& parameters : swept_) {
    auto const size = job_.values[parameters.front()].size();
    std::size_t place = 0;
    auto const here = [&](std::size_t k) { return job_.values[k][place] == point.at(k); };
    while (place < size && !std::ranges::all_of(parameters, here)) ++place;
    if (place == size) return std::nullopt;
    for (auto const k : parameters) nearest[k] = point[k];
    number = number * size + place;
  }
  if (nearest != point) return std::nullopt;
  return number;
}

double Plan::cost(std::uint64_t point) const { return experiment().cost(this->point(point * realizations())); }

std::vector<std::string> Plan::notes() const {
  std::vector<std::string> notes;
  for (auto const& [key, text, where] : job_.settings) {
    auto const found = std::ranges::find(experiment().parameters, key, &ParameterInfo::name);
    if (found == experiment().parameters.end()) continue;
    auto const& values = job_.values[static_cast<std::size_t>(found - experiment().parameters.begin())];
    auto const note = [&](std::string const& what) {
      notes.push_back((where.empty() ? "" : where + ": ") + key + " = " + text + what);
    };
    if (std::ranges::find(unused_, key) != unused_.end())
      note(" has no effect with these settings (" + found->description + ")");
    if (auto const comma = decimal_comma(*found, text); !comma.empty()) note(comma);
    if (found->kind == Kind::integers && std::get<std::vector<double>>(values.front()).size() > 1)
      note(" is one value, a list, and not a sweep (" + found->description + ")");
  }
  return notes;
}

}  // namespace hypnos
