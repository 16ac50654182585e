/* Rules of calls: does a state give what the loop that it calls takes?  Only
 * where that loop is known at load. */
#ifndef LOOP_CHECK_CALL_H
#define LOOP_CHECK_CALL_H

#include "loop/rule.h"

rule call_parameters, call_context, call_nested;

#endif
