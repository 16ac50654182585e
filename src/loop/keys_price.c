/*
 * The keys of a price table: what tokens of a model cost where the host does
 * not say it.
 */
#include "loop/keys_row.h"

static const struct key keys_prices_rows[] = {
	PART("prices", KT_OBJECTS, KEY_ACTED, "price",
	    "Prices; the first that fits a model and a day counts."),
};

TABLE(keys_prices, "prices");

static const struct key keys_price_rows[] = {
	ROW("model", KT_TEXT, KEY_ACTED, "",
	    "The model's name; with a * behind it, how names begin."),
	NUM("input", KT_NUMBER, KEY_ACTED, 0, 1e6, "",
	    "US dollars for a million tokens of input."),
	NUM("output", KT_NUMBER, KEY_ACTED, 0, 1e6, "", "The same of output."),
	NUM("cache_read", KT_NUMBER, KEY_ACTED, 0, 1e6, "",
	    "The same of input that comes from a cache."),
	NUM("cache_write", KT_NUMBER, KEY_ACTED, 0, 1e6, "",
	    "The same of input that goes into a cache."),
	ROW("from", KT_TEXT, KEY_ACTED, "", "The first day of the price."),
	ROW("until", KT_TEXT, KEY_ACTED, "", "Its last day."),
};

TABLE(keys_price, "price");
