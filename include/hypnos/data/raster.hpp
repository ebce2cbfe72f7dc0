#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hypnos {

/// A recording of N binary neurons in T time bins: s_i(t) = +1 (a spike) or -1 (silence).
///
/// One bit per value, packed neuron by neuron. A sum over samples of s_i or s_i s_j is then an exact count of bits
/// (after an xor), 64 samples at a time. One byte per value would need eight times the memory and bandwidth.
class Raster {
 public:
  /// All neurons silent. Throws BadInput unless there is at least one sample and one neuron.
  Raster(std::int64_t samples, std::int64_t neurons);

  int samples() const { return samples_; }
  int neurons() const { return neurons_; }

  int spin(int sample, int neuron) const { return bits_[word(sample, neuron)] >> (sample % 64) & 1 ? 1 : -1; }
  /// s_neuron(sample) = +1.
  void activate(int sample, int neuron) { bits_[word(sample, neuron)] |= std::uint64_t{1} << (sample % 64); }

  /// ceil(T / 64) words: bit t % 64 of word t / 64 is set where s_i(t) = +1, and clear beyond the last sample.
  std::span<std::uint64_t const> spikes(int neuron) const;

  /// The neurons of these indices, in this order. Throws BadInput on an index that is out of range or given twice.
  Raster with_neurons(std::vector<int> const& indices) const;
  /// The samples of these indices, in this order; an index may occur several times (bootstrap).
  /// Throws std::out_of_range. O(indices x N).
  Raster with_samples(std::vector<int> const& indices) const;

 private:
  std::size_t words() const { return (static_cast<std::size_t>(samples_) + 63) / 64; }
  std::size_t word(int sample, int neuron) const {
    return static_cast<std::size_t>(neuron) * words() + static_cast<std::size_t>(sample) / 64;
  }

  int samples_, neurons_;
  std::vector<std::uint64_t> bits_;
};

}  // namespace hypnos
