/* Rounding without libm, whose loading would cost every start. */
#ifndef BASE_ROUND_H
#define BASE_ROUND_H

/* To the nearest whole number, halves away from zero; |x| below 2^62. */
static inline long long
round_near(double x)
{
	return (long long)(x < 0 ? x - 0.5 : x + 0.5);
}

/* Not below x, which is not negative and below 2^62. */
static inline long long
round_up(double x)
{
	long long n = (long long)x;

	return (double)n < x ? n + 1 : n;
}

#endif
