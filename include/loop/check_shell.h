/* Rules of shell text that the script compiler does not need to run it. */
#ifndef LOOP_CHECK_SHELL_H
#define LOOP_CHECK_SHELL_H

#include "loop/rule.h"

rule shell_pid, shell_input_command, shell_zero_retry;

#endif
