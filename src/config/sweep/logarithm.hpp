// Natural logarithm and exponential of doubles, with the same bits on every machine.
//
// They place the values of a sweep on its scales, and what a sweep tries must not depend on whose maths
// library is linked. So both are fixed sequences of IEEE 754 additions, multiplications and divisions, which
// every compiler that is told not to contract rounds in the same way; no fma, no library calls.
#pragma once

namespace ppo {

/// Of x from 1e-300 to 1e300; the error is below 1e-15, relative or absolute.
double plain_log(double x);

/// Of |x| <= 700; relative error below 1e-15.
double plain_exp(double x);

}  // namespace ppo
