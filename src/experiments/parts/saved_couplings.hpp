#pragma once

#include "hypnos/experiment/definition.hpp"
#include "parts/random_patterns.hpp"

namespace hypnos {

/// Whether couplings J[i, j] and patterns xi[mu, i] are stored: the axes mu, i, j.
struct SavedCouplings {
  bool save_couplings = false;

  static Part<SavedCouplings, RandomPatterns> declaration() {
    using S = SavedCouplings;
    auto const kept = [](S const& s, int count) { return counted(s.save_couplings ? count : 0); };
    return {
        .parameters = {flag("save_couplings", &S::save_couplings, "whether couplings and patterns are stored")},
        .axes = {{"mu", "", "pattern", [kept](S const& s, RandomPatterns const& p) { return kept(s, p.count()); }, true,
                  R"(\mu)"},
                 {"i", "", "neuron", [](S const&, RandomPatterns const& p) { return counted(p.N); }, true, "i"},
                 {"j", "", "neuron", [kept](S const& s, RandomPatterns const& p) { return kept(s, p.N); }, true, "j"}}};
  }
};

}  // namespace hypnos
