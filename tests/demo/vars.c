/* Names and their values, in a small table. */
#include <stdio.h>
#include <string.h>

#include "calc.h"

int
vars_set(struct vars *vars, const char *name, long value)
{
	size_t i = vars->len;

	if (i == VARS_MAX)
		return -1;
	snprintf(vars->at[i].name, sizeof(vars->at[i].name), "%s", name);
	vars->at[i].value = value;
	vars->len++;
	return 0;
}

int
vars_get(const struct vars *vars, const char *name, long *value)
{
	for (size_t i = 0; i < vars->len; i++) {
		if (strcmp(vars->at[i].name, name) == 0) {
			*value = vars->at[i].value;
			return 0;
		}
	}
	return -1;
}
