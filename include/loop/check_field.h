/* Rules of fields: what is no template, what only some states know. */
#ifndef LOOP_CHECK_FIELD_H
#define LOOP_CHECK_FIELD_H

#include "loop/rule.h"

rule field_no_template, field_param;

#endif
