// For programs that have libstdc++ in them (PPO_ONE_FILE): it refers to arc4random for std::random_device,
// and glibc has that from 2.36 on only. With this one they run on 2.35, too. Others take glibc's.
#include <sys/random.h>

#include <exception>

extern "C" unsigned int arc4random() {
  unsigned int number = 0;
  if (::getrandom(&number, sizeof number, 0) != sizeof number) std::terminate();  // as glibc's does
  return number;
}
