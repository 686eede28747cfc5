// The valley of both mountain cars (Moore 1990): how a car moves in it, and what it looks like. A car too
// weak to climb the right hill has to swing back and forth. Gymnasium's units are their own: neither metres
// nor seconds are defined; a step is the unit of time, and the valley is 1.8 units wide.
#pragma once

#include "ppo/action.hpp"
#include "ppo/env.hpp"
#include "ppo/numerics.hpp"

namespace ppo {

template <class Real>
struct Mountain {
  static constexpr int kObservationSize = 2;

  struct State {
    Real position;  // to the right; the bottom of the valley is at -pi/6 [units]
    Real velocity;  // [units/step]
  };

  static constexpr auto kMinPosition = static_cast<Real>(-1.2);  // here a wall stops the car [units]
  static constexpr auto kMaxPosition = static_cast<Real>(0.6);   // [units]
  static constexpr auto kMaxSpeed = static_cast<Real>(0.07);     // [units/step]
  static constexpr auto kGravity =
      static_cast<Real>(0.0025);  // where cos(3 position), the slope, is 1 [units/step^2]

  PPO_HD static State reset(Draws& draws) {
    return {draws.uniform(static_cast<Real>(-0.6), static_cast<Real>(-0.4)), Real(0)};
  }

  PPO_HD static void observe(const State& state, Real* obs) {
    obs[0] = state.position;
    obs[1] = state.velocity;
  }

  // Drawn as by Gymnasium: 600 x 400 pixels show the whole valley.
  static constexpr View kView{.left = -1.2F, .right = 0.6F, .bottom = 0.0F, .top = 1.2F};
  static constexpr float kStepSeconds = 1.0F / 30;  // as fast as Gymnasium shows it

 protected:
  /// One step with the engine's `push` [units/step^2].
  PPO_HD static void roll(State& state, Real push) {
    state.velocity =
        clamp(state.velocity + (push - kGravity * cos(3 * state.position)), -kMaxSpeed, kMaxSpeed);
    state.position = clamp(state.position + state.velocity, kMinPosition, kMaxPosition);
    if (state.position == kMinPosition && state.velocity < 0) state.velocity = 0;
  }

  PPO_HD static bool is_at(const State& state, Real goal) {
    return state.position >= goal && state.velocity >= 0;
  }

  static void draw(const State& state, Real goal, Scene& scene) {
    constexpr Colour kWheel{128, 128, 128};
    constexpr Colour kFlag{204, 204, 0};
    constexpr float kPixel = 1.8F / 600;
    constexpr float kCarWidth = 40 * kPixel;
    constexpr float kCarHeight = 20 * kPixel;
    constexpr float kClearance = 10 * kPixel;  // of the car's bottom above the ground
    draw_ground(1.5F * kPixel, scene);

    const auto x = static_cast<float>(state.position);
    const Point bottom{x, height(x) + kClearance};
    const float angle = std::cos(3 * x);  // [rad]; so Gymnasium tilts it, though the slope is 1.35 times that
    const float c = std::cos(angle);
    const float s = std::sin(angle);
    const float half = kCarHeight / 2;
    scene.box(kBlack, {bottom.x - half * s, bottom.y + half * c}, kCarWidth, kCarHeight, angle);
    for (const float along : {-kCarWidth / 4, kCarWidth / 4}) {
      scene.disc(kWheel, {bottom.x + along * c, bottom.y + along * s}, 8 * kPixel);
    }

    const auto flag_x = static_cast<float>(goal);
    const float foot = height(flag_x);
    const float top = foot + 50 * kPixel;
    scene.line(kBlack, {flag_x, foot}, {flag_x, top}, 1.5F * kPixel);
    scene.polygon(kFlag,
                  {{flag_x, top}, {flag_x, top - 10 * kPixel}, {flag_x + 25 * kPixel, top - 5 * kPixel}});
  }

 private:
  static float height(float x) { return 0.45F * std::sin(3 * x) + 0.55F; }

  /// With so many points that the line is nowhere more than a seventh of a pixel off.
  static void draw_ground(float width, Scene& scene) {
    constexpr int kPieces = 63;
    Point points[kPieces + 1];
    for (int i = 0; i <= kPieces; ++i) {
      const float x = kView.left + (kView.right - kView.left) * static_cast<float>(i) / kPieces;
      points[i] = {x, height(x)};
    }
    scene.curve(kBlack, points, width);
  }
};

}  // namespace ppo
