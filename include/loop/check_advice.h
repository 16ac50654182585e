/* Advice: what is missing for the people who will meet the loop. */
#ifndef LOOP_CHECK_ADVICE_H
#define LOOP_CHECK_ADVICE_H

#include "loop/rule.h"

rule advice_description, advice_scope, advice_visibility,
    advice_required_inputs, advice_evidence, advice_model;

#endif
