/*
 * Costs as JSON: whole millionths, and beside them dollars for who reads them
 * as the reference writes them.
 */
#include "cmd/report_cost.h"

#include <limits.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "cmd/report.h"
#include "text/json.h"

static const struct val *
dollars(struct arena *a, const struct val *micro)
{
	return micro->kind == VAL_INT ? val_real(a, (double)micro->i / 1e6)
				      : val_null(a);
}

const struct val *
cost_val(struct arena *a, const struct val *v)
{
	struct val *out;

	if (!v || (v->kind != VAL_MAP && v->kind != VAL_LIST))
		return v;
	if (v->kind == VAL_LIST) {
		out = val_list(a);
		for (size_t i = 0; i < v->list.len; i++)
			val_push(a, out, cost_val(a, v->list.at[i]));
		return out;
	}
	out = val_map(a);
	for (size_t i = 0; i < v->map.len; i++) {
		const struct member *m = &v->map.at[i];

		val_set(a, out, m->key, cost_val(a, m->v));
		if (strcmp(m->key, "cost_micro_usd") == 0)
			val_set(a, out, "cost_usd", dollars(a, m->v));
	}
	return out;
}

const struct val *
cost_totals(struct arena *a, const struct ledger *l)
{
	const struct val *all = ledger_val(a, l, 0);

	return all ? cost_val(a, val_get(all, "totals")) : NULL;
}

int
cost_file_put(struct args *args, const char *root, const char *run,
    const char *path, struct err *e)
{
	struct arena *a = args->mem;
	auto_str json = STR_INIT;
	const struct val *spent;
	struct run_info info;

	if (report_open(args, root, run, &info, e) < 0)
		return -1;
	spent = cost_val(a, ledger_val(a, &info.point.ledger, SIZE_MAX));
	if (spent)
		json_write(&json, spent, JSON_PRETTY);
	run_info_release(&info);
	if (!spent)
		return 0;
	str_addc(&json, '\n');
	if (file_mkdirs(path_dir(a, path), 0777, e) < 0 ||
	    file_put(path, json.buf, json.len, 0666, e) < 0)
		return err_wrap(e, "--cost-output-json");
	return 0;
}
