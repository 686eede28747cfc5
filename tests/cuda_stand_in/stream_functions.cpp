// The runtime's functions about streams and events.
#include "cuda_stand_in/state.hpp"

using ppo::stand_in::hand_out;
using ppo::stand_in::State;
using ppo::stand_in::state;
using ppo::stand_in::take_back;

extern "C" {

cudaError_t cudaStreamCreate(cudaStream_t* stream) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  *stream = hand_out(state().streams, new CUstream_st{.device = state().device});
  return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  *stream = hand_out(state().streams, new CUstream_st{.device = state().device,
                                                      .is_lone = (flags & cudaStreamNonBlocking) != 0});
  return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  stream->finish();
  return take_back(state().streams, stream, __func__);
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  {
    const State::Lock lock;
    if (const cudaError_t error = state().enter(__func__)) return error;
    if (stream == nullptr || !stream->is_lone) {
      state().run_queue();
      return cudaSuccess;
    }
    stream->start();
  }
  stream->finish();
  return state().broken;
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  *event = hand_out(state().events, new CUevent_st);
  return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
  if (state().events.count(event) > 0 && event->pending) state().run_queue();
  return take_back(state().events, event, __func__);
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  event->stream = stream;
  event->pending = true;
  event->recorded = false;
  state().queue_of(*stream).push_back([event] {
    const State::Lock holds;
    event->pending = false;
    event->recorded = true;
    event->at_ms = state().clock_ms;
  });
  return cudaSuccess;
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  if (event->pending && event->stream->is_lone) {
    state().complain("waiting for a kernel that waits for the host");
    return state().refuse(cudaErrorNotSupported);
  }
  state().run_queue([event] { return !event->pending; });
  return cudaSuccess;
}

// What is queued on a stream of its own runs from the first time on that somebody asks.
cudaError_t cudaEventQuery(cudaEvent_t event) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  if (!event->pending) return cudaSuccess;
  if (event->stream->is_lone) event->stream->start();
  return state().refuse(cudaErrorNotReady);
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t begin, cudaEvent_t end) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter("cudaEventElapsedTime")) return error;
  if (!begin->recorded || !end->recorded) return state().refuse(cudaErrorNotReady);
  *milliseconds = static_cast<float>(end->at_ms - begin->at_ms);
  return cudaSuccess;
}

}  // extern "C"
