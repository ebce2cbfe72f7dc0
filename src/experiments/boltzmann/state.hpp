#pragma once

#include <Eigen/Core>
#include <vector>

#include "hypnos/physics/boltzmann/learning.hpp"
#include "hypnos/physics/dynamics/heat_bath.hpp"

namespace hypnos::boltzmann_machine {

// All numbers of a state, one after the other, in an order that is written once (`visit_numbers` and its like) and
// serves both ways. Arrays bring their shapes along.

class StateWriter {
 public:
  explicit StateWriter(std::vector<double>& state) : state_(state) {}

  void operator()(double number) const { state_.push_back(number); }
  void operator()(HeatBath const& chains) const { append(chains.state()); }
  template <class Derived>
  void operator()(Eigen::PlainObjectBase<Derived> const& array) const {
    state_.push_back(static_cast<double>(array.rows()));
    state_.push_back(static_cast<double>(array.cols()));
    state_.insert(state_.end(), array.data(), array.data() + array.size());
  }

 private:
  void append(std::vector<double> const& numbers) const {
    state_.push_back(static_cast<double>(numbers.size()));
    state_.insert(state_.end(), numbers.begin(), numbers.end());
  }

  std::vector<double>& state_;
};

class StateReader {
 public:
  explicit StateReader(std::vector<double> const& state) : state_(state) {}

  void operator()(double& number) const { number = next(); }
  void operator()(HeatBath& chains) const {
    std::vector<double> numbers(size());
    for (double& number : numbers) number = next();
    chains.restore(numbers);
  }
  template <class Derived>
  void operator()(Eigen::PlainObjectBase<Derived>& array) const {
    auto const rows = size(), columns = size();
    array.resize(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
    for (Eigen::Index k = 0; k < array.size(); ++k) array.data()[k] = next();
  }

 private:
  double next() const { return state_.at(at_++); }
  std::size_t size() const { return static_cast<std::size_t>(next()); }

  std::vector<double> const& state_;
  mutable std::size_t at_ = 0;
};

template <class Visitor>
void visit_numbers(Visitor const& visitor, Moments& moments) {
  visitor(moments.log_Z);
  visitor(moments.energy);
  visitor(moments.energy_variance);
  visitor(moments.m);
  visitor(moments.c);
}

template <class Visitor>
void visit_numbers(Visitor const& visitor, Stage& stage) {
  visitor(stage.steps);
  visitor(stage.model.J);
  visitor(stage.model.h);
  visit_numbers(visitor, stage.at_1);
  visit_numbers(visitor, stage.at_a);
}

}  // namespace hypnos::boltzmann_machine
