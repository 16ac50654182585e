/* A line of input, a line of output. */
#include <stdio.h>
#include <string.h>

#include "calc.h"

int
main(void)
{
	struct vars vars = { 0 };
	char line[256], text[32];

	while (fgets(line, sizeof(line), stdin)) {
		const char *why;
		long value;

		line[strcspn(line, "\n")] = '\0';
		if (calc(line, &vars, &value, &why) < 0)
			printf("error: %s\n", why);
		else
			printf("%s\n", num_text(value, text, sizeof(text)));
	}
	return 0;
}
