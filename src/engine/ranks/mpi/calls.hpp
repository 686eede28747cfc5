// What this program asks of an MPI: a table of functions, in a module of its own, which alone is linked with
// the MPI's libraries and is loaded only for a job. Loading them takes up to 0.15 s (Open MPI 5 brings 25 of
// them), which a program that nobody has launched as a rank must not pay.
#pragma once

#include <cstdint>
#include <string>

namespace ppo::mpi {

using Communicator = std::int32_t;  // an MPI_Fint: the only handle that all MPIs have alike
using Letter = std::int32_t;        // a message that has been probed and is still to be received

/// Of the table: a program and a module of different versions do not go together.
inline constexpr int kCallsVersion = 1;

/// Each returns MPI's error code, 0 without one.
struct Calls {
  int calls_version;
  int (*start)(int* serves_threads);  // MPI_THREAD_MULTIPLE; errors are returned
  int (*end)();
  int (*version)(char* text, int size);
  int (*explain)(int code, char* text, int size);

  int (*host_name)(char* text, int size);
  int (*rank)(Communicator of, int* rank);
  int (*size)(Communicator of, int* size);
  int (*duplicate_world)(Communicator* to);
  int (*split_by_host)(Communicator of, int key, Communicator* to);
  /// `first` ... `last` of a communicator. All of them have to call it.
  int (*team)(Communicator of, int first, int last, int tag, Communicator* to);
  int (*free)(Communicator* of);

  int (*barrier)(Communicator of);
  int (*gather)(const void* own, int bytes, void* all, Communicator of);
  /// [ranks] parts of `unit_bytes` each, in place.
  int (*gather_parts)(void* all, int unit_bytes, const int* counts, const int* begins, Communicator of);

  int (*send)(const void* bytes, int size, int to, int tag, Communicator over);
  /// Without waiting. size = -1: there is no message.
  int (*probe)(int from, int tag, Communicator over, Letter* letter, int* size);
  int (*receive)(void* bytes, int size, Letter letter);
  /// A byte, without waiting for who receives it.
  int (*send_pulse)(int to, int tag, Communicator over);
};

/// The module's file: beside this program, or where it was installed with it. Empty: there is none.
std::string module_path();

/// What to say then: "this ppo_train has no MPI: ..."
std::string without_module();

/// Loads the module at the first call. Throws Failure(kRunFailed) where its libraries are missing or it is
/// another version's, and Failure(kWrongInput) where there is no module.
const Calls& calls();

}  // namespace ppo::mpi

/// The module's only symbol.
extern "C" [[gnu::visibility("default")]] const ppo::mpi::Calls ppo_mpi_calls;
