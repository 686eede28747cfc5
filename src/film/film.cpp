#include "film/film.hpp"

#include <cstdio>

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
    const int rows = (count + kColumns - 1) / kColumns;
    return {columns * (kWidth + kGap) - kGap, rows * (kCaption + height + kGap) - kGap};
  }
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
  char text[64];
  std::snprintf(text, sizeof text, "%d %% trained, return %.4g", snapshot.percent, episode.episode_return);
  return text;
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
                 std::span<const float> params, const FilmOptions& options) {
  const Recording recording = record(environment, params, options.play);
  const auto draw = file.extension() == ".png" ? still : gif;
  return draw(environment.info(), recording.footage, options);
}

FilmAndStill film_and_still(const Environment& environment, std::span<const float> params,
                            const FilmOptions& options) {
  const Recording recording = record(environment, params, options.play);
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
    recordings.push_back(record(environment, snapshot.params, options));
  }
  Canvas canvas(grid.size());
  canvas.fill(canvas.whole(), kRule);
  std::vector<Panel> panels;
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
