/* Durations as text: "0.3s", "59.9s", "1m 5s", "2h 0m 7s", "3d 4h". */
#ifndef SHOW_SPAN_H
#define SHOW_SPAN_H

#define SPAN_TEXT 48
/* Returns `out`. A negative duration is shown as none. */
const char *span_text(long long ms, char out[SPAN_TEXT]);
/* Whole seconds in as few words as there are: "90s" is "1m 30s", "1h". */
const char *span_short(long long seconds, char out[SPAN_TEXT]);
/* The same without tenths: "0s", "59s". */
const char *span_whole(long long ms, char out[SPAN_TEXT]);

#endif
