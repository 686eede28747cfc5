#include "run/policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "config/options.hpp"
#include "run/statistics.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

/// The parameters' tensors in the order of ppo/network.hpp's Layout.
std::vector<TensorPlace> parameter_places(const EnvironmentInfo& environment, const Sizes& sizes) {
  const Layout layout = environment.layout(sizes.hidden_size);
  const std::int64_t O = layout.O;
  const std::int64_t H = layout.H;
  std::vector<TensorPlace> places;
  for (const auto& [net, outputs] : {std::pair<std::string, std::int64_t>{"actor", layout.outputs},
                                     std::pair<std::string, std::int64_t>{"critic", 1}}) {
    places.push_back({net + ".l1.w", Dtype::f32, {O, H}});
    places.push_back({net + ".l1.b", Dtype::f32, {H}});
    places.push_back({net + ".l2.w", Dtype::f32, {H, H}});
    places.push_back({net + ".l2.b", Dtype::f32, {H}});
    places.push_back({net + ".head.w", Dtype::f32, {H, outputs}});
    places.push_back({net + ".head.b", Dtype::f32, {outputs}});
  }
  if (layout.extra > 0) places.push_back({"actor.log_std", Dtype::f32, {layout.extra}});
  return places;
}

/// All tensors of the file: the parameters', then the statistics'.
std::vector<TensorPlace> policy_places(const Config& config) {
  const EnvironmentInfo& environment = find_environment(config.env)->info();
  std::vector<TensorPlace> places = parameter_places(environment, config.hyper);
  for (const Statistics& some : statistics_of(environment, config.hyper)) {
    const auto size = static_cast<std::int64_t>(some.end - some.begin);
    places.push_back({std::string(some.name) + ".count", Dtype::i64, {size}});
    places.push_back({std::string(some.name) + ".mean", Dtype::f64, {size}});
    places.push_back({std::string(some.name) + ".m2", Dtype::f64, {size}});
  }
  for (TensorPlace& place : places) {
    if (config.num_seeds > 1) place.shape.insert(place.shape.begin(), config.num_seeds);
  }
  return places;
}

/// One agent's numbers of a tensor: a place in the image [bytes], and how many.
struct Part {
  std::size_t begin;
  std::size_t count;
};

Part part_of(const TensorPlace& place, std::size_t number_size, std::size_t k, std::size_t K) {
  const std::size_t size = place.size / K;
  return {place.begin + k * size, size / number_size};
}

template <class Number>
std::vector<Number> get_part(const SafeTensorsImage& image, const TensorPlace& place, std::size_t k,
                             std::size_t K) {
  const Part part = part_of(place, sizeof(Number), k, K);
  std::vector<Number> numbers(part.count);
  get(image, part.begin, std::span(numbers));
  return numbers;
}

void put_policy(SafeTensorsImage& image, const EnvironmentInfo& environment, const TrainedPolicy& policy,
                std::size_t k, std::size_t K) {
  std::size_t tensor = 0;
  for (std::span<const float> rest = policy.params; !rest.empty(); ++tensor) {
    const Part part = part_of(image.tensors[tensor], sizeof(float), k, K);
    put(image, part.begin, rest.first(part.count));
    rest = rest.subspan(part.count);
  }
  const auto put_number = [&](std::size_t i, auto number) {
    const Part part = part_of(image.tensors[tensor++], sizeof number, k, K);
    put<decltype(number)>(image, part.begin + i * sizeof number, {&number, 1});
  };
  for (const Statistics& some : statistics_of(environment, policy.hyper)) {
    const std::size_t first = tensor;
    for (std::size_t i = some.begin; i < some.end; ++i) {
      tensor = first;
      put_number(i - some.begin, policy.moments[i].count);
      put_number(i - some.begin, policy.moments[i].mean);
      put_number(i - some.begin, policy.moments[i].m2);
    }
  }
}

/// Reads the tensors of a file that are expected, by name.
class PolicyReader {
 public:
  PolicyReader(const SafeTensorsImage& image, const std::string& file, std::size_t num_agents,
               const char* config_name)
      : image_(image), file_(file), K_(num_agents), config_name_(config_name) {}

  void check_environment(std::string_view name) const {
    const auto env = image_.metadata.find("env");
    if (env == image_.metadata.end() || env->second == name) return;
    throw Failure(kWrongInput, printable(file_) + ": a policy for " + quote(env->second) + ", but " +
                                   config_name_ + " has env = \"" + std::string(name) + '"');
  }

  const TensorPlace& find(const TensorPlace& expected) const {
    const auto found = std::ranges::find(image_.tensors, expected.name, &TensorPlace::name);
    if (found == image_.tensors.end()) refuse(expected.name, "is missing");
    if (found->dtype != expected.dtype) refuse(expected.name, "holds another kind of numbers");
    if (found->shape != expected.shape) refuse(expected.name, "has another shape");
    return *found;
  }

  template <class Number>
  std::vector<Number> numbers(const TensorPlace& place, std::size_t k) const {
    std::vector<Number> all = get_part<Number>(image_, place, k, K_);
    if (std::ranges::all_of(all, [](Number number) { return std::isfinite(static_cast<double>(number)); })) {
      return all;
    }
    throw Failure(kWrongInput, printable(file_) + ": tensor " + place.name +
                                   " holds a number that is not finite; nothing can act on it");
  }

  [[noreturn]] void refuse(const char* statistics, const Moments<double>& moments) const {
    throw Failure(
        kWrongInput,
        printable(file_) + fmt::format(": damaged: {} has a count of {} with mean {} and m2 {}, which "
                                       "no numbers have",
                                       statistics, moments.count, moments.mean, moments.m2));
  }

  [[noreturn]] void refuse(const std::string& tensor, const char* problem) const {
    throw Failure(kWrongInput, printable(file_) + ": tensor " + tensor + ' ' + problem +
                                   "; the policy does not fit " + config_name_);
  }

 private:
  const SafeTensorsImage& image_;
  const std::string& file_;
  std::size_t K_;
  std::string config_name_;
};

void read_statistics(const PolicyReader& reader, std::span<const TensorPlace> places, const Statistics& some,
                     std::size_t k, TrainedPolicy& policy) {
  const auto count = reader.numbers<std::int64_t>(reader.find(places[0]), k);
  const auto mean = reader.numbers<double>(reader.find(places[1]), k);
  const auto m2 = reader.numbers<double>(reader.find(places[2]), k);
  for (std::size_t i = 0; i < count.size(); ++i) {
    const Moments<double> moments{count[i], mean[i], m2[i]};
    if (!can_be_counted(moments, some.largest)) reader.refuse(some.name, moments);
    policy.moments[some.begin + i] = moments;
  }
}

}  // namespace

std::vector<Tensor> policy_tensors(const EnvironmentInfo& environment, const TrainedPolicy& policy) {
  std::vector<Tensor> tensors;
  std::span<const float> params = policy.params;
  for (TensorPlace& place : parameter_places(environment, policy.hyper)) {
    const auto data = params.first(byte_size(place) / sizeof(float));
    tensors.push_back({std::move(place.name), std::move(place.shape), {data.begin(), data.end()}});
    params = params.subspan(data.size());
  }
  return tensors;
}

std::string policy_file(const Config& config, const PolicyOf& policy_of,
                        std::map<std::string, std::string> metadata) {
  const EnvironmentInfo& environment = find_environment(config.env)->info();
  metadata["format"] = kPolicyFormat;
  metadata["seed"] = std::to_string(config.hyper.seed);
  metadata["num_seeds"] = std::to_string(config.num_seeds);
  metadata["numerics_version"] = std::to_string(kNumericsVersion);
  for (const char* key : kPolicyKeys) metadata[key] = bare_text(config, *find_option(key));
  SafeTensorsImage image = lay_out(policy_places(config), std::move(metadata));
  const auto K = static_cast<std::size_t>(config.num_seeds);
  for (std::size_t k = 0; k < K; ++k) {
    put_policy(image, environment, policy_of(static_cast<std::int64_t>(k)), k, K);
  }
  return std::move(image.bytes);
}

std::string best_policy_file(const Config& config, const std::vector<std::optional<BestPolicy>>& best) {
  if (!std::ranges::all_of(best, [](const auto& one) { return one.has_value(); })) return "";
  return policy_file(config, [&](std::int64_t k) { return best[static_cast<std::size_t>(k)]->policy; });
}

std::vector<TrainedPolicy> parse_policy(const SafeTensorsImage& image, const std::string& file,
                                        const Config& config, const char* config_name) {
  const EnvironmentInfo& environment = find_environment(config.env)->info();
  const auto K = static_cast<std::size_t>(config.num_seeds);
  const PolicyReader reader(image, file, K, config_name);
  reader.check_environment(environment.name);
  const std::vector<TensorPlace> places = policy_places(config);
  const std::size_t parameters = parameter_places(environment, config.hyper).size();
  const auto statistics = statistics_of(environment, config.hyper);
  for (const TensorPlace& place : places) reader.find(place);
  std::vector<TrainedPolicy> policies(K);
  for (std::size_t k = 0; k < K; ++k) {
    TrainedPolicy& policy = policies[k];
    policy.hyper = config.hyper;
    for (std::size_t i = 0; i < parameters; ++i) {
      const auto numbers = reader.numbers<float>(reader.find(places[i]), k);
      policy.params.insert(policy.params.end(), numbers.begin(), numbers.end());
    }
    if (normalises(config.hyper)) {
      policy.moments.resize(static_cast<std::size_t>(environment.observation_size) + 1);
    }
    for (std::size_t s = 0; s < statistics.size(); ++s) {
      read_statistics(reader, std::span(places).subspan(parameters + 3 * s, 3), statistics[s], k, policy);
    }
  }
  return policies;
}

std::size_t most_policy_bytes(const Config& config) {
  std::size_t most_bytes = sizeof(std::uint64_t) + kMostHeaderBytes;
  for (const TensorPlace& place : policy_places(config)) most_bytes += byte_size(place);
  return most_bytes;
}

std::vector<TrainedPolicy> read_policy(const std::filesystem::path& file, const Config& config) {
  return parse_policy(read_image(file, "policy", most_policy_bytes(config)), file.native(), config);
}

}  // namespace ppo
