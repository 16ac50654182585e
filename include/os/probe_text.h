/* The requests of os/probe for one text file. */
#ifndef OS_PROBE_TEXT_H
#define OS_PROBE_TEXT_H

#include "os/helper.h"

helper_answer probe_text, probe_put_text;

#endif
