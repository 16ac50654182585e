/* Rules of one state's routes: which verdicts lead somewhere. */
#ifndef LOOP_CHECK_ROUTE_H
#define LOOP_CHECK_ROUTE_H

#include "loop/rule.h"

rule route_twice, route_no_default, route_unrouted, route_unrouted_error,
    route_judge_dead_end;

#endif
