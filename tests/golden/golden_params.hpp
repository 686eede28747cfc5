// Parameters by tensor name, as the golden files hold them, in the one array of a Layout.
#pragma once

#include "golden/golden_file.hpp"
#include "ppo/network.hpp"

namespace ppo::golden {

struct Tensor {
  std::string name;
  int offset;
  int size;
};

template <class Net>
void append_tensors(const std::string& network, int base, std::vector<Tensor>& all) {
  all.push_back({network + ".l1.w", base + Net::l1_w, Net::O * Net::H});
  all.push_back({network + ".l1.b", base + Net::l1_b, Net::H});
  all.push_back({network + ".l2.w", base + Net::l2_w, Net::H * Net::H});
  all.push_back({network + ".l2.b", base + Net::l2_b, Net::H});
  all.push_back({network + ".head.w", base + Net::head_w, Net::H * Net::Out});
  all.push_back({network + ".head.b", base + Net::head_b, Net::Out});
}

template <class Layout>
std::vector<Tensor> tensors() {
  std::vector<Tensor> all;
  append_tensors<typename Layout::Actor>("actor", Layout::actor, all);
  append_tensors<typename Layout::Critic>("critic", Layout::critic, all);
  return all;
}

/// All tensors of `named` in layout order.
template <class Layout, class Real = double>
std::vector<Real> flatten(const Json& named) {
  std::vector<Real> params(Layout::size);
  for (const Tensor& tensor : tensors<Layout>()) {
    const std::vector<Real> values = numbers<Real>(named.at(tensor.name));
    if (values.size() != static_cast<std::size_t>(tensor.size)) {
      throw std::runtime_error("the golden tensor " + tensor.name + " has another size");
    }
    std::copy(values.begin(), values.end(), params.begin() + tensor.offset);
  }
  return params;
}

template <class Real>
std::vector<Real> slice(const std::vector<Real>& params, const Tensor& tensor) {
  const auto begin = params.begin() + tensor.offset;
  return std::vector<Real>(begin, begin + tensor.size);
}

}  // namespace ppo::golden
