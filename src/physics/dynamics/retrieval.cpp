#include "hypnos/physics/dynamics/retrieval.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

namespace hypnos {

using Eigen::Index;
using Eigen::MatrixXd;

namespace {

[[noreturn]] void refuse_retrieval(std::string const& what) { throw std::domain_error("retrieval: " + what); }

}  // namespace

Retrieval::Retrieval(MatrixXd const& J, SpinStates states, RetrievalStarts const& starts, Rng const& stream)
    : network_(std::make_unique<Relaxation const>(J)),
      states_(std::move(states)),
      origins_(network_->start(states_)),
      trials_(starts.trials),
      most_flips_(starts.most_flips),
      order_(starts.order),
      stream_(stream),
      m_f_(starts.m_0.size(), MatrixXd(states_.count(), std::max(trials_, 0))),
      unsettled_(starts.m_0.size()) {
  if (trials_ < 0 || 2 * trials_ * states_.count() > static_cast<Index>(Rng::substreams))
    refuse_retrieval("too many trials for one stream");
  for (auto const overlap : starts.m_0) {
    if (!(std::abs(overlap) <= 1)) refuse_retrieval("the overlap m_0 must lie in [-1, 1]");
    starts_.push_back({static_cast<std::size_t>(flipped_neurons(states_.size(), overlap)), starts_.size()});
  }
  std::sort(starts_.begin(), starts_.end(), [](Start const& a, Start const& b) { return a.flipped < b.flipped; });
  // Of two starts from one state the one nearer to it lies on the path to the other; beyond the middle the path from
  // the opposite state is shorter.
  near_ = static_cast<std::size_t>(std::ranges::partition_point(starts_,
                                                                [this](Start const& start) {
                                                                  return 2 * start.flipped <=
                                                                         static_cast<std::size_t>(states_.size());
                                                                }) -
                                   starts_.begin());
}

std::int64_t Retrieval::total() const { return states_.count() * trials_ * std::ssize(starts_); }

std::uint32_t Retrieval::substream() const { return static_cast<std::uint32_t>(2 * (next_ / std::ssize(starts_))); }

// From the state to the middle, then from its opposite to the middle.
Retrieval::Start Retrieval::start() const {
  auto const k = static_cast<std::size_t>(next_ % std::ssize(starts_));
  return starts_[k < near_ ? k : starts_.size() - 1 - (k - near_)];
}

void Retrieval::begin() {
  auto const run = next_ / std::ssize(starts_);
  auto const [flipped, number] = start();
  auto const& origin = origins_[static_cast<std::size_t>(run % states_.count())];
  auto const N = static_cast<std::size_t>(states_.size());
  if (!path_ || path_->run != run) {
    path_.emplace(Path{run, std::vector<int>(N), 0, false, origin});
    auto& neurons = path_->neurons;
    std::iota(neurons.begin(), neurons.end(), 0);
    BufferedRandom random(stream_.substream(substream()));
    for (std::size_t n = 0; n < starts_.back().flipped; ++n)
      std::swap(neurons[n], neurons[n + static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(N - n)))]);
  }
  auto& path = *path_;
  if (bool const from_opposite = 2 * flipped > N; from_opposite != path.from_opposite) {
    path.from_opposite = from_opposite;
    path.trajectory = origin;
    path.flipped = 0;
    if (from_opposite) {
      path.trajectory.reverse();
      path.flipped = N;
    }
  }
  auto const [from, to] = std::minmax(path.flipped, flipped);
  path.trajectory.flip(std::span(path.neurons).subspan(from, to - from));
  path.flipped = flipped;
  attempt_.emplace(Attempt{next_, path.trajectory, BufferedRandom(stream_.substream(substream() + 1))});
}

void Retrieval::advance(double operations) {
  auto const flips = 1 + static_cast<std::int64_t>(operations / (4. * std::max(states_.size(), 64)));
  for (std::int64_t left = flips; left > 0 && !done();) {
    if (!attempt_) begin();
    auto& [number, trajectory, random] = *attempt_;
    auto const before = trajectory.flips();
    bool const settled = trajectory.relax(order_, random, std::min(left, most_flips_ - before));
    left -= trajectory.flips() - before + 10;  // ten flips or so for the start
    if (!settled && trajectory.flips() < most_flips_) continue;
    auto const run = next_ / std::ssize(starts_), mu = run % states_.count();
    auto const k = start().number;
    m_f_[k](mu, run / states_.count()) = overlap(trajectory.state(), std::as_const(states_)[mu]);
    unsettled_[k] += settled ? 0 : 1;
    attempt_.reset();
    ++next_;
  }
}

int flipped_neurons(int N, double m_0) {
  // Halves may come out of the product a little too small.
  return static_cast<int>(std::floor(N * (1 - m_0) / 2 + 0.5 + 1e-9));
}

}  // namespace hypnos
