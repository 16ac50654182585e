#include "findings.h"

#define STATES                                                             \
	"  a: {action: 'echo ${context.used} ${env.in_env}', next: end}\n" \
	"  end: {terminal: true}\n"

TEST(check_secret, tells_of_names_that_hide_nothing)
{
	static const struct {
		struct finding_row row;
		const char *top;
	} rows[] = {
		{ { "known", STATES, "" },
		    "context: {used: '', own: ''}\ninput_key: input\n"
		    "required_inputs: [input, asked]\n"
		    "secrets: [used, own, input, asked, in_env, API_KEY, "
		    "_X9]\n" },
		{ { "unknown", STATES, "W521 secrets\nW521 secrets\n" },
		    "context: {used: ''}\nsecrets: [usd, used, 9KEY]\n" },
		{ { "none", STATES, "" }, "context: {used: x}\n" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		expect_findings(&rows[i].row, rows[i].top);
}

TEST(check_secret, tells_of_values_in_the_file)
{
	static const struct {
		struct finding_row row;
		const char *top;
	} rows[] = {
		{ { "text", STATES, "W522 context\n" },
		    "context: {used: 'x'}\nsecrets: [used]\n" },
		{ { "in a list", STATES, "W522 context\n" },
		    "context: {used: [{a: 7}]}\nsecrets: [used]\n" },
		{ { "nothing there", STATES, "" },
		    "context: {used: [true, '', null]}\nsecrets: [used]\n" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		expect_findings(&rows[i].row, rows[i].top);
}
