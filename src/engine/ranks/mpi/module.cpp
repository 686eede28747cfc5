// The module: the table of calls, over the MPI of the build.
#include <mpi.h>

#include <array>
#include <cstring>

#include "engine/ranks/mpi/calls.hpp"

namespace ppo::mpi {
namespace {

constexpr char kPulse = 0;

MPI_Comm of(Communicator handle) {
  return MPI_Comm_f2c(handle);
}

/// What call(text, &length) writes into at most `Size` characters, as much as there is room for.
template <int Size, class Call>
int read_text(Call call, char* text, int size) {
  std::array<char, Size> all{};
  int length = 0;
  const int result = call(all.data(), &length);
  std::strncpy(text, all.data(), static_cast<std::size_t>(size - 1));
  text[size - 1] = '\0';
  return result;
}

int start(int* serves_threads) {
  int provided = 0;
  const int result = MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &provided);
  if (result != MPI_SUCCESS) return result;
  *serves_threads = provided == MPI_THREAD_MULTIPLE ? 1 : 0;
  return MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
}

int version(char* text, int size) {
  return read_text<MPI_MAX_LIBRARY_VERSION_STRING>(MPI_Get_library_version, text, size);
}

int explain(int code, char* text, int size) {
  const auto call = [=](char* all, int* length) { return MPI_Error_string(code, all, length); };
  return read_text<MPI_MAX_ERROR_STRING>(call, text, size);
}

int host_name(char* text, int size) {
  return read_text<MPI_MAX_PROCESSOR_NAME>(MPI_Get_processor_name, text, size);
}

int rank(Communicator among, int* rank) {
  return MPI_Comm_rank(of(among), rank);
}

int size(Communicator among, int* size) {
  return MPI_Comm_size(of(among), size);
}

int duplicate_world(Communicator* to) {
  MPI_Comm made = MPI_COMM_NULL;
  const int result = MPI_Comm_dup(MPI_COMM_WORLD, &made);
  *to = MPI_Comm_c2f(made);
  return result;
}

int split_by_host(Communicator whole, int key, Communicator* to) {
  MPI_Comm made = MPI_COMM_NULL;
  const int result = MPI_Comm_split_type(of(whole), MPI_COMM_TYPE_SHARED, key, MPI_INFO_NULL, &made);
  *to = MPI_Comm_c2f(made);
  return result;
}

int team(Communicator whole, int first, int last, int tag, Communicator* to) {
  MPI_Group all = MPI_GROUP_NULL;
  MPI_Group members = MPI_GROUP_NULL;
  MPI_Comm made = MPI_COMM_NULL;
  int range[1][3] = {{first, last, 1}};
  int result = MPI_Comm_group(of(whole), &all);
  if (result == MPI_SUCCESS) result = MPI_Group_range_incl(all, 1, range, &members);
  if (result == MPI_SUCCESS) result = MPI_Comm_create_group(of(whole), members, tag, &made);
  if (members != MPI_GROUP_NULL) MPI_Group_free(&members);
  if (all != MPI_GROUP_NULL) MPI_Group_free(&all);
  *to = MPI_Comm_c2f(made);
  return result;
}

int free_communicator(Communicator* handle) {
  MPI_Comm communicator = of(*handle);
  const int result = MPI_Comm_free(&communicator);
  *handle = MPI_Comm_c2f(communicator);
  return result;
}

int barrier(Communicator of_all) {
  return MPI_Barrier(of(of_all));
}

int gather(const void* own, int bytes, void* all, Communicator over) {
  return MPI_Allgather(own, bytes, MPI_BYTE, all, bytes, MPI_BYTE, of(over));
}

int gather_parts(void* all, int unit_bytes, const int* counts, const int* begins, Communicator over) {
  MPI_Datatype unit = MPI_DATATYPE_NULL;
  int result = MPI_Type_contiguous(unit_bytes, MPI_BYTE, &unit);
  if (result == MPI_SUCCESS) result = MPI_Type_commit(&unit);
  if (result == MPI_SUCCESS)
    result = MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all, counts, begins, unit, of(over));
  if (unit != MPI_DATATYPE_NULL) MPI_Type_free(&unit);
  return result;
}

int send(const void* bytes, int size, int to, int tag, Communicator over) {
  return MPI_Send(bytes, size, MPI_BYTE, to, tag, of(over));
}

int probe(int from, int tag, Communicator over, Letter* letter, int* size) {
  int is_there = 0;
  MPI_Message message = MPI_MESSAGE_NULL;
  MPI_Status status;
  const int result = MPI_Improbe(from, tag, of(over), &is_there, &message, &status);
  *size = -1;
  if (result != MPI_SUCCESS || is_there == 0) return result;
  *letter = MPI_Message_c2f(message);
  return MPI_Get_count(&status, MPI_BYTE, size);
}

int receive(void* bytes, int size, Letter letter) {
  MPI_Message message = MPI_Message_f2c(letter);
  return MPI_Mrecv(bytes, size, MPI_BYTE, &message, MPI_STATUS_IGNORE);
}

int send_pulse(int to, int tag, Communicator over) {
  MPI_Request request = MPI_REQUEST_NULL;
  const int result = MPI_Isend(&kPulse, 1, MPI_BYTE, to, tag, of(over), &request);
  if (request != MPI_REQUEST_NULL) MPI_Request_free(&request);
  return result;
}

}  // namespace
}  // namespace ppo::mpi

extern "C" constinit const ppo::mpi::Calls ppo_mpi_calls = {
    .calls_version = ppo::mpi::kCallsVersion,
    .start = ppo::mpi::start,
    .end = MPI_Finalize,
    .version = ppo::mpi::version,
    .explain = ppo::mpi::explain,
    .host_name = ppo::mpi::host_name,
    .rank = ppo::mpi::rank,
    .size = ppo::mpi::size,
    .duplicate_world = ppo::mpi::duplicate_world,
    .split_by_host = ppo::mpi::split_by_host,
    .team = ppo::mpi::team,
    .free = ppo::mpi::free_communicator,
    .barrier = ppo::mpi::barrier,
    .gather = ppo::mpi::gather,
    .gather_parts = ppo::mpi::gather_parts,
    .send = ppo::mpi::send,
    .probe = ppo::mpi::probe,
    .receive = ppo::mpi::receive,
    .send_pulse = ppo::mpi::send_pulse,
};
