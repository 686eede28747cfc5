#include "film/film.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "engine/engine.hpp"
#include "engine/evaluator.hpp"
#include "film/caption.hpp"
#include "film/footage.hpp"
#include "film/panels.hpp"
#include "film/png.hpp"

namespace ppo {
namespace {

/// Where the pictures of a training film lie: two columns of cells, a caption on top of each.
struct Grid {
  static constexpr int kColumns = 2;
  static constexpr int kWidth = 320;  // of a cell [pixels]
  static constexpr int kCaption = 28;
  static constexpr int kGap = 4;

  int height;  // of a picture
  int count;

  ImageSize size() const {
    const int columns = count < kColumns ? count : kColumns;
    const int rows = cells() / kColumns;
    return {columns * (kWidth + kGap) - kGap, rows * (kCaption + height + kGap) - kGap};
  }
  int cells() const { return (count + kColumns - 1) / kColumns * kColumns; }
  Rect caption(int cell) const {
    const int left = cell % kColumns * (kWidth + kGap);
    const int top = cell / kColumns * (kCaption + height + kGap);
    return {left, top, left + kWidth, top + kCaption};
  }
  Rect picture(int cell) const {
    const Rect above = caption(cell);
    return {above.left, above.bottom, above.right, above.bottom + height};
  }
};

/// "10 % trained, return 43"
std::string caption_of(const Snapshot& snapshot, const EpisodeResult& episode) {
  const int digits = snapshot.percent > 0 && snapshot.percent < 1 ? 2 : 3;
  return fmt::format("{:.{}g} % trained, return {:.4g}", snapshot.percent, digits, episode.episode_return);
}

/// The episode with the median return of several: one alone may be luck.
Recording record_median(const Environment& environment, const TrainedPolicy& policy, EvalOptions options) {
  std::array<std::int64_t, 9> order;
  std::iota(order.begin(), order.end(), 0);
  options.episodes = order.size();
  Evaluator evaluator(choose_level(environment).loops, policy.hyper, 1);
  const auto episodes = evaluator.play({&policy, 1}, options).front();
  std::ranges::sort(order, {}, [&](std::int64_t i) {
    return std::pair(episodes[static_cast<std::size_t>(i)].episode_return, i);
  });
  options.first_episode = order[order.size() / 2];
  options.episodes = 1;
  return record(environment, policy, options);
}

std::string gif(const EnvironmentInfo& environment, const Footage& footage, const FilmOptions& options) {
  Canvas canvas(options.size);
  Panels panels(environment, {{&footage, canvas.whole()}});
  return animate(environment, std::move(panels), std::move(canvas), {.quiet = options.quiet});
}

/// The moment in the middle.
std::string still(const EnvironmentInfo& environment, const Footage& footage, const FilmOptions& options) {
  Canvas canvas(options.size);
  Panels panels(environment, {{&footage, canvas.whole()}});
  panels.draw(panels.length() / 2, canvas);
  return png(canvas);
}

}  // namespace

std::string film(const std::filesystem::path& file, const Environment& environment,
                 const TrainedPolicy& policy, const FilmOptions& options) {
  const Recording recording = record(environment, policy, options.play);
  const auto draw = file.native().ends_with(".png") ? still : gif;
  return draw(environment.info(), recording.footage, options);
}

FilmAndStill film_and_still(const Environment& environment, const TrainedPolicy& policy,
                            const FilmOptions& options) {
  const Recording recording = record(environment, policy, options.play);
  return {gif(environment.info(), recording.footage, options),
          still(environment.info(), recording.footage, options)};
}

std::string training_film(const Environment& environment, std::span<const Snapshot> snapshots,
                          const EvalOptions& options) {
  constexpr Colour kPaper{255, 255, 255};
  constexpr Colour kInk{40, 40, 40};
  constexpr Colour kRule{160, 160, 160};
  const View& view = environment.info().view;
  const float aspect = (view.top - view.bottom) / (view.right - view.left);
  const Grid grid{static_cast<int>(Grid::kWidth * aspect), static_cast<int>(snapshots.size())};

  std::vector<Recording> recordings;
  for (const Snapshot& snapshot : snapshots) {
    recordings.push_back(record_median(environment, snapshot.policy, options));
  }
  Canvas canvas(grid.size());
  canvas.fill(canvas.whole(), kRule);
  std::vector<Panel> panels;
  for (int cell = grid.count; cell < grid.cells(); ++cell) {
    canvas.fill(grid.caption(cell), kPaper);
    canvas.fill(grid.picture(cell), kPaper);
  }
  for (int cell = 0; cell < grid.count; ++cell) {
    const auto i = static_cast<std::size_t>(cell);
    panels.push_back({&recordings[i].footage, grid.picture(cell)});
    canvas.fill(grid.caption(cell), kPaper);
    caption(canvas, grid.caption(cell), caption_of(snapshots[i], recordings[i].episodes.front()), kInk);
  }
  return animate(environment.info(), Panels(environment.info(), std::move(panels)), std::move(canvas),
                 {.more_colours = {kPaper, kInk, kRule}, .hold = 200});
}

}  // namespace ppo
