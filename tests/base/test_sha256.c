/* The examples of FIPS 180-4 and of NIST's CAVP short messages, and every
 * length around the edge of a block. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/sha256.h"
#include "base/str.h"
#include "test.h"

static void
expect(const void *p, size_t n, const char *want)
{
	unsigned char sum[SHA256_LEN];
	auto_str hex = STR_INIT;

	sha256(p, n, sum);
	for (int i = 0; i < SHA256_LEN; i++)
		str_addf(&hex, "%02x", sum[i]);
	cr_expect_str_eq(hex.buf, want, "%zu bytes: %s", n, hex.buf);
}

TEST(sha256, published_vectors)
{
	static const struct {
		const char *text, *sum;
	} rows[] = {
		{ "",
		    "e3b0c44298fc1c149afbf4c8996fb924"
		    "27ae41e4649b934ca495991b7852b855" },
		{ "abc",
		    "ba7816bf8f01cfea414140de5dae2223"
		    "b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039"
		    "a33ce45964ff2167f6ecedd419db06c1" },
		{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
		  "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		    "cf5b16a778af8380036ce59e7b049237"
		    "0b249b11e8f07a51afac45037afee9d1" },
		{ "\xd3",
		    "28969cdfa74a12c82f3bad960b0b000a"
		    "ca2ac329deea5c2328ebc6f2ba9802c1" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		expect(rows[i].text, strlen(rows[i].text), rows[i].sum);
}

TEST(sha256, a_million_letters)
{
	enum { N = 1000000 };
	auto_free char *p = malloc(N);

	cr_assert_not_null(p);
	memset(p, 'a', N);
	expect(p, N,
	    "cdc76e5c9914fb9281a1c7e284d73e67"
	    "f1809a48a497200e046d39ccc7112cd0");
}

/* The sums of 0 to 130 zero bytes, one after the other, summed. */
TEST(sha256, every_length_around_a_block)
{
	enum { N = 131 };
	unsigned char zero[N] = { 0 }, sums[N * SHA256_LEN];

	for (size_t n = 0; n < N; n++)
		sha256(zero, n, sums + n * SHA256_LEN);
	expect(sums, sizeof(sums),
	    "d6e99a52e4f306ac462a8669cfa9744f"
	    "c9ac0cd54f1c1c92b91d2e3257397ead");
}
