/* Rules of the whole graph: terminals, reach, dead ends. */
#ifndef LOOP_CHECK_FLOW_H
#define LOOP_CHECK_FLOW_H

#include "loop/rule.h"

rule flow_no_terminal, flow_no_transition, flow_terminal_out_of_reach,
    flow_trap, flow_unreachable, flow_terminal_action, flow_mute_failure;

#endif
