/* Rules of `secrets`. */
#ifndef LOOP_CHECK_SECRET_H
#define LOOP_CHECK_SECRET_H

#include "loop/rule.h"

rule secret_unknown, secret_written;

#endif
