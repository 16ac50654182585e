/* Sizes as text: "0 B", "1023 B", "1.5 KiB", "12 MiB", "5.2 GiB". */
#ifndef SHOW_BYTES_H
#define SHOW_BYTES_H

#define BYTES_TEXT 32
/* Returns `out`. */
const char *bytes_text(long long bytes, char out[BYTES_TEXT]);

#endif
